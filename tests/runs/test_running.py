"""Running experiments on scikit-learn's digits: what a run leaves, and going on after an end too soon."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pellucid.datasets.splits import ValidationSource
from pellucid.engine.compiled import FloatSource, PixelSource
from pellucid.engine.images import ScaledImages
from pellucid.errors import ArgumentError, DatasetError, OutputError
from pellucid.evaluation.pitfalls import collapse
from pellucid.experiments import Experiment, Split, find
from pellucid.layers import Conv2D, Dense, Dropout, Flatten
from pellucid.models import load_model
from pellucid.report import write_report
from pellucid.runs import RunFolder, Settings, resume, run
from pellucid.runs import by_hand as by_hand_run
from pellucid.runs import diagnosing as watching
from pellucid.runs.network import new_network
from pellucid.runs.preparation import prepare
from pellucid.runs.record.configuration import ImageCounts

SHORT = find("digits-cnn-64").with_recipe(epochs=2)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> RunFolder:
    return run(SHORT, tmp_path_factory.mktemp("runs") / "short", verbose=0)


def test_a_run_leaves_everything(finished):
    for file in (
        *("run.json", "configuration.json", "environment.json", "history.csv", "history.json"),
        *("model.safetensors", "checkpoint.safetensors", "predictions.csv", "results.json", "pictures.npz"),
    ):
        assert (finished.path / file).stat().st_size > 0, file
    RunFolder.open(finished.path).check()


def test_its_history_tells_running_means_from_figures_measured_alike(finished):
    assert [one.epoch for one in finished.history] == [1, 2]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy", "train_loss", "train_accuracy", "seconds"):
        assert getattr(finished.history[0], name) is not None


def test_its_results_are_those_of_its_model_on_its_test_images(finished):
    data = prepare(SHORT)
    model = load_model(finished.path / "model.safetensors")
    probabilities = model.predict(data.inputs(data.test.images))
    np.testing.assert_array_equal(probabilities, finished.predictions.probabilities)
    test = finished.results.test
    assert test.n == 450
    assert test.accuracy == np.mean(probabilities.argmax(axis=1) == data.test.labels)
    assert test.accuracy_interval[0] < test.accuracy < test.accuracy_interval[1]
    assert finished.results.test_set_opened == 1


def test_the_lab_s_parts_of_the_digits():
    data = prepare(SHORT)
    assert (len(data.training), len(data.validation), len(data.test)) == (1010, 337, 450)


def test_another_seed_keeps_the_test_images_and_another_split_seed_does_not():
    one, other = prepare(SHORT), prepare(SHORT, split_seed=1)
    np.testing.assert_array_equal(one.test.images, prepare(SHORT).test.images)
    assert not np.array_equal(one.test.images, other.test.images)


def test_no_image_is_in_two_parts():
    data = prepare(SHORT)
    parts = (data.training, data.validation, data.test)
    assert sum(len(part) for part in parts) == 1797
    together = np.concatenate([part.images for part in parts])
    everything = data.dataset.x_train
    assert sorted(map(bytes, together)) == sorted(map(bytes, everything))


def test_a_limit_holds_for_validation_on_test_images_too():
    on_test = replace(SHORT, split=replace(SHORT.split, validation="test"))
    limited, whole = prepare(on_test, limit=200), prepare(on_test)
    share = round(200 * SHORT.split.validation_share)
    assert (len(limited.training), len(limited.validation), len(limited.test)) == (200, share, 450)
    assert len(prepare(on_test, limit=20).validation) == 10
    assert len(whole.validation) == 450
    assert set(limited.validation.rows) < set(limited.test.rows)
    assert np.bincount(limited.validation.labels).min() >= 3


def test_a_limit_is_stratified_and_its_bounds_are_checked():
    data = prepare(SHORT, limit=100)
    assert len(data.training) + len(data.validation) == 100
    assert set(np.unique(data.training.labels)) == set(range(10))
    with pytest.raises(
        ArgumentError, match=r"limit leaves at least 10 images, one a class\. Received: limit=5"
    ):
        prepare(SHORT, limit=5)


def test_the_same_settings_give_the_same_bits_and_another_seed_others(finished, tmp_path):
    again = run(SHORT, tmp_path / "again", Settings(threads=1), verbose=0)
    other = run(SHORT, tmp_path / "other", Settings(seed=1), verbose=0)
    np.testing.assert_array_equal(again.predictions.probabilities, finished.predictions.probabilities)
    assert not np.array_equal(other.predictions.probabilities, finished.predictions.probabilities)


def test_validation_on_the_test_images_is_said(tmp_path):
    experiment = Experiment(
        "open", "", "digits", [Flatten(), Dense(10, activation="softmax")], epochs=2, split=Split("test")
    )
    results = run(experiment, tmp_path / "open", verbose=0).results
    assert results.test_set_opened == 3
    assert any("test" in warning for warning in results.warnings)


def test_without_validation_all_training_images_are_learned_from(declare, tmp_path):
    folder = run(declare(split=Split("none")), tmp_path / "all", verbose=0)
    folder.check()
    dataset, results = folder.configuration.dataset, folder.results
    assert dataset.counts == ImageCounts(train=1347, validation=0, test=450)
    assert dataset.split.validation is ValidationSource.NONE
    assert set(folder.history.columns()) == {"loss", "accuracy", "seconds", "learning_rate"}
    assert results.test.accuracy > 0.9
    assert results.test_set_opened == 1
    assert results.calibration.reason == "It is fitted on validation images, and none were held out."
    assert results.generalisation is None
    assert not any("no image of class" in warning for warning in results.warnings)
    assert not (folder.path / "validation.csv").exists()
    assert "0 to validate" in write_report(folder.path).read_text()


def test_a_folder_that_exists_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("dear")
    with pytest.raises(OutputError, match="exists and is not empty; nothing in it was changed"):
        run(SHORT, tmp_path, verbose=0)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_data_that_cannot_be_had_leaves_no_folder(tmp_path):
    experiment = Experiment("none", "", "digitz", [Dense(10, activation="softmax")])
    with pytest.raises((DatasetError, ArgumentError), match="digits"):
        run(experiment, tmp_path / "none", verbose=0)
    assert not (tmp_path / "none").exists()


def test_a_finished_run_has_nothing_to_go_on_with(finished):
    with pytest.raises(ArgumentError, match="is finished; there is nothing to resume"):
        resume(finished.path)


def test_no_epochs_are_no_run(tmp_path):
    with pytest.raises(ArgumentError, match=r"at least one epoch\. Received: epochs=0"):
        run(SHORT.with_recipe(epochs=0), tmp_path / "none", verbose=0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"threads": 0}, "threads is a whole number of at least 1"),
        ({"limit": 0}, "limit is a whole number of at least 1. Received: limit=0"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ArgumentError, match=message):
        Settings(**settings)


# Ends too soon. The experiment has dropout and an optimizer with state, so that there is much to lose.

LONG = Experiment(
    "long",
    "",
    "digits",
    [Conv2D(8, 3, activation="relu"), Dropout(0.25), Flatten(), Dense(10, activation="softmax")],
    batch_size=64,
    epochs=25,
)
PROGRAM = """
import sys
sys.path.insert(0, {here!r})
from test_running import LONG
from pellucid.runs import run
run(LONG, sys.argv[1], verbose=0)
"""


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> RunFolder:
    return run(LONG, tmp_path_factory.mktemp("runs") / "whole", verbose=0)


def ended_by(how: int, folder: Path, epochs: int) -> int:
    """Run LONG in a process of its own, end it by a signal after so many epochs; return its exit code."""
    program = PROGRAM.format(here=str(Path(__file__).parent))
    process = subprocess.Popen([sys.executable, "-c", program, str(folder)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if epochs_in(folder) >= epochs:
            break
        time.sleep(0.002)
    process.send_signal(how)
    return process.wait(timeout=60)


def epochs_in(folder: Path) -> int:
    try:
        return len(json.loads((folder / "history.json").read_text()))
    except (OSError, ValueError):
        return 0


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize(("how", "epochs"), [(signal.SIGKILL, 0), (signal.SIGKILL, 3), (signal.SIGINT, 2)])
def test_a_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(how, epochs, uninterrupted, tmp_path):
    folder = tmp_path / "ended"
    code = ended_by(how, folder, epochs)
    assert code != 0
    if not (
        folder / "configuration.json"
    ).exists():  # it had not begun: nothing to go on with, nothing half-made
        assert not (folder / "history.json").exists()
        return
    assert epochs_in(folder) < LONG.epochs
    status = RunFolder.open(folder).info.status
    assert status == ("interrupted" if how == signal.SIGINT else "running")
    resumed = resume(folder, threads=1, verbose=0)
    np.testing.assert_array_equal(resumed.predictions.probabilities, uninterrupted.predictions.probabilities)
    figures = ("loss", "accuracy", "val_loss", "val_accuracy", "train_loss")
    for row, expected in zip(resumed.history, uninterrupted.history, strict=True):
        assert [getattr(row, name) for name in figures] == [getattr(expected, name) for name in figures]


# Images stay bytes

LINEAR = replace(find("mnist-linear").with_recipe(epochs=2), dataset="digits")
BY_HAND = Experiment("by-hand", "", "digits", program="by hand", epochs=1)


@pytest.mark.parametrize("experiment", [SHORT, LINEAR], ids=["as they are", "scaled and flat"])
def test_a_run_has_the_weights_that_floats_made_all_at_once_give(experiment, tmp_path):
    data = prepare(experiment)
    network = new_network(experiment, data, seed=0)
    x = data.training.images.astype(np.float32)
    if experiment is LINEAR:
        x /= np.float32(data.dataset.max_value)
        x = x.reshape(len(x), -1)
    network.fit(
        x,
        data.targets(data.training.labels),
        batch_size=experiment.batch_size,
        epochs=experiment.epochs,
        verbose=0,
    )
    of_run = load_model(run(experiment, tmp_path / "run", verbose=0).path / "model.safetensors")
    for own, other in zip(network.get_weights(), of_run.get_weights(), strict=True):
        np.testing.assert_array_equal(own, other)


@pytest.fixture
def rows_made(monkeypatch):
    """How many images were made floats at a time."""
    made = []

    def noting(rows_of):
        return lambda self, rows: made.append(len(found := rows_of(self, rows))) or found

    monkeypatch.setattr(ScaledImages, "_rows", noting(ScaledImages._rows))
    for source in (FloatSource, PixelSource):
        monkeypatch.setattr(source, "rows", noting(source.rows))
    monkeypatch.setattr(watching, "FIRST", 100)
    monkeypatch.setattr(collapse, "AT_A_TIME", 100)
    monkeypatch.setattr(by_hand_run, "HELD_OUT", 100)
    return made


@pytest.mark.parametrize("experiment", [SHORT, LINEAR, BY_HAND], ids=lambda one: one.name)
def test_no_step_of_a_run_makes_floats_of_a_whole_part(experiment, rows_made, tmp_path):
    run(experiment, tmp_path / "run", verbose=0)
    assert max(rows_made) <= 256 < min(len(part) for part in parts(experiment))


def test_a_step_that_does_is_noticed(rows_made):
    data = prepare(SHORT)
    np.asarray(data.inputs(data.training.images))
    assert max(rows_made) == len(data.training)


def parts(experiment):
    data = prepare(experiment)
    return data.training, data.validation, data.test


@pytest.mark.parametrize("name", ["seeds", "limit", "threads"])
@pytest.mark.parametrize("value", [0, 1.5, True, "2"])
def test_settings_that_count_are_whole_numbers(name, value):
    with pytest.raises(ArgumentError) as error:
        Settings(**{name: value})
    assert str(error.value) == f"{name} is a whole number of at least 1. Received: {name}={value!r}"
