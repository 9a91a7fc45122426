import json

import numpy as np
import pytest

from pellucid.callbacks import CallbackList, History
from pellucid.errors import PellucidNote


def train(history, epochs, first=0):
    callbacks = CallbackList(history, model="network", epochs=len(epochs), steps=4)
    callbacks.on_train_begin()
    for epoch, logs in enumerate(epochs, first):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_epoch_end(epoch, logs)
    callbacks.on_train_end(epochs[-1])
    return history


def test_records_every_metric_of_every_epoch():
    history = train(History(), [{"loss": 0.5, "val_loss": 0.75}, {"loss": 0.25, "val_loss": 0.5}])
    assert history.history == {"loss": [0.5, 0.25], "val_loss": [0.75, 0.5]}
    assert history.epoch == [0, 1]
    assert history.params == {"epochs": 2, "steps": 4}
    assert history.model == "network"


def test_finds_metrics_by_their_old_names():
    history = train(History(), [{"accuracy": 0.5, "val_accuracy": 0.25}])
    with pytest.warns(PellucidNote, match="'acc' is recorded as 'accuracy'"):
        assert history.history["acc"] == [0.5]
    with pytest.warns(PellucidNote, match="'val_acc' is recorded as 'val_accuracy'"):
        assert history.history["val_acc"] == [0.25]


def test_a_metric_that_was_not_measured_is_explained():
    history = train(History(), [{"loss": 0.5}])
    with pytest.raises(KeyError, match="nothing was measured on validation data"):
        history.history["val_loss"]


def test_epochs_go_on_from_the_first():
    assert train(History(), [{"loss": 1.0}] * 2, first=5).epoch == [5, 6]


def test_a_second_training_with_the_same_history_goes_on_in_it():
    history = train(train(History(), [{"loss": 2.0}]), [{"loss": 1.0}], first=1)
    assert history.history == {"loss": [2.0, 1.0]}
    assert history.epoch == [0, 1]
    assert len(history.seconds) == len(history.validation_seconds) == 2


def test_numbers_of_numpy_become_those_of_python():
    history = train(History(), [{"loss": np.float32(0.5), "correct": np.int64(3), "note": "fine"}])
    assert json.loads(json.dumps(history.history)) == {"loss": [0.5], "correct": [3], "note": ["fine"]}


def test_seconds_are_those_of_the_clock(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr("pellucid.callbacks.clock.time.perf_counter", lambda: float(next(now)))
    history = train(History(), [{"loss": 1.0}, {"loss": 1.0}])
    assert history.seconds == [1.0, 1.0]
    assert history.validation_seconds == [0.0, 0.0]


def test_without_a_list_of_callbacks_there_are_no_seconds():
    history = History()
    history.on_epoch_end(0)
    assert (history.epoch, history.history, history.seconds) == ([0], {}, [])


def test_a_history_shows_itself_in_a_line_and_in_a_notebook():
    history = History()
    history.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.75, "<b>": 1.0})
    history.on_epoch_end(1, {"loss": 0.25, "val_loss": 0.5, "<b>": 2.0})
    assert repr(history) == "<History of 2 epochs, loss 0.2500, val_loss 0.5000, <b> 2.0000>"
    shown = history._repr_html_()
    assert shown.count("<svg") == 2
    assert "validation dashed" in shown
    assert "pellucid.figures.plot_history" in shown
    assert "<b>" not in shown


def test_an_empty_history_shows_itself_too():
    assert repr(History()) == "<History of 0 epochs>"
    assert "0 epochs" in History()._repr_html_()
