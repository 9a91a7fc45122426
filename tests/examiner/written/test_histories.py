"""Saved histories are read beside a submission; nothing is unpickled."""

import json
import pickle

import pytest

from pellucid.errors import FileFormatError
from pellucid.examiner.written.console import Curves
from pellucid.examiner.written.histories import SavedHistory, histories_beside, read_history
from pellucid.examiner.written.reading import experiment_of

HISTORY = {"loss": [0.5, 0.1], "acc": [0.8, 0.9], "val_loss": [0.4, 0.2], "val_acc": [0.85, 0.92]}
VALUES = {"loss": [0.5, 0.1], "accuracy": [0.8, 0.9], "val_loss": [0.4, 0.2], "val_accuracy": [0.85, 0.92]}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(HISTORY),
        json.dumps({"history": HISTORY, "params": {}}),
        json.dumps({name: {str(i): one for i, one in enumerate(row)} for name, row in HISTORY.items()}),
        json.dumps([{name: row[i] for name, row in HISTORY.items()} for i in range(2)]),
    ],
)
def test_json_in_its_usual_forms(content, tmp_path):
    path = tmp_path / "history.json"
    path.write_text(content)
    found = read_history(path)
    assert (found.curves.epochs, found.curves.values) == (2, VALUES)


def test_the_file_of_csv_logger(tmp_path):
    path = tmp_path / "training.csv"
    path.write_text("epoch,acc,loss,val_acc,val_loss\n0,0.8,0.5,0.85,0.4\n1,0.9,0.1,0.92,0.2\n")
    assert read_history(path).curves.values == VALUES


@pytest.mark.parametrize("content", ["{", "[]", "3", '{"a": 1}', '{"loss": ["x"]}', "[" * 100_000])
def test_json_that_is_something_else_is_passed_over(content, tmp_path):
    path = tmp_path / "history.json"
    path.write_text(content)
    assert read_history(path) is None


def test_a_pickle_is_not_opened(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (exec, (f"open({str(tmp_path / 'ran')!r}, 'w')",))

    (tmp_path / "history.pkl").write_bytes(pickle.dumps(Bomb()))
    (tmp_path / "lab.py").write_text("")
    found, notes = histories_beside(tmp_path / "lab.py")
    assert found == []
    assert notes == ["history.pkl was not read: unpickling runs code. Save the history as JSON or CSV."]
    assert not (tmp_path / "ran").exists()


def test_a_run_folder_that_is_damaged_is_told(tmp_path):
    (tmp_path / "mnist-cnn").mkdir()
    (tmp_path / "mnist-cnn" / "configuration.json").write_text("{")
    (tmp_path / "lab.py").write_text("")
    with pytest.raises(FileFormatError, match="mnist-cnn is no run folder that can be read"):
        read_history(tmp_path / "mnist-cnn")
    assert histories_beside(tmp_path / "lab.py")[1][0].startswith("mnist-cnn is no run folder")


def test_of_several_submissions_in_a_folder_each_has_the_histories_of_its_name(tmp_path):
    for name in ("ann.ipynb", "bob.ipynb"):
        (tmp_path / name).write_text("")
    for name in ("ann_history.json", "history.json"):
        (tmp_path / name).write_text(json.dumps(HISTORY))
    assert [one.name for one in histories_beside(tmp_path / "ann.ipynb")[0]] == ["ann_history.json"]
    (tmp_path / "bob.ipynb").unlink()
    assert len(histories_beside(tmp_path / "ann.ipynb")[0]) == 2


@pytest.mark.parametrize(
    ("name", "epochs", "accuracy", "expected"),
    [
        ("mnist-cnn-dropout.json", 3, 0.5, "mnist-cnn-dropout"),
        ("mnist_relu.csv", 3, 0.5, "mnist-relu"),
        ("history_q10.json", 3, 0.5, "mnist-cnn"),
        ("vraag 17.json", 3, 0.5, "cifar10-cnn"),
        ("h.json", 12, 0.921, "mnist-linear"),
        ("h.json", 12, 0.978, "mnist-relu"),
        ("h.json", 20, 0.69, "cifar10-cnn"),
        ("h.json", 7, 0.9, ""),
    ],
)
def test_the_question_that_a_history_belongs_to(name, epochs, accuracy, expected):
    assert experiment_of(SavedHistory(name, Curves(epochs, {"val_accuracy": [accuracy]}))) == expected
