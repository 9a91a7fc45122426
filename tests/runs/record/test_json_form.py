"""Any record comes back from its JSON as it was, and JSON that is none is refused with the field's name."""

import json
import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError
from pellucid.runs.record.json_form import RecordError, from_json, to_json, to_object

finite = st.floats(allow_nan=False, allow_infinity=False)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Inner:
    name: str
    size: float | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    count: int
    share: float
    sure: bool
    colour: Colour
    kind: Literal["a", "b"]
    inner: Inner | None
    pair: tuple[float, float]
    many: tuple[Inner, ...] = ()
    by_number: dict[int, float] = field(default_factory=dict)
    anything: Any = None


inners = st.builds(Inner, name=st.text(), size=st.none() | finite)
records = st.builds(
    Record,
    count=st.integers(),
    share=finite,
    sure=st.booleans(),
    colour=st.sampled_from(Colour),
    kind=st.sampled_from(["a", "b"]),
    inner=st.none() | inners,
    pair=st.tuples(finite, finite),
    many=st.lists(inners).map(tuple),
    by_number=st.dictionaries(st.integers(0), finite),
    anything=st.none() | st.text() | st.lists(st.integers()),
)
WHOLE = {
    "count": 1,
    "share": 0.5,
    "sure": True,
    "colour": "red",
    "kind": "a",
    "inner": {"name": "x"},
    "pair": [0, 1],
}


@given(records)
def test_a_record_comes_back_as_it_was(record):
    assert from_json(Record, json.loads(json.dumps(to_json(record), allow_nan=False))) == record


def test_keys_that_no_field_has_are_ignored():
    assert from_json(Record, {**WHOLE, "later": 3}) == from_json(Record, WHOLE)


def test_a_number_that_is_not_finite_is_null_and_comes_back_as_nan():
    written = to_object(Inner(name="x", size=math.inf))
    assert written == {"name": "x", "size": None}
    read = from_json(Inner, written).size
    assert read is not None
    assert math.isnan(read)
    assert from_json(Inner, {"name": "x"}).size is None


def test_arrays_come_back():
    @dataclass
    class Table:
        counts: npt.NDArray[np.int64]

    table = from_json(Table, to_json(Table(np.arange(4).reshape(2, 2))))
    assert table.counts.tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"count": 1.5}, r"has count=1\.5 where a whole number belongs"),
        ({"count": True}, "has count=True where a whole number belongs"),
        ({"share": "half"}, "has share='half' where a number belongs"),
        ({"sure": 1}, "has sure=1 where true or false belongs"),
        ({"colour": "green"}, "has colour='green' where one of red, blue belongs"),
        ({"kind": "c"}, "has kind='c' where one of a, b belongs"),
        ({"inner": {}}, r"has no 'inner\.name'"),
        ({"inner": 3}, "has inner=3 where an object belongs"),
        ({"pair": [1]}, r"has pair=\[1\] where a list of 2 belongs"),
        ({"pair": ["x", 1]}, r"has pair\[0\]='x' where a number belongs"),
        ({"many": [{"name": None}]}, r"has many\[0\]\.name=None where a text belongs"),
        ({"by_number": {"x": 1}}, "has by_number='x' where a whole number as a key belongs"),
    ],
)
def test_a_field_that_is_wrong_is_named(change, fault):
    with pytest.raises(RecordError, match=f"^{fault}$"):
        from_json(Record, {**WHOLE, **change})


@pytest.mark.parametrize("name", WHOLE)
def test_a_field_that_is_missing_is_named(name):
    with pytest.raises(RecordError, match=f"^has no '{name}'$"):
        from_json(Record, {key: value for key, value in WHOLE.items() if key != name})


def test_what_json_does_not_know_is_refused(tmp_path):
    with pytest.raises(
        ArgumentError, match=r"Convert it first, a path for example with str\(\)\. Received: "
    ):
        to_json({"path": tmp_path})


def test_a_whole_number_too_large_for_a_float():
    with pytest.raises(RecordError, match="too large for a float"):
        from_json(Inner, {"name": "a", "size": 10**400})
