import pytest

from pellucid.examiner.parts import part_of

SOURCE = """
import os
import numpy as np
from math import exp as e
LOW, HIGH = 0, 1
if True:
    MIDDLE = HIGH / 2
data = os.listdir()
@np.vectorize
def cut(x, data=LOW):
    def inner(y):
        return y * MIDDLE
    return inner(x) + data
def other(x): return cut(x) + unset
class Layer:
    def forward(self, x):
        return e(x)
net = Layer()
a = 1; b = 2
"""


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (["cut"], [3, 5, 6, 10]),  # a local variable named data does not need the other data
        (["net"], [4, 15, 18]),
        (["b"], [19, 19]),
        (["nothing"], []),
    ],
)
def test_what_a_function_needs_step_by_step(wanted, lines):
    assert [statement.lineno for statement in part_of(SOURCE, wanted).statements] == lines


def test_lines_stay_where_they_are_and_the_part_runs():
    part = part_of(SOURCE, ["cut"])
    assert part.source.splitlines()[9] == "def cut(x, data=LOW):"
    names = {}
    exec(part.source, names)  # noqa: S102 - the source above
    assert names["cut"](4.0) == 2
    assert "other" not in names


def test_a_name_that_is_bound_nowhere_is_told():
    assert part_of(SOURCE, ["other"]).unknown == ("unset",)
    assert part_of("from numpy import *\n" + SOURCE, ["other"]).unknown == ()
    assert part_of(SOURCE, ["cut"]).unknown == ()
