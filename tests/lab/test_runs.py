"""A training is done once, goes on where it was interrupted, and is told apart by its settings."""

import io
import json
from pathlib import Path

import pytest

from pellucid.errors import FileFormatError
from pellucid.lab.runs import Runs, key_of, runs_in, training, wanted
from pellucid.runs import RunFolder

SETTINGS = {"epochs": 2}


@pytest.fixture
def runs(tmp_path):
    with runs_in(Runs(tmp_path / "runs", io.StringIO())) as _:
        pass
    return Runs(tmp_path / "runs", io.StringIO())


def test_a_training_is_done_once(runs):
    with runs_in(runs):
        first = training("digits-perceptron", **SETTINGS)
        again = training("digits-perceptron", **SETTINGS)
        other = training("digits-perceptron", **SETTINGS, seed=1)
    assert first.folder.path == again.folder.path != other.folder.path
    assert runs.progress.getvalue().count("training digits-perceptron") == 2
    assert set(runs.seconds) == {first.folder.path.name, other.folder.path.name}


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_an_interrupted_training_goes_on_to_the_same_results(runs, status, monkeypatch):
    with runs_in(runs):
        whole = training("digits-perceptron", epochs=3).history
        folder = runs.folder / f"digits-perceptron-{key_of(*wanted('digits-perceptron', epochs=3))}"
        rows = json.loads((folder / "history.json").read_text())
    about = json.loads((folder / "run.json").read_text())
    about.pop("files")
    (folder / "run.json").write_text(json.dumps({**about, "status": status, "finished": None}))
    with runs_in(runs):
        again = training("digits-perceptron", epochs=3)
    assert "going on with digits-perceptron" in runs.progress.getvalue()
    assert [row["val_loss"] for row in again.history] == [row["val_loss"] for row in whole]
    assert len(rows) == 3


def test_a_training_killed_before_it_began_is_done_again(runs):
    folder = runs.folder / f"digits-perceptron-{key_of(*wanted('digits-perceptron', epochs=2))}"
    RunFolder.create(folder, name="digits-perceptron")
    with runs_in(runs):
        assert training("digits-perceptron", **SETTINGS).history[-1]["epoch"] == 2


def test_a_damaged_run_is_told_and_not_overwritten(runs):
    with runs_in(runs):
        folder = training("digits-perceptron", **SETTINGS).folder.path
        (folder / "predictions.csv").write_text("nothing")
        with pytest.raises(
            FileFormatError, match=r"predictions\.csv in the run folder .* is not what the run wrote"
        ):
            training("digits-perceptron", **SETTINGS)
    assert (folder / "predictions.csv").read_text() == "nothing"


def test_a_given_run_is_read_instead(runs, tmp_path):
    with runs_in(runs):
        made = training("digits-perceptron", **SETTINGS).folder.path
    given = {key_of(*wanted("digits-perceptron", epochs=2)): made}
    with runs_in(Runs(tmp_path / "elsewhere", given=given)):
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
    ],
)
def test_each_setting_has_a_run_of_its_own(change):
    plain = key_of(*wanted("digits-cnn"))
    assert key_of(*wanted("digits-cnn", **change)) != plain == key_of(*wanted("digits-cnn"))
