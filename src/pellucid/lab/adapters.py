"""Adapters from a recorded run to what the evaluation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.datasets import stratified_split
from pellucid.errors import DataError
from pellucid.evaluation import Generalisation, predictions_of, read_curves
from pellucid.evaluation.pitfalls import multiply
from pellucid.runs.preparation import prepare

if TYPE_CHECKING:
    from pellucid.engine.images import ScaledImages
    from pellucid.evaluation import Predictions
    from pellucid.evaluation.pitfalls import SingleLayer
    from pellucid.models import Sequential
    from pellucid.report.rundata import RunData


def predictions(run: RunData) -> Predictions:
    """Return a run's predictions for the test images."""
    if run.predictions is None:
        return predictions_of(run.info.name, None, None)  # raises
    return predictions_of(run.info.name, run.predictions.labels, run.predictions.probabilities.astype(float))


def halves(run: RunData, seed: int = 0) -> tuple[Predictions, Predictions]:
    """Return the test predictions in two halves with the same share of each class.

    A threshold is chosen on the first half and evaluated on the second.
    """
    whole = predictions(run)
    first, second = stratified_split(whole.labels, 0.5, seed, purpose="threshold")
    halved = [
        predictions_of(whole.name, whole.labels[part], whole.probabilities[part]) for part in (first, second)
    ]
    return halved[0], halved[1]


def generalisation(run: RunData) -> Generalisation:
    """Return what a run's curves say about generalisation."""
    dataset = run.configuration.dataset
    return read_curves(
        run.history.columns(), n_train=dataset.sampled, n_validation=dataset.counts.validation or 0
    )


def network_inputs(run: RunData) -> ScaledImages:
    """Return the test images of a run's experiment as its network takes them, (N, …)."""
    data = prepare(run.configuration.experiment.experiment())
    return data.inputs(data.test.images)


def one_layer(network: Sequential) -> SingleLayer:
    """Return the single layer that a network of linear dense layers is equal to."""
    return multiply([(layer.parameters["kernel"], layer.parameters["bias"]) for layer in network.layers])


def known(number: int | None) -> int:
    """Return a number that every run of the lab has recorded.

    Examples
    --------
    >>> known(60_000)
    60000
    """
    if number is None:
        raise DataError("The run does not say how many images or epochs there were. Received: number=None")
    return number


def column(run: RunData, name: str) -> list[float]:
    """Return one column of a run's history."""
    return run.history.column(name)


def tested(run: RunData) -> dict[str, Any]:
    """Return loss, accuracy and interval on the test images."""
    if run.results is None:
        predictions(run)  # raises: there are no test results
        return {}
    test = run.results.test
    low, high = test.accuracy_interval
    return {
        "n": test.n,
        "loss": test.loss,
        "accuracy": test.accuracy,
        "correct": test.right,
        "low": low,
        "high": high,
        "errors": test.n - test.right,
    }
