"""One step of each rule by hand; that whole rows agree with the plain rules is tested with these."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.fast.updates import compiled_updates as updates

f = np.float32


@pytest.mark.parametrize(
    ("rule", "numbers", "before", "after"),
    [
        # parameters, gradient, state …
        (updates.sgd, (0.5,), (1, 2), (0,)),
        (updates.sgd_with_momentum, (0.5, 0.5, False), (1, 2, 4), (2, 2, 1)),
        (updates.sgd_with_momentum, (0.5, 0.5, True), (1, 2, 4), (0.5, 2, 1)),
        (updates.rmsprop, (0.5, 0.75, 0.25, 0), (1, 2, 4), (0.5, 2, 4)),
        (updates.adadelta, (0.5, 0.75, 0.25, 0), (1, 2, 4, 4), (0, 2, 4, 4)),
        (updates.adam, (0.5, 0.5, 0.5, 0), (1, 2, 4, 4), (0.25, 2, 3, 4)),
    ],
)
def test_a_step_by_hand(guarded, rule, numbers, before, after):
    rows = [guarded.put(np.full(17, number, f)) for number in before]
    rule(*rows, *(number if isinstance(number, bool) else f(number) for number in numbers))
    expected = after if len(after) == len(before) else (*after, *before[len(after) :])
    for row, number in zip(rows, expected, strict=True):
        np.testing.assert_array_equal(row, f(number))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_reaches_the_parameter(value):
    parameters, gradient = np.ones(3, f), np.array([1, value, 1], f)
    updates.sgd(parameters, gradient, f(0.1))
    assert np.isfinite(parameters).tolist() == [True, False, True]
