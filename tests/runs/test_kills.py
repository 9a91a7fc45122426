"""Runs killed at named moments end with the bits of an undisturbed run. Random ones: benchmarks/kills.py."""

from __future__ import annotations

import os
import signal

import pytest
from killing import assert_same, finish, killed_when

from pellucid.core import files, temporaries
from pellucid.runs import RunFolder, beginning, evaluating, ownership, resume, run, running
from pellucid.runs.recording import Recorder

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked"),
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:os.fork\(\) was called:RuntimeWarning"),  # where JAX is loaded
]
KILL, TERM, HUP, INT = signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT

# What is called, in which place, at which call it is killed, and the status that is then found.
MOMENTS = {
    "the data are read": (running, "prepare", 1, None),
    "the network is tried out": (running, "tried_network", 1, None),
    "the folder has a temporary name": (beginning, "take", 1, None),
    "the first file is half written": (files.os, "fsync", 1, None),
    "the folder is complete and has no name": (files.os, "fsync", 6, None),
    "the folder has just got its name": (ownership.Ownership, "moved_to", 1, "stopped"),
    "the first epoch is not recorded": (Recorder, "on_epoch_end", 1, "stopped"),
    "the checkpoint is half written": (temporaries.Path, "replace", 7, "stopped"),
    "the checkpoint is newer than the history": (RunFolder, "write_history", 2, "stopped"),
    "the last checkpoint is newer than the history": (RunFolder, "write_history", 4, "stopped"),
    "training is done": (running, "evaluate_run", 1, "stopped"),
    "the results are not written": (RunFolder, "write_results", 1, "stopped"),
    "the model is not written": (evaluating, "save_model", 1, "stopped"),
    "the pictures are not written": (RunFolder, "write_pictures", 1, "stopped"),
    "the end is not written": (RunFolder, "finish", 1, "stopped"),
    "the lock is not removed": (ownership.Ownership, "release", 1, "finished"),
}
WHILE_RESUMED = {
    "the checkpoint is read": (running, "load_with_extra", 1),
    "the run is marked as running": (RunFolder, "resume", 1),
    "the configuration is written": (RunFolder, "write_configuration", 1),
    "training goes on": (Recorder, "on_epoch_end", 2),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, declare):
    return run(declare(), tmp_path_factory.mktemp("runs") / "whole", verbose=0)


BY_KILL = [(moment, KILL) for moment in MOMENTS]
BY_TERM = [
    ("the data are read", TERM),
    ("the folder is complete and has no name", TERM),
    ("the checkpoint is half written", TERM),
    ("the end is not written", TERM),
]


@pytest.mark.parametrize(("moment", "how"), [*BY_KILL, *BY_TERM])
def test_a_run_that_is_killed_ends_with_the_bits_of_an_undisturbed_one(
    moment, how, undisturbed, declare, tmp_path
):
    *where, status = MOMENTS[moment]
    folder = tmp_path / "run"
    code = killed_when(where, how, lambda: run(declare(), folder, verbose=0))
    assert code == (-how if how is KILL else 128 + how)
    found = RunFolder.open(folder).status if folder.exists() else None
    assert found == ("interrupted" if how is TERM and status == "stopped" else status)
    finish(folder, declare())
    assert_same(folder, undisturbed)


@pytest.mark.parametrize(("moment", "how"), list(zip(WHILE_RESUMED, [KILL, HUP, INT, KILL], strict=True)))
def test_so_does_one_that_is_killed_again_while_it_is_resumed(moment, how, undisturbed, declare, tmp_path):
    folder = tmp_path / "run"
    killed_when((RunFolder, "write_history", 2), KILL, lambda: run(declare(), folder, verbose=0))
    assert killed_when(WHILE_RESUMED[moment], how, lambda: resume(folder, verbose=0)) != 0
    assert RunFolder.open(folder).status == ("stopped" if how is KILL else "interrupted")
    finish(folder, declare())
    assert_same(folder, undisturbed)
