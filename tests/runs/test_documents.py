import math

import pytest

from pellucid.errors import ArgumentError
from pellucid.runs.documents import history_from_bytes, history_to_bytes, record_from_bytes
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.record.results import Results


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is not whole JSON"),
        (b'{"test": {"n": 1', "is not whole JSON"),
        (b"\xff\xfe", "is not whole JSON"),
        (b"[]", "holds a list where an object belongs"),
        (b"{}", r"has no 'test'"),
        (b'{"test": {"n": 1, "loss": 0.5}}', r"has no 'test\.accuracy'"),
        (b'{"test": 3}', r"has test=3 where an object belongs"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_reading_says_what_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        record_from_bytes(Results, "results.json", data)


def test_history_comes_back_as_it_was():
    history = History.of(
        [{"epoch": 1, "loss": 0.1, "val_loss": 1 / 3}, {"epoch": 2, "loss": 1e-9, "val_loss": 2.5}]
    )
    assert history_from_bytes(history_to_bytes(history)[0]) == history


def test_history_csv_has_keras_order_and_empty_fields_for_what_is_missing():
    history = History(
        (
            EpochRecord(epoch=1, loss=0.5, accuracy=math.nan),
            EpochRecord(epoch=2, val_loss=0.1, loss=0.4),
        )
    )
    csv = history_to_bytes(history)[1].decode()
    assert csv.splitlines() == ["epoch,loss,accuracy,val_loss", "1,0.5,,", "2,0.4,,0.1"]


def test_a_loss_that_is_not_finite_is_read_as_nan():
    [row] = history_from_bytes(history_to_bytes(History((EpochRecord(epoch=1, loss=math.inf),)))[0])
    assert math.isnan(row.loss)
    assert row.val_loss is None


def test_an_empty_history_is_a_history():
    assert history_from_bytes(history_to_bytes(History())[0]) == History()


@pytest.mark.parametrize("epochs", [[0, 1], [1, 1], [2]])
def test_a_history_asks_for_epochs_from_1(epochs):
    with pytest.raises(ArgumentError, match=r"epochs 1, 2, 3, … in order: number them.* Received: epochs="):
        History(tuple(EpochRecord(epoch=epoch) for epoch in epochs))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"{}", "is not a list of epochs"),
        (b"[3]", "is not a list of epochs"),
        (b'[{"epoch": 2}]', "does not have the epochs 1, 2, 3"),
        (b'[{"epoch": 1, "loss": "low"}]', r"has epochs\[0\]\.loss='low' where a number belongs"),
        (b'[{"epoch": 1, "loss": true}]', r"has epochs\[0\]\.loss=True where a number belongs"),
        (b'[{"epoch": 1, "lo', "is not whole JSON"),
    ],
)
def test_reading_a_history_says_what_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        history_from_bytes(data)
