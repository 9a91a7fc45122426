"""Evaluate a trained network on validation and test images, and write the results."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid import losses
from pellucid.datasets.splits import ValidationSource
from pellucid.evaluation import accuracy, evaluate, most_confident_mistakes, read_curves
from pellucid.experiments.experiment import Experiment
from pellucid.graph.running import values_of
from pellucid.models.saving import save_model
from pellucid.models.sequential import Sequential
from pellucid.runs.diagnosing import NetworkDiagnostics, diagnose, findings
from pellucid.runs.familiarity import write_familiarity
from pellucid.runs.folder import RunFolder
from pellucid.runs.measuring import as_probabilities, measured_calibration
from pellucid.runs.preparation import Prepared, Subset
from pellucid.runs.record.configuration import DatasetDescription, ImageCounts
from pellucid.runs.record.history import History
from pellucid.runs.record.results import GeneralisationRecord, Results, TestResult, TrainingSeconds
from pellucid.runs.sufficiency import write_uses

FIRST_IMAGES = 10
MISTAKES = 1000  # of which the run folder has the pictures, the most confident first,
MISTAKES_BYTES = 16 * 2**20  # and at most so many bytes of them, but at least
LEAST_MISTAKES = 20


@dataclass(frozen=True)
class RunEvaluation:
    """A run's evaluation after training.

    Attributes
    ----------
    test, validation
        Probabilities (N, U) of the test images, and of the images ``held_out``, if any.
    loss
        Loss on the test images.
    opened
        Number of times the test set was evaluated.
    seeds
        Number of seeds with which the experiment is run.
    images_per_epoch
        Number of training images per epoch; None means all of them.
    kept
        The epoch whose network was kept; None means the last one.
    """

    test: npt.NDArray[Any]
    held_out: Subset
    validation: npt.NDArray[Any]
    loss: float
    history: History
    opened: int = 1
    seeds: int = 1
    images_per_epoch: int | None = None
    kept: int | None = None
    diagnostics: NetworkDiagnostics = field(default_factory=NetworkDiagnostics)


def evaluate_run(
    model: Sequential,
    folder: RunFolder,
    experiment: Experiment,
    data: Prepared,
    history: History,
    threads: int,
    seeds: int = 1,
    *,
    kept: int | None = None,
) -> None:
    """Evaluate a trained network on the test images, once, and write the results.

    ``kept`` is the epoch (from 1) that the network is of, if not the last one.
    """
    inputs, targets = data.inputs(data.test.images), data.targets(data.test.labels)
    outputs = model.predict(inputs, threads=threads)
    held_out = outputs[:0]
    if len(data.validation):
        held_out = model.predict(data.inputs(data.validation.images), threads=threads)
    validated_on_test = data.split.validation is ValidationSource.TEST
    evaluated = RunEvaluation(
        test=as_probabilities(outputs),
        held_out=data.validation,
        validation=as_probabilities(held_out),
        loss=_cross_entropy(targets, outputs),
        history=history,
        opened=len(history) + 1 if validated_on_test else 1,
        seeds=seeds,
        kept=kept,
        diagnostics=diagnose(model, experiment, data, outputs),
    )
    temperature = write_evaluation(folder, data, evaluated)
    save_model(
        model,
        folder.path / "model.safetensors",
        include_optimizer=False,
        extra={} if temperature is None else {"temperature": temperature},
    )
    write_familiarity(folder.path, model, data, threads=threads)
    folder.write_pictures(**_pictures(model, data, evaluated.test))


def _cross_entropy(targets: npt.NDArray[Any], outputs: npt.NDArray[Any]) -> float:
    """Return the mean cross-entropy of the true classes, whatever the network was trained on.

    It is computed from the logarithms of the probabilities, as from logits, so that no small one is clipped.
    """
    if as_probabilities(outputs) is outputs:
        outputs = np.log(np.maximum(outputs, np.finfo(outputs.dtype).tiny))
    values = losses.CategoricalCrossentropy().joined_values(targets, outputs)
    return float(np.mean(values, dtype=np.float64))


def write_evaluation(folder: RunFolder, data: Prepared, evaluated: RunEvaluation) -> float | None:
    """Write the predictions and the results computed from them; return the temperature, if fitted."""
    labels, held_out = data.test.labels, evaluated.held_out
    calibration = measured_calibration(
        labels,
        evaluated.test,
        held_out.labels,
        evaluated.validation,
        validated_on_test=evaluated.opened > 1,
    )
    found = findings(
        folder.configuration,
        evaluated.history,
        data,
        opened=evaluated.opened,
        seeds=evaluated.seeds,
        diagnostics=evaluated.diagnostics,
        command=folder.info.command,
    )
    folder.write_predictions(labels, evaluated.test, index=data.test.rows)
    if len(held_out):
        folder.write_predictions(held_out.labels, evaluated.validation, index=held_out.rows, validation=True)
    seconds = evaluated.history.column("seconds")
    images = evaluated.images_per_epoch or len(data.training)
    folder.write_results(
        Results(
            test=_test_result(labels, evaluated),
            seconds=TrainingSeconds(training=sum(seconds), epochs=tuple(seconds)),
            images_per_second=images / float(np.median(seconds)),
            test_set_opened=evaluated.opened,
            kept_epoch=evaluated.kept,
            findings=tuple(found),
            evaluation=evaluate(
                labels, evaluated.test, class_names=[str(name) for name in data.dataset.classes]
            ),
            calibration=calibration,
            generalisation=_generalisation(data, evaluated),
        )
    )
    write_uses(folder)
    return calibration.temperature


def _test_result(labels: npt.NDArray[Any], evaluated: RunEvaluation) -> TestResult:
    found = accuracy(labels, evaluated.test)
    return TestResult(
        n=found.n,
        loss=evaluated.loss,
        accuracy=found.value,
        accuracy_interval=(found.low, found.high),
        correct=round(found.value * found.n),
    )


def _generalisation(data: Prepared, evaluated: RunEvaluation) -> GeneralisationRecord | None:
    """Return how well the network generalises, by its curves; None if no images were held out."""
    n = len(evaluated.held_out)
    if not n:
        return None
    sampled = min(len(data.training), n)
    found = read_curves(
        evaluated.history.whole_columns(), n_train=sampled, n_validation=n, kept=evaluated.kept
    )
    return GeneralisationRecord.of(found)


def sample_pictures(data: Prepared, probabilities: Any) -> dict[str, Any]:
    """Return the first training images and the mistakes, as many as the run folder keeps."""
    wrong = most_confident_mistakes(
        data.test.labels, probabilities, pictures_kept(data.test.images.shape[1:])
    )
    return {
        "first_images": data.training.images[:FIRST_IMAGES],
        "first_labels": data.training.labels[:FIRST_IMAGES],
        "mistakes": data.test.images[wrong],
        "mistake_index": wrong,
        "white": data.dataset.max_value,
    }


def pictures_kept(shape: tuple[int, ...]) -> int:
    """Return of how many mistakes the pictures are kept, for images of that shape."""
    return max(LEAST_MISTAKES, min(MISTAKES, MISTAKES_BYTES // math.prod(shape)))


def _pictures(model: Sequential, data: Prepared, probabilities: Any) -> dict[str, Any]:
    pictures = sample_pictures(data, probabilities)
    first = next((step for step in model.graph if step.kind == "convolution"), None)
    if first is None:
        return pictures
    inputs = data.inputs(data.training.images[:1])[:]
    of_layer = [values for step, values in values_of(model.graph, inputs) if step.name == first.name]
    return {**pictures, "kernels": first.operation.parameters["kernel"], "maps": of_layer[-1][0]}


def described_dataset(data: Prepared) -> DatasetDescription:
    """Return the run folder's description of the data."""
    return DatasetDescription(
        name=data.dataset.name,
        classes=tuple(str(name) for name in data.dataset.classes),
        counts=ImageCounts(train=len(data.training), validation=len(data.validation), test=len(data.test)),
        split=data.split,
        shape=data.training.images.shape[1:],
        max_value=data.dataset.max_value,
        scaled=data.pipeline.scaled,
        flat=data.pipeline.flat,
        source=data.dataset.source,
        sha256=data.dataset.sha256,
    )
