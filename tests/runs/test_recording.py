"""A run that keeps its best epoch, and ends when there is no better one, also when it is killed."""

from __future__ import annotations

import json
import os
import signal

import numpy as np
import pytest
from killing import assert_same, finish, killed_when

from pellucid.errors import ArgumentError
from pellucid.models import load_model
from pellucid.optimizers import SGD
from pellucid.runs import RunFolder, recording, resume, run, running
from pellucid.runs.overview import overviews
from pellucid.runs.preparation import prepare
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.recording import BEST, KeepBest, Recorder

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:os.fork\(\) was called:RuntimeWarning"),  # where JAX is loaded
]
forked = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
KILL, TERM = signal.SIGKILL, signal.SIGTERM


@pytest.fixture(scope="module")
def early(declare):
    """Declare an experiment whose validation loss is lowest in the second epoch of four."""
    return declare(optimizer=SGD(1.3), epochs=30, patience=2)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, early):
    return run(early, tmp_path_factory.mktemp("runs") / "whole", verbose=0)


def lowest(history):
    return int(np.argmin(history.column("val_loss"))) + 1


def test_training_ends_after_the_patience_and_the_best_epoch_is_kept(undisturbed, early):
    history, results = undisturbed.history, undisturbed.results
    assert results.kept_epoch == lowest(history)
    assert len(history) == results.kept_epoch + 2 < early.epochs
    data = prepare(early)
    network = load_model(undisturbed.path / "model.safetensors")
    network.compile("sgd", "categorical_crossentropy", ["accuracy"])
    images, labels = data.inputs(data.validation.images)[:], data.targets(data.validation.labels)
    loss, accuracy = network.evaluate(images, labels, verbose=0)
    kept = history[results.kept_epoch - 1]
    assert loss == pytest.approx(kept.val_loss)
    assert accuracy == pytest.approx(kept.val_accuracy)
    assert results.generalisation.end.validation.value == pytest.approx(kept.val_accuracy)


def test_what_is_said_is_about_the_network_that_was_kept(undisturbed):
    kept = undisturbed.results.kept_epoch
    sentences = undisturbed.results.generalisation.sentences
    assert sentences[0].startswith(f"After epoch {kept} the network reads ")
    assert "the network of that epoch was kept" in " ".join(sentences)
    assert "2 more epochs did not lower the validation loss." in sentences
    assert not any("stopping there would have been better" in one for one in sentences)


def test_a_run_that_ended_early_is_finished_and_has_no_epochs_to_come(undisturbed):
    (one,) = overviews(undisturbed.path.parent)
    assert (one.status, one.epochs, one.planned_epochs) == (
        "finished",
        len(undisturbed.history),
        len(undisturbed.history),
    )
    with pytest.raises(ArgumentError, match="is finished"):
        resume(undisturbed.path, verbose=0)


def test_the_best_epoch_is_kept_also_when_all_epochs_are_trained(declare, early, tmp_path):
    from dataclasses import replace

    found = run(replace(early, epochs=3, patience=9), tmp_path / "run", verbose=0)
    assert len(found.history) == 3
    assert found.results.kept_epoch == lowest(found.history)


MOMENTS = {
    "the best network is not written": (KeepBest, "on_epoch_end", 2),
    "the best network is half written": (recording, "save_model", 3),
    "the best network is newer than the checkpoint": (Recorder, "on_epoch_end", 2),
    "the best epoch was long ago": (RunFolder, "write_history", 4),
    "training has ended early": (running, "load_weights", 1),
    "the end is not written": (RunFolder, "finish", 1),
}


@forked
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_ends_with_the_bits_of_an_undisturbed_one(moment, undisturbed, early, tmp_path):
    folder = tmp_path / "run"
    assert killed_when(MOMENTS[moment], KILL, lambda: run(early, folder, verbose=0)) == -KILL
    assert RunFolder.open(folder).status == "stopped"
    finish(folder, early)
    assert_same(folder, undisturbed)
    assert RunFolder.open(folder).results.kept_epoch == undisturbed.results.kept_epoch


@forked
def test_so_does_one_that_is_killed_again_while_it_is_resumed(undisturbed, early, tmp_path):
    folder = tmp_path / "run"
    killed_when((RunFolder, "write_history", 1), TERM, lambda: run(early, folder, verbose=0))
    assert killed_when((RunFolder, "write_history", 3), KILL, lambda: resume(folder, verbose=0)) == -KILL
    finish(folder, early)
    assert_same(folder, undisturbed)


def test_decisions_are_those_of_the_epochs_before_and_a_failing_network_is_not_the_best(healthy, tmp_path):
    losses = [0.5, float("nan"), 0.4, 0.45]
    history = History(tuple(EpochRecord(epoch=i + 1, val_loss=loss) for i, loss in enumerate(losses)))
    keeping = KeepBest(healthy, history, 1)
    assert (keeping.best_epoch, keeping.has_ended_training) == (2, True)
    assert not KeepBest(healthy, History(history.epochs[:1]), 1).has_ended_training


def test_the_files_of_such_a_run(undisturbed):
    assert (undisturbed.path / BEST).is_file()
    configuration = json.loads((undisturbed.path / "configuration.json").read_text())
    assert configuration["experiment"]["patience"] == 2
