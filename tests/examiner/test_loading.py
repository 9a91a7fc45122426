import functools

import numpy as np

from pellucid.examiner.loading import is_own, load, parameters
from pellucid.examiner.submission import from_source

SOURCE = """
import functools, numpy as np
from textwrap import dedent
def relu(maps, floor=0): return np.maximum(maps, floor)
@functools.lru_cache
def cached(x): return x
each = np.vectorize(lambda x: max(x, 0))
fixed = functools.partial(relu, floor=1)
"""


def test_wrapped_functions_are_the_students_and_imports_are_not():
    names = load(from_source("mine.py", SOURCE))[0]
    own = [name for name, value in names.items() if callable(value) and is_own(value)]
    assert own == ["relu", "cached", "each", "fixed"]


def test_parameters_of_wrapped_functions():
    assert parameters(np.vectorize(lambda x, y=1: x)) == [("x", 1, False), ("y", 1, True)]
    assert parameters(functools.partial(lambda x, y: x, y=1)) == [("x", 1, False), ("y", 3, True)]
    assert parameters(dict) is None


def test_a_file_named_like_a_library_does_not_take_its_place():
    names = load(from_source("numpy.py", "import numpy\nx = numpy.arange(3)"))[0]
    assert list(names["x"]) == [0, 1, 2]


def test_a_network_is_not_trained_and_what_uses_its_history_is_passed_over():
    source = """
import pellucid as keras
model = keras.Sequential([keras.layers.Dense(3)])
history = model.fit(nothing_of_this_name)
print(history.history)
print(model.evaluate(1, 2))
def relu(maps): return max(maps, 0)
"""
    names, notes = load(from_source("lab.py", source))
    assert names["relu"](-1) == 0
    assert notes == [
        "Line 4 was passed over: it trains or tests a network.",
        "Line 5 was passed over: it stops with NameError: name 'history' is not defined, in line 5: "
        "print(history.history).",
        "Line 6 was passed over: it trains or tests a network.",
    ]


def test_a_method_called_fit_is_called_where_no_library_with_networks_is_imported():
    source = "class Line:\n    def fit(self): return 3\nx = Line().fit()"
    names, notes = load(from_source("mine.py", source))
    assert (names["x"], notes) == (3, [])
