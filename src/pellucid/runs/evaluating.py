"""After training: what the network makes of images it has not learned from, written into the run folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.evaluation import Finding, accuracy, most_confident_mistakes
from pellucid.experiments.experiment import Experiment
from pellucid.graph.running import values_of
from pellucid.models.saving import save_model
from pellucid.models.sequential import Sequential
from pellucid.runs.diagnosing import Watched, findings, watch
from pellucid.runs.folder import RunFolder
from pellucid.runs.measuring import (
    as_probabilities,
    measured_calibration,
    measured_evaluation,
    measured_generalisation,
)
from pellucid.runs.preparation import Part, Prepared
from pellucid.runs.sufficiency import write_uses

FIRST_IMAGES = 10
MISTAKES = 20


@dataclass(frozen=True)
class Judged:
    """What a run comes to in the end.

    ``test`` and ``validation`` are probabilities (N, U), the latter of the images ``held_out``, which may be
    none; ``loss`` is
    that of the test images, ``rows`` the history, ``opened`` how often the test set was looked at, ``seeds``
    with how many seeds the experiment is run in all.
    """

    test: npt.NDArray[Any]
    held_out: Part
    validation: npt.NDArray[Any]
    loss: float
    rows: list[dict[str, Any]]
    opened: int = 1
    seeds: int = 1
    images_per_epoch: int | None = None
    watched: Watched = field(default_factory=Watched)


def judge(
    model: Sequential,
    folder: RunFolder,
    experiment: Experiment,
    data: Prepared,
    rows: list[dict[str, Any]],
    threads: int,
    seeds: int = 1,
) -> None:
    """Open the test images, once, and write down what the network makes of them."""
    inputs = data.inputs(data.test.images)
    loss = model.evaluate(
        inputs, data.targets(data.test.labels), verbose=0, return_dict=True, threads=threads
    )["loss"]
    outputs = model.predict(inputs, threads=threads)
    held_out = outputs[:0]
    if len(data.validation):
        held_out = model.predict(data.inputs(data.validation.images), threads=threads)
    validated_on_test = experiment.split.validation == "test"
    judged = Judged(
        test=as_probabilities(outputs),
        held_out=data.validation,
        validation=as_probabilities(held_out),
        loss=loss,
        rows=rows,
        opened=len(rows) + 1 if validated_on_test else 1,
        seeds=seeds,
        watched=watch(model, experiment, data, outputs),
    )
    temperature = write_judgement(folder, data, judged)
    save_model(
        model,
        folder.path / "model.safetensors",
        include_optimizer=False,
        extra={} if temperature is None else {"temperature": temperature},
    )
    folder.write_pictures(**_pictures(model, data, judged.test))


def write_judgement(folder: RunFolder, data: Prepared, judged: Judged) -> float | None:
    """Write the predictions and all that follows from them; return the temperature, where there is one."""
    labels, classes = data.test.labels, data.dataset.classes
    estimate = accuracy(labels, judged.test)
    seconds = [row["seconds"] for row in judged.rows]
    images = judged.images_per_epoch or len(data.training)
    n_validation = len(judged.held_out)
    calibration = measured_calibration(
        labels,
        judged.test,
        judged.held_out.labels,
        judged.validation,
        validated_on_test=judged.opened > 1,
    )
    found = _findings(folder, data, judged)
    folder.write_predictions(labels, judged.test, index=data.test.rows)
    if n_validation:
        folder.write_predictions(
            judged.held_out.labels, judged.validation, index=judged.held_out.rows, validation=True
        )
    # without held-out images the curves say nothing of generalisation
    generalisation = (
        measured_generalisation(
            judged.rows, n_train=min(len(data.training), n_validation), n_validation=n_validation
        )
        if n_validation
        else None
    )
    folder.write_results(
        {
            "test": {
                "n": estimate.n,
                "loss": judged.loss,
                "accuracy": estimate.value,
                "accuracy_interval": [estimate.low, estimate.high],
                "correct": round(estimate.value * estimate.n),
            },
            "seconds": {"training": sum(seconds), "epochs": seconds},
            "images_per_second": images / float(np.median(seconds)),
            "test_set_opened": judged.opened,
            "warnings": [str(one) for one in found],
            "findings": [one.as_dict() for one in found],
            "evaluation": measured_evaluation(labels, judged.test, classes),
            "calibration": calibration,
            **({} if generalisation is None else {"generalisation": generalisation}),
        }
    )
    write_uses(folder)
    temperature: float | None = calibration["temperature"]
    return temperature


def _findings(folder: RunFolder, data: Prepared, judged: Judged) -> list[Finding]:
    return findings(
        folder.configuration,
        judged.rows,
        data,
        opened=judged.opened,
        seeds=judged.seeds,
        watched=judged.watched,
    )


def sample_pictures(data: Prepared, probabilities: Any) -> dict[str, Any]:
    """Return the first training images and the most confident mistakes."""
    wrong = most_confident_mistakes(data.test.labels, probabilities, MISTAKES)
    return {
        "first_images": data.training.images[:FIRST_IMAGES],
        "first_labels": data.training.labels[:FIRST_IMAGES],
        "mistakes": data.test.images[wrong],
        "mistake_index": wrong,
        "white": data.dataset.max_value,
    }


def _pictures(model: Sequential, data: Prepared, probabilities: Any) -> dict[str, Any]:
    pictures = sample_pictures(data, probabilities)
    first = next((step for step in model.graph if step.kind == "convolution"), None)
    if first is None:
        return pictures
    inputs = data.inputs(data.training.images[:1])[:]
    of_layer = [values for step, values in values_of(model.graph, inputs) if step.name == first.name]
    return {**pictures, "kernels": first.operation.parameters["kernel"], "maps": of_layer[-1][0]}


def dataset_facts(data: Prepared) -> dict[str, Any]:
    """Return what the run folder says of the data."""
    return {
        "name": data.dataset.name,
        "classes": list(data.dataset.classes),
        "counts": {"train": len(data.training), "validation": len(data.validation), "test": len(data.test)},
        "split": data.split,
        "shape": list(data.training.images.shape[1:]),
        "max_value": data.dataset.max_value,
        "scaled": data.pipeline.scaled,
        "flat": data.pipeline.flat,
        "source": data.dataset.source,
        "sha256": data.dataset.sha256,
    }
