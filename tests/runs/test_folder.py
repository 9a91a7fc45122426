import errno
import json
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

import pellucid
from pellucid.errors import ArgumentError, FileFormatError, OutputError
from pellucid.runs import RunFolder
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    TrainingSettings,
)
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.record.results import Results, TestResult
from pellucid.runs.record.uses import Uses

CONFIGURATION = Configuration(
    experiment=ExperimentDescription(name="e"),
    dataset=DatasetDescription(name="d", classes=("cat", "dog")),
    network={},
    training=TrainingSettings(loss="mse"),
)
ENVIRONMENT = Environment(python="3.11", platform="Linux", packages={"numpy": "2"})
RESULTS = Results(test=TestResult(n=2, loss=0.5, accuracy=0.5, accuracy_interval=(0.1, 0.9)))
ROW = EpochRecord(epoch=1, loss=0.5, accuracy=0.75)
HISTORY = History((ROW,))
USES = Uses(basis=("independent fields",), uses=())
PREDICTIONS = ([0, 1], np.array([[0.75, 0.25], [0.5, 0.5]], np.float32))


def write_all(run):
    run.write_configuration(CONFIGURATION)
    run.write_environment(ENVIRONMENT)
    run.write_history(HISTORY)
    run.write_predictions(*PREDICTIONS)
    run.write_predictions(*PREDICTIONS, index=[7, 3], validation=True)
    run.write_results(RESULTS)
    run.write_uses(USES)
    run.write_pictures(first_images=np.zeros((2, 8, 8), np.uint8), first_labels=[0, 1])
    (run.path / "model.safetensors").write_bytes(b"weights")


@pytest.fixture
def finished(tmp_path):
    run = RunFolder.create(tmp_path / "run", name="my-run", command="pellucid run my-run --seed 3")
    write_all(run)
    run.finish()
    return run.path


def test_everything_comes_back(finished):
    run = RunFolder.open(finished)
    run.check()
    assert run.configuration == CONFIGURATION
    assert run.environment == ENVIRONMENT
    assert run.results == RESULTS
    assert run.history == HISTORY
    np.testing.assert_array_equal(run.predictions.probabilities, PREDICTIONS[1])
    assert run.predictions.predicted.tolist() == [0, 0]
    assert run.validation.index.tolist() == [7, 3]
    assert run.uses == USES
    assert run.pictures["first_images"].shape == (2, 8, 8)


def test_what_run_json_says(finished):
    about = json.loads((finished / "run.json").read_text())
    assert about.pop("files").keys() == {
        "configuration.json",
        "environment.json",
        "history.json",
        "model.safetensors",
        "predictions.csv",
        "validation.csv",
        "results.json",
        "uses.json",
        "pictures.npz",
    }
    created, ended = (datetime.fromisoformat(about.pop(key)) for key in ("created", "finished"))
    assert created <= ended
    assert created.utcoffset().total_seconds() == 0
    assert about == {
        "format": "pellucid-run",
        "version": 2,
        "name": "my-run",
        "status": "finished",
        "command": "pellucid run my-run --seed 3",
        "pellucid": pellucid.__version__,
    }


def test_the_folder_holds_nothing_else(finished):
    assert sorted(path.name for path in finished.iterdir()) == [
        "configuration.json",
        "environment.json",
        "history.csv",
        "history.json",
        "model.safetensors",
        "pictures.npz",
        "predictions.csv",
        "results.json",
        "run.json",
        "uses.json",
        "validation.csv",
    ]


def test_the_status_goes_from_running_to_interrupted_to_running_to_finished(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    seen = [RunFolder.open(run.path).info.status]
    for step in (run.interrupt, run.resume, run.finish, run.resume):
        step()
        seen.append(RunFolder.open(run.path).info.status)
    assert seen == ["running", "interrupted", "running", "finished", "running"]
    info = RunFolder.open(run.path).info
    assert info.finished is None
    assert info.files is None


def test_a_finished_run_can_be_resumed_and_changed(finished):
    run = RunFolder.open(finished)
    run.resume()
    run.write_history(HISTORY.and_then(EpochRecord(epoch=2, loss=0.25, accuracy=0.8)))
    run.finish()
    assert len(RunFolder.open(finished).history) == 2


def test_an_empty_folder_may_be_there_already_and_parents_are_made(tmp_path):
    (tmp_path / "empty").mkdir()
    RunFolder.create(tmp_path / "empty")
    assert RunFolder.create(tmp_path / "a" / "b").info.name == "b"


def test_create_refuses_a_folder_with_something_in_it_and_changes_nothing(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"exists and is not empty; nothing in it was changed\. Choose"):
        RunFolder.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_create_refuses_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file: a file of that name exists\."):
        RunFolder.create(tmp_path / "file")


def test_create_says_where_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"Cannot make the run folder .*Choose another place"):
        RunFolder.create(tmp_path / "file" / "run")


