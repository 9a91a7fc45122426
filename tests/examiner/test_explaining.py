"""Why a criterion is lost: the message fits the whole case, and the example shows it."""

import numpy as np
import pytest
from adapters import graded


def values(source, number, criterion="values"):
    return next(one for one in graded(source, number).lost if one.criterion == criterion)


def test_the_example_is_small_and_general():
    lost = values("def relu(maps):\n    return np.where(maps > 0, maps, 0.2 * maps)", 21)
    assert lost.example == "relu(maps=[[3, 7, -2], [1, 5, -4]])"
    assert lost.cause == "leaky, 0.2"


def test_a_smaller_case_that_looks_like_another_mistake_is_not_shown():
    source = """
        def convolve(image, kernels):
            R, S = kernels.shape[:2]
            image = image.reshape(*image.shape[:2], -1)
            bank = kernels.reshape(R, S, image.shape[2], -1)
            w = np.lib.stride_tricks.sliding_window_view(image, (R, S), axis=(0, 1))
            return np.abs(np.einsum("hwcrs,rsck->hwk", w, bank))
    """
    assert "absolute value" in values(source, 20).message  # not "the opposite sign" of a negative one


def test_float32_is_named_only_where_float64_is_right():
    bytes_of_8 = """
        def relu(maps):
            if maps.ndim == 2:
                maps = np.lib.stride_tricks.as_strided(maps, maps.shape, (8 * maps.shape[1], 8))
            return np.maximum(maps, 0)
    """
    lost = values(bytes_of_8, 21, "types")
    assert lost.cause == "float32"
    assert "as_strided counts in bytes" in lost.message
    assert values("def relu(maps):\n    return maps.no_such", 21, "types").cause == "stops"


@pytest.mark.parametrize("power", [2, 3])
def test_a_mistake_that_nobody_knows_is_still_located(power):
    source = f"def relu(maps):\n    return np.maximum(maps, 0) ** {power}"
    assert values(source, 21).message
    assert np.isclose(graded(source, 21).points, 1.25)
