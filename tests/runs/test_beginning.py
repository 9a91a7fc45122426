import json
import os

import pytest

from pellucid.errors import OutputError
from pellucid.runs import RunFolder, resume, run
from pellucid.runs.beginning import continued_run, new_run
from pellucid.runs.ownership import LOCK, owner_of
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    TrainingSettings,
)
from pellucid.runs.record.environment import Environment
from pellucid.runs.recording import Recorder

CONFIGURATION = Configuration(
    experiment=ExperimentDescription(name="e"),
    dataset=DatasetDescription(name="d", classes=("cat", "dog")),
    network={},
    training=TrainingSettings(epochs=40),
)
ENVIRONMENT = Environment(python="3.11", platform="Linux", packages={})


def begin(path):
    return new_run(path, name="e", command="c", configuration=CONFIGURATION, environment=ENVIRONMENT)


def test_a_run_is_there_with_everything_and_owned_from_the_first_moment(tmp_path):
    with begin(tmp_path / "run") as folder:
        assert {path.name for path in folder.path.iterdir()} == {
            *("configuration.json", "environment.json", "run.json", LOCK)
        }
        assert RunFolder.open(folder.path).status == "running"
        with pytest.raises(OutputError, match="is being trained by this process"), begin(folder.path):
            pass
        with pytest.raises(OutputError, match="is being trained by this process"), continued_run(folder.path):
            pass
    assert RunFolder.open(folder.path).status == "finished"
    assert not (folder.path / LOCK).exists()


@pytest.mark.parametrize(
    ("error", "status", "failure"),
    [
        (KeyboardInterrupt(), "interrupted", None),
        (ValueError("It is wrong."), "failed", "It is wrong."),
        (ZeroDivisionError(), "failed", "ZeroDivisionError"),
        (MemoryError(), "failed", "There was not enough memory."),
        (SystemExit(3), "failed", "3"),
    ],
)
def test_how_it_ended_is_written_down(tmp_path, error, status, failure):
    with pytest.raises(type(error)), begin(tmp_path / "run") as folder:
        raise error
    info = RunFolder.open(folder.path).info
    assert (info.status, info.failure) == (status, failure)
    assert owner_of(folder.path) is None
    assert not (folder.path / LOCK).exists()


def test_an_end_that_cannot_be_written_down_hides_no_error(tmp_path, monkeypatch):
    def full(*_):
        raise OutputError("Cannot write run.json: No space left on device.")

    monkeypatch.setattr(RunFolder, "fail", full)
    with pytest.raises(ZeroDivisionError), begin(tmp_path / "run"):
        raise ZeroDivisionError
    assert RunFolder.open(tmp_path / "run").status == "stopped"


def test_what_killed_processes_left_is_removed_when_it_goes_on(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    (run.path / ".history.json.00000000-1-5.5-x.part").write_text("half")
    os.utime(run.path / ".history.json.00000000-1-5.5-x.part", (0, 0))
    with continued_run(run.path):
        assert {path.name for path in run.path.iterdir()} == {"run.json", LOCK}


def test_a_run_that_fails_says_so_and_is_resumed_when_the_cause_is_gone(declare, tmp_path, monkeypatch):
    write, whole = Recorder.on_epoch_end, run(declare(), tmp_path / "whole", verbose=0)

    def fail_at_second(self, epoch, logs=None):
        if epoch == 1:
            raise OutputError("Cannot write it: No space left on device.")
        write(self, epoch, logs)

    monkeypatch.setattr(Recorder, "on_epoch_end", fail_at_second)
    with pytest.raises(OutputError):
        run(declare(), tmp_path / "run", verbose=0)
    failed = RunFolder.open(tmp_path / "run")
    assert failed.standing().endswith(
        "failed (1 of 4 epochs done): Cannot write it: No space left on device. Remove the cause, then "
        f"continue with `pellucid resume {failed.path}`."
    )
    monkeypatch.setattr(Recorder, "on_epoch_end", write)
    resumed = resume(failed.path, verbose=0)
    assert (resumed.path / "model.safetensors").read_bytes() == (
        whole.path / "model.safetensors"
    ).read_bytes()
    assert "failure" not in json.loads((resumed.path / "run.json").read_text())


def test_the_history_is_whole_if_only_the_checkpoint_had_the_last_epoch(declare, tmp_path, monkeypatch):
    write = RunFolder.write_history

    def killed_before_last(self, history):
        if len(history) == 4:
            raise KeyboardInterrupt
        write(self, history)

    monkeypatch.setattr(RunFolder, "write_history", killed_before_last)
    with pytest.raises(KeyboardInterrupt):
        run(declare(), tmp_path / "run", verbose=0)
    assert len(RunFolder.open(tmp_path / "run").history) == 3
    monkeypatch.setattr(RunFolder, "write_history", write)
    assert len(resume(tmp_path / "run", verbose=0).history) == 4
