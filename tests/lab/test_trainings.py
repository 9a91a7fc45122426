"""A training is done once, is resumed where it was interrupted, and is identified by its settings."""

import io
import json
from pathlib import Path

import pytest

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.lab.trainings import TrainingStore, experiment_with, key_of, training, using_store
from pellucid.runs import RunFolder

SETTINGS = {"epochs": 2}


@pytest.fixture
def runs(tmp_path):
    with using_store(TrainingStore(tmp_path / "runs", io.StringIO())) as _:
        pass
    return TrainingStore(tmp_path / "runs", io.StringIO())


def test_a_training_is_done_once(runs):
    with using_store(runs):
        first = training("digits-perceptron", **SETTINGS)
        again = training("digits-perceptron", **SETTINGS)
        other = training("digits-perceptron", **SETTINGS, seed=1)
    assert first.folder.path == again.folder.path != other.folder.path
    assert runs.progress.getvalue().count("training digits-perceptron") == 2
    assert set(runs.seconds) == {first.folder.path.name, other.folder.path.name}


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_an_interrupted_training_goes_on_to_the_same_results(runs, status, monkeypatch):
    with using_store(runs):
        whole = training("digits-perceptron", epochs=3).history
        folder = runs.folder / f"digits-perceptron-{key_of(*experiment_with('digits-perceptron', epochs=3))}"
        rows = json.loads((folder / "history.json").read_text())
    about = json.loads((folder / "run.json").read_text())
    about.pop("files")
    (folder / "run.json").write_text(json.dumps({**about, "status": status, "finished": None}))
    with using_store(runs):
        again = training("digits-perceptron", epochs=3)
    assert "resuming digits-perceptron" in runs.progress.getvalue()
    assert again.history.column("val_loss") == whole.column("val_loss")
    assert len(rows) == 3


def test_a_training_killed_before_it_began_is_done_again(runs):
    folder = runs.folder / f"digits-perceptron-{key_of(*experiment_with('digits-perceptron', epochs=2))}"
    RunFolder.create(folder, name="digits-perceptron")
    with using_store(runs):
        assert training("digits-perceptron", **SETTINGS).history[-1].epoch == 2


def test_a_damaged_run_is_told_and_not_overwritten(runs):
    with using_store(runs):
        folder = training("digits-perceptron", **SETTINGS).folder.path
        (folder / "predictions.csv").write_text("nothing")
        with pytest.raises(
            FileFormatError, match=r"predictions\.csv in the run folder .* is not what the run wrote"
        ):
            training("digits-perceptron", **SETTINGS)
    assert (folder / "predictions.csv").read_text() == "nothing"


def test_an_existing_run_is_read_instead(runs, tmp_path):
    with using_store(runs):
        made = training("digits-perceptron", **SETTINGS).folder.path
    existing = {key_of(*experiment_with("digits-perceptron", epochs=2)): made}
    with using_store(TrainingStore(tmp_path / "elsewhere", existing=existing)):
        assert training("digits-perceptron", **SETTINGS).folder.path == made
    assert not (tmp_path / "elsewhere").exists()


def test_without_a_lab_runs_are_kept_in_the_folder_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert training("digits-perceptron", **SETTINGS).folder.path.parent == Path("runs")


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"epochs": 3},
        {"limit": 500},
        {"learning_rate": 0.1},
        {"validation": "last"},
        {"scaled": True},
        {"filters": 6},
    ],
)
def test_each_setting_has_a_run_of_its_own(change):
    plain = key_of(*experiment_with("digits-cnn"))
    assert key_of(*experiment_with("digits-cnn", **change)) != plain == key_of(*experiment_with("digits-cnn"))


def test_the_number_of_filters_changes_the_first_convolution_alone():
    plain, wider = (experiment_with("mnist-cnn", filters=number)[0] for number in (None, 8))
    filters = [[layer.filters for layer in one.layers if hasattr(layer, "filters")] for one in (plain, wider)]
    assert filters == [[32, 64], [8, 64]]
    assert key_of(*experiment_with("digits-cnn", filters=5)) == key_of(*experiment_with("digits-cnn"))


def test_filters_are_refused_where_there_is_no_convolution():
    with pytest.raises(ArgumentError, match=r"'digits-perceptron' has no convolution\. Received: filters=3"):
        experiment_with("digits-perceptron", filters=3)