def test_create_says_that_it_may_not_write(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(OutputError, match=r"run: Permission denied\. Choose another place\."):
        RunFolder.create(tmp_path / "run")


def test_a_piece_that_cannot_be_written_leaves_the_old_one(finished):
    run = RunFolder.open(finished)
    network = {"path": finished}
    with pytest.raises(ArgumentError, match=r"keeps numbers, texts, lists and mappings.*Received: value="):
        run.write_configuration(replace(CONFIGURATION, network=network))
    assert run.configuration == CONFIGURATION


@pytest.mark.parametrize(
    ("make", "what"),
    [(False, "does not exist"), (True, r"has no run\.json")],
)
def test_open_refuses_what_is_no_run_folder(tmp_path, make, what):
    if make:
        (tmp_path / "x").mkdir()
    with pytest.raises(FileFormatError, match=rf"x is not a run folder: it {what}. Give the folder that a"):
        RunFolder.open(tmp_path / "x")


@pytest.mark.parametrize("version", [0, 3, True, "1", None])
def test_open_refuses_another_version(finished, version):
    change(finished / "run.json", version=version)
    with pytest.raises(
        FileFormatError,
        match=rf"is a run folder of version={version!r}, written by pellucid .* reads versions up to 2",
    ):
        RunFolder.open(finished)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"format": "zip"}, "has format='zip' where a run folder has 'pellucid-run'"),
        (
            {"status": "lost"},
            "has status='lost' where one of running, stopped, interrupted, failed, finished belongs",
        ),
        ({"files": 3}, "has files=3 where an object belongs"),
    ],
)
def test_open_refuses_a_run_json_of_something_else(finished, content, fault):
    change(finished / "run.json", **content)
    with pytest.raises(FileFormatError, match=rf"run\.json in .*run {fault}\. Restore it from a copy"):
        RunFolder.open(finished)


def test_open_refuses_a_run_json_with_a_key_missing(finished):
    about = json.loads((finished / "run.json").read_text())
    del about["command"]
    (finished / "run.json").write_text(json.dumps(about))
    with pytest.raises(FileFormatError, match="has no 'command'"):
        RunFolder.open(finished)


def test_open_refuses_a_run_json_cut_short(finished):
    data = (finished / "run.json").read_bytes()
    for length in (0, 1, len(data) // 2, len(data) - 3):
        (finished / "run.json").write_bytes(data[:length])
        with pytest.raises(FileFormatError, match=r"run\.json in .* is not whole JSON"):
            RunFolder.open(finished)


PIECES = {
    "configuration.json": "configuration",
    "environment.json": "environment",
    "history.json": "history",
    "predictions.csv": "predictions",
    "validation.csv": "validation",
    "uses.json": "uses",
    "results.json": "results",
    "pictures.npz": "pictures",
}


@pytest.mark.parametrize(("file", "piece"), PIECES.items())
def test_a_file_that_is_missing_is_named_with_a_remedy(finished, file, piece):
    (finished / file).unlink()
    run = RunFolder.open(finished)
    assert run.has(file)
    with pytest.raises(
        FileFormatError,
        match=rf"{file} in the run folder .*run is missing\. Restore the file from a copy, or make the run "
        r"again with `pellucid run my-run --seed 3`\.",
    ):
        getattr(run, piece)


@pytest.mark.parametrize(("file", "piece"), PIECES.items())
def test_a_file_that_was_cut_short_or_changed_is_refused(finished, file, piece):
    data = (finished / file).read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    for damaged in (b"", data[: len(data) // 2], data[:-1], data + b" ", bytes(flipped)):
        (finished / file).write_bytes(damaged)
        with pytest.raises(FileFormatError, match=rf"{file} .* is not what the run wrote: it was changed or"):
            getattr(RunFolder.open(finished), piece)


def test_check_covers_the_model_too(finished):
    (finished / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(FileFormatError, match=r"model\.safetensors .* is not what the run wrote"):
        RunFolder.open(finished).check()


@pytest.mark.parametrize(("file", "piece"), PIECES.items())
def test_damage_in_a_run_that_is_not_finished_is_refused_with_its_own_remedy(tmp_path, file, piece):
    run = RunFolder.create(tmp_path / "run")
    write_all(run)
    run.interrupt()
    data = (run.path / file).read_bytes()
    (run.path / file).write_bytes(data[: len(data) // 2])
    with pytest.raises(
        FileFormatError,
        match=rf"{file} .*\. The run is interrupted, not finished: continue with `pellucid",
    ):
        getattr(RunFolder.open(run.path), piece)


def test_a_piece_that_was_never_written_is_not_there(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    run.finish()
    assert not RunFolder.open(run.path).has("pictures.npz")


def change(path, **content):
    path.write_text(json.dumps(json.loads(path.read_text()) | content))
