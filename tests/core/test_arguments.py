import math

import numpy as np
import pytest

from pellucid.core.arguments import real_number, whole_number, whole_pair
from pellucid.errors import ArgumentError


@pytest.mark.parametrize("value", [0.5, 1, np.float32(0.5), np.int64(1)])
def test_any_kind_of_number_becomes_a_float(value):
    number = real_number("SGD", "momentum", value, "[0, 1]")
    assert type(number) is float
    assert number == value


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("[0, 1)", [0, 0.5], [-1e-9, 1, 2]),
        ("(0, 1]", [1, 0.5], [0, 1.1]),
        ("[0, inf)", [0, 1e300], [-1e-300]),
        ("(-inf, inf)", [-1e300, 0], []),
    ],
)
def test_intervals_mean_what_they_mean_in_mathematics(interval, inside, outside):
    for value in inside:
        assert real_number("f", "x", value, interval) == value
    for value in outside:
        with pytest.raises(ArgumentError):
            real_number("f", "x", value, interval)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "0.1", None, True, [0.1], 1j])
@pytest.mark.parametrize("interval", ["[0, 1)", "[0, inf)", "(-inf, inf)"])
def test_what_is_not_a_finite_number_is_refused(value, interval):
    with pytest.raises(ArgumentError):
        real_number("f", "x", value, interval)


def test_the_message_says_what_was_asked_and_what_came():
    with pytest.raises(ArgumentError) as error:
        real_number("SGD", "momentum", -0.5, "[0, 1]")
    assert str(error.value) == "SGD takes momentum as a number in [0, 1]. Received: momentum=-0.5"
    with pytest.raises(ArgumentError) as error:
        real_number("Constant", "value", math.nan)
    assert str(error.value) == "Constant takes value as a finite number. Received: value=nan"


def test_whole_numbers_become_ints():
    assert type(whole_number("f", "k", np.int32(3))) is int
    assert whole_number("f", "k", 0, least=0) == 0


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3", None])
def test_what_is_not_a_whole_number_from_1_is_refused(value):
    with pytest.raises(ArgumentError) as error:
        whole_number("TopK", "k", value)
    assert str(error.value) == f"TopK takes k as a whole number of at least 1. Received: k={value!r}"


@pytest.mark.parametrize("value", [3, np.int64(3), np.array(3), (3, 3), [3, 3], np.array([3, 3])])
def test_a_pair_is_read_from_a_number_or_a_pair(value):
    assert whole_pair("", "window", value) == (3, 3)


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", "22", None, True, (1, 0), (1, 2, 3), (), [1.0, 2], {}])
def test_what_is_not_a_whole_number_or_a_pair_is_refused(value):
    with pytest.raises(ArgumentError) as error:
        whole_pair("", "strides", value)
    rule = "one whole number or two (vertical, horizontal), each at least 1"
    assert str(error.value) == f"strides must be {rule}. Received: strides={value!r}"
    with pytest.raises(ArgumentError) as error:
        whole_pair("Conv2D", "strides", value)
    assert str(error.value) == f"Conv2D takes strides as {rule}. Received: strides={value!r}"


@pytest.mark.parametrize("value", [-1, 256, 1.0, True, None])
def test_a_whole_number_may_have_a_largest_one(value):
    assert whole_number("", "seed", 255, least=0, most=255) == 255
    with pytest.raises(ArgumentError) as error:
        whole_number("", "seed", value, least=0, most=255)
    assert str(error.value) == f"seed is a whole number from 0 to 255. Received: seed={value!r}"
