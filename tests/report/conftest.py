"""A run folder as a run leaves it: real digits, real probabilities, a first layer of edge kernels."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pellucid.evaluation import Finding
from pellucid.evaluation.confusion import most_confident_mistakes
from pellucid.evaluation.intervals import proportion
from pellucid.runs import RunFolder
from pellucid.runs.record.configuration import Configuration
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.history import History
from pellucid.runs.record.json_form import from_json
from pellucid.runs.record.results import Results, TestResult, TrainingSeconds

EDGES = np.array([[[1, 0, -1]] * 3, np.transpose([[1, 0, -1]] * 3)], np.float32)  # (K, R, S)
SUMMARY = 'Model: "sequential"\n┃ Layer (type) ┃ Output Shape ┃ Param # ┃\n│ dense │ (None, 10) │ 650 │'


@pytest.fixture(scope="session")
def digits():
    """Images (N, 8, 8), labels and probabilities of 597 digits that a regression has not learned from."""
    images, labels = load_digits().images, load_digits().target
    flat = images.reshape(len(images), -1) / 16  # (N, H, W) -> (N, H·W)
    with threadpool_limits(1):  # on so little data, more threads only wait for each other
        model = LogisticRegression(max_iter=1000).fit(flat[:1200], labels[:1200])
        return images[1200:], labels[1200:], model.predict_proba(flat[1200:])


@pytest.fixture
def make_run(tmp_path, digits):
    """Return a function that writes a run folder; keyword arguments change what is in it."""
    return lambda name="digits-regression", **options: build_run(tmp_path / name, digits, **options)


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory, digits):
    """A run folder with everything in it, made once: read it, but do not change it."""
    return build_run(tmp_path_factory.mktemp("runs") / "digits-regression", digits)


def build_run(
    path,
    digits,
    *,
    classes=tuple("0123456789"),
    epochs=6,
    measured_alike=True,
    images_per_cycle=None,
    convolution=True,
    tested=True,
    warnings=(),
    status="finished",
):
    """Write a run folder as a run does."""
    name = path.name
    images, labels, probabilities = digits
    run = RunFolder.create(path, command=f"pellucid run {name} --seed 7")
    training = {
        "loss": "categorical_crossentropy",
        "optimizer": {"name": "Adam", "config": {"learning_rate": 0.001, "beta_1": 0.9}},
        "batch_size": 128,
        "epochs": epochs,
        "seed": 7,
        "threads": 2,
    }
    if images_per_cycle:
        training["images_per_cycle"] = images_per_cycle
    configuration = {
        "experiment": {"name": name},
        "dataset": {
            "name": "digits",
            "classes": list(classes),
            "counts": {"train": 960, "validation": 240, "test": len(labels)},
            "split": {"validation": "stratified", "validation_share": 0.2, "seed": 7},
            "shape": [8, 8, 1],
        },
        "network": {"class_name": "Sequential"},
        "training": training,
        "summary": SUMMARY,
        "parameters": 650,
    }
    run.write_configuration(from_json(Configuration, configuration))
    environment = {
        "python": "3.11.2",
        "platform": "Linux-6.1-x86_64",
        "cpu": {"name": "A processor"},
        "threads": 2,
        "packages": {"numpy": "2.4.6", "scipy": "1.17.1"},
        "blas": {"name": "OpenBLAS", "version": "0.3.30", "architecture": "SkylakeX", "threads": 1},
        "git": {"commit": "41c1195f0e2b6f0d6c9f1f1a9a0d8a0f5a6b7c8d", "dirty": True},
    }
    run.write_environment(from_json(Environment, environment))
    run.write_history(History.of(history_rows(epochs, measured_alike=measured_alike)))
    if tested:
        mistakes = most_confident_mistakes(labels, probabilities, 20)
        run.write_predictions(labels, probabilities)
        maps = {"kernels": EDGES.transpose(1, 2, 0)[:, :, np.newaxis], "maps": edge_maps(images[0])}
        run.write_pictures(
            first_images=images[:10],
            first_labels=labels[:10],
            mistakes=images[mistakes],
            mistake_index=mistakes,
            white=16,
            **(maps if convolution else {}),
        )
        right = int((probabilities.argmax(axis=1) == labels).sum())
        accuracy = proportion(right, len(labels))
        of_truth = probabilities[np.arange(len(labels)), labels]
        run.write_results(
            Results(
                test=TestResult(
                    n=len(labels),
                    loss=float(-np.log(of_truth).mean()),
                    accuracy=accuracy.value,
                    accuracy_interval=(accuracy.low, accuracy.high),
                    correct=right,
                ),
                seconds=TrainingSeconds(training=161.2, epochs=(30.0, *[26.24] * 5)),
                images_per_second=2012.3,
                test_set_opened=1,
                findings=tuple(Finding("warning", text, "", "") for text in warnings),
            )
        )
    if status == "finished":
        run.finish()
    elif status == "interrupted":
        run.interrupt()
    return run.path


def history_rows(epochs, *, measured_alike=True):
    """Return a history whose running mean lags behind, as a real one does."""
    rows = []
    for epoch in range(1, epochs + 1):
        loss = 2.0 / epoch
        row = {
            "epoch": epoch,
            "loss": loss,
            "accuracy": 1 - loss / 4,
            "val_loss": 0.9 * loss + 0.01 * epoch,
            "val_accuracy": 1 - loss / 5,
            "seconds": 3.5 if epoch == 1 else 2.0 + 0.01 * epoch,
        }
        if measured_alike:
            row |= {"train_loss": 0.8 * loss, "train_accuracy": 1 - loss / 6}
        rows.append(row)
    return rows


def edge_maps(image):
    """Return what the two edge kernels make of an image (H, W), as (H - 2, W - 2, 2)."""
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))  # (H, W) -> (H', W', R, S)
    return np.maximum(0, np.einsum("hwrs,krs->hwk", windows, EDGES))
