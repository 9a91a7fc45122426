"""After training: what the network makes of the test images, written into the run folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.evaluation import accuracy, most_confident_mistakes
from pellucid.experiments.experiment import Experiment
from pellucid.experiments.preparation import Prepared
from pellucid.layers import Conv2D
from pellucid.runfolder import RunFolder
from pellucid.training.sequential import Sequential

FIRST_IMAGES = 10
MISTAKES = 20


def judge(
    model: Sequential,
    folder: RunFolder,
    experiment: Experiment,
    data: Prepared,
    rows: list[dict[str, Any]],
    threads: int,
) -> None:
    """Open the test images, once, and write down what the network makes of them."""
    inputs = data.inputs(data.test.images)
    loss = model.evaluate(
        inputs, data.targets(data.test.labels), verbose=0, return_dict=True, threads=threads
    )["loss"]
    probabilities = model.predict(inputs, threads=threads)
    validated_on_test = experiment.split.validation == "test"
    model.save(folder.path / "model.safetensors", include_optimizer=False)
    write_judgement(folder, data, probabilities, loss, rows, opened=len(rows) + 1 if validated_on_test else 1)
    folder.write_pictures(**_pictures(model, data, probabilities))


def write_judgement(
    folder: RunFolder,
    data: Prepared,
    probabilities: Any,
    loss: float,
    rows: list[dict[str, Any]],
    *,
    opened: int,
    images_per_epoch: int | None = None,
) -> None:
    """Write the predictions for the test images, and the results."""
    labels = data.test.labels
    figure = accuracy(labels, probabilities)
    seconds = [row["seconds"] for row in rows]
    images = images_per_epoch or len(data.training)
    folder.write_predictions(labels, probabilities)
    folder.write_results(
        {
            "test": {
                "n": figure.n,
                "loss": loss,
                "accuracy": figure.value,
                "accuracy_interval": [figure.low, figure.high],
                "correct": round(figure.value * figure.n),
            },
            "seconds": {"training": sum(seconds), "epochs": seconds},
            "images_per_second": images / float(np.median(seconds)),
            "test_set_opened": opened,
            "warnings": _warnings(data.split, opened),
        }
    )


def _warnings(split: Mapping[str, Any], opened: int) -> list[str]:
    found = []
    if opened > 1:
        found.append(
            f"The test images served as validation images: they were looked at {opened} times, and the test "
            'figures are too good by an unknown amount. Split("stratified") keeps them apart.'
        )
    if "missing_from_validation" in split:
        found.append(f"No validation image is of class {', '.join(split['missing_from_validation'])}.")
    return found


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
    values = data.inputs(data.training.images[:1])
    for layer in model.layers:
        values = layer(values)
        if isinstance(layer, Conv2D):
            return {**pictures, "kernels": layer.parameters["kernel"], "maps": values[0]}
    return pictures


def dataset_facts(data: Prepared) -> dict[str, Any]:
    """Return what the run folder says of the data."""
    return {
        "name": data.dataset.name,
        "classes": list(data.dataset.classes),
        "counts": {"train": len(data.training), "validation": len(data.validation), "test": len(data.test)},
        "split": data.split,
        "shape": list(data.training.images.shape[1:]),
        "max_value": data.dataset.max_value,
        "scaled": data.scaled,
        "flat": data.flat,
        "source": data.dataset.source,
        "sha256": data.dataset.sha256,
    }
