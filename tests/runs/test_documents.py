import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError
from pellucid.runs.documents import (
    document_from_bytes,
    document_to_bytes,
    history_from_bytes,
    history_to_bytes,
)

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), plain))
def test_a_document_comes_back_as_it_was(content):
    assert document_from_bytes("extra.json", document_to_bytes("extra.json", content)) == content


def test_numpy_values_become_plain_and_what_is_not_finite_null():
    content = {
        "a": np.float32(0.1),
        "b": np.arange(3),
        "c": (np.int64(4), math.inf),
        "d": np.array([math.nan]),
    }
    expected = {"a": float(np.float32(0.1)), "b": [0, 1, 2], "c": [4, None], "d": [None]}
    assert json.loads(document_to_bytes("extra.json", content)) == expected


def test_writing_asks_for_what_the_format_needs():
    with pytest.raises(ArgumentError, match=r"environment\.json of a run folder needs 'packages', but its"):
        document_to_bytes("environment.json", {"python": "3.11", "platform": "Linux"})


def test_writing_asks_for_nested_keys_too():
    test = {"n": 10, "loss": 0.1, "accuracy": 0.9}
    with pytest.raises(ArgumentError, match=r"needs 'test\.accuracy_interval'"):
        document_to_bytes("results.json", {"test": test})


def test_writing_refuses_what_json_does_not_know(tmp_path):
    with pytest.raises(ArgumentError, match=r"keeps numbers, texts, lists and mappings.*str\(\)"):
        document_to_bytes("extra.json", {"path": tmp_path})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is not whole JSON"),
        (b'{"test": {"n": 1', "is not whole JSON"),
        (b"\xff\xfe", "is not whole JSON"),
        (b"[]", "holds a list where an object belongs"),
        (b"{}", r"has no 'test\.n'"),
        (b'{"test": 3}', r"has no 'test\.n'"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_reading_says_what_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        document_from_bytes("results.json", data)


def test_history_comes_back_as_it_was():
    rows = [{"epoch": 1, "loss": 0.1, "val_loss": 1 / 3}, {"epoch": 2, "loss": 1e-9, "val_loss": 2.5}]
    assert history_from_bytes(history_to_bytes(rows)[0]) == rows


def test_history_csv_has_keras_order_then_the_rest_and_empty_fields_for_what_is_missing():
    rows = [
        {"epoch": 1, "zebra": 3, "loss": np.float64(0.5), "accuracy": math.nan},
        {"epoch": 2, "val_loss": 0.1, "loss": 0.4},
    ]
    csv = history_to_bytes(rows)[1].decode()
    assert csv.splitlines() == ["epoch,loss,accuracy,val_loss,zebra", "1,0.5,,,3", "2,0.4,,0.1,"]


def test_a_loss_that_is_not_finite_is_read_as_nan():
    [row] = history_from_bytes(history_to_bytes([{"epoch": 1, "loss": math.inf}])[0])
    assert math.isnan(row["loss"])


def test_an_empty_history_is_a_history():
    assert history_from_bytes(history_to_bytes([])[0]) == []


@pytest.mark.parametrize("epochs", [[0, 1], [1, 1], [2], [None]])
def test_writing_a_history_asks_for_epochs_from_1(epochs):
    with pytest.raises(ArgumentError, match=r"epochs 1, 2, 3, … in order, but got epochs=.*Number them"):
        history_to_bytes([{"epoch": epoch} for epoch in epochs])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"{}", "is not a list of epochs"),
        (b"[3]", "is not a list of epochs"),
        (b'[{"epoch": 2}]', "does not have the epochs 1, 2, 3"),
        (b'[{"epoch": 1, "loss": "low"}]', "has loss='low' in epoch 1 where a number belongs"),
        (b'[{"epoch": 1, "loss": true}]', "has loss=True in epoch 1 where a number belongs"),
        (b'[{"epoch": 1, "lo', "is not whole JSON"),
    ],
)
def test_reading_a_history_says_what_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        history_from_bytes(data)
