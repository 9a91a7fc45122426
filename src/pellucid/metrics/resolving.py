"""Convert ``compile``'s argument ``metrics`` to a list of metrics."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pellucid.core.old_spellings import explain_once
from pellucid.metrics import get
from pellucid.metrics.accuracy import AccuracyByLabels, CategoricalAccuracy, SparseCategoricalAccuracy

if TYPE_CHECKING:
    from pellucid.losses import Loss
    from pellucid.metrics import MetricLike
    from pellucid.metrics.base import Metric


def resolve(metrics: Sequence[MetricLike] | MetricLike | None, loss: Loss) -> list[Metric]:
    """Return the metrics passed to ``compile``, each with a different name.

    Parameters
    ----------
    metrics
        A list of names, objects or functions, or None. A single name is an old spelling.
    loss
        Decides what ``"accuracy"`` means: the accuracy for integer labels or for one-hot labels.

    Raises
    ------
    UnknownNameError
        For an unknown name; the message suggests the nearest.
    ArgumentError
        For anything that is not a metric.

    Examples
    --------
    >>> from pellucid.losses import SparseCategoricalCrossentropy
    >>> resolve(["accuracy", "mae"], SparseCategoricalCrossentropy())
    [SparseCategoricalAccuracy(name='accuracy'), MeanAbsoluteError(name='mae')]
    """
    if metrics is None:
        return []
    if not isinstance(metrics, Sequence) or isinstance(metrics, str):
        explain_once(
            "metrics",
            f"metrics takes a list: metrics={metrics!r} is the old way to write metrics=[{metrics!r}].",
        )
        metrics = [metrics]
    return _apart([_resolved(metric, loss) for metric in metrics])


def _resolved(identifier: MetricLike, loss: Loss) -> Metric:
    if not isinstance(identifier, str):
        return get(identifier)
    if identifier.lower() == "acc":
        explain_once(
            "acc", f"{identifier!r} is the old name of 'accuracy'; the history says {identifier!r} too."
        )
    if identifier.lower() in ("accuracy", "acc"):
        return _accuracy_for(loss)(name=identifier)
    metric = get(identifier)
    metric.name = identifier
    return metric


def _accuracy_for(loss: Loss) -> type[CategoricalAccuracy | SparseCategoricalAccuracy | AccuracyByLabels]:
    if loss.takes_integers:
        return SparseCategoricalAccuracy
    return CategoricalAccuracy if loss.takes_distributions else AccuracyByLabels


def _apart(metrics: list[Metric]) -> list[Metric]:
    """Append _1 to the second metric of the same name, _2 to the third, as Keras does."""
    seen: dict[str, int] = {}
    named = []
    for metric in metrics:
        earlier = seen[metric.name] = seen.get(metric.name, -1) + 1
        if earlier:
            metric = copy.copy(metric)
            metric.name = f"{metric.name}_{earlier}"
        named.append(metric)
    return named
