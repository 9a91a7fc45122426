"""What every function promises, checked on one table of them all."""

import inspect
import re

import numpy as np
import pytest

from pellucid import functions
from pellucid.core.randomness import stream

RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(2, 6, 6, 3))
POOLED = RNG.normal(size=(2, 3, 3, 3))
KERNELS, BIAS = RNG.normal(size=(3, 3, 3, 4)), RNG.normal(size=4)
ROWS, WEIGHTS = RNG.normal(size=(2, 5)), RNG.normal(size=(5, 4))
SCORES, PROBABILITIES = RNG.normal(size=(2, 4)), np.full((2, 4), 0.25)
LABELS, EACH = np.array([1, 3]), RNG.normal(size=2)
GAMMA, BETA, MEAN, VARIANCE = RNG.uniform(0.5, 2, (4, 3))
MASK = functions.dropout_mask((2, 6, 6, 3), 0.5, stream(0, "dropout"))

# name: positional arguments, keyword arguments
CALLS = {
    "average_pool": ([MAPS, 2], {}),
    "average_pool_backward": ([POOLED, MAPS, 2], {}),
    "batch_normalize": ([MAPS, GAMMA, BETA], {}),
    "batch_normalize_backward": ([MAPS, MAPS, GAMMA, MEAN, VARIANCE], {}),
    "batch_normalize_inference": ([MAPS, GAMMA, BETA, MEAN, VARIANCE], {}),
    "convolve": ([MAPS, KERNELS, BIAS], {}),
    "convolve_backward": ([RNG.normal(size=(2, 4, 4, 4)), MAPS, KERNELS], {}),
    "cross_entropy": ([LABELS, PROBABILITIES], {}),
    "cross_entropy_backward": ([EACH, LABELS, PROBABILITIES], {}),
    "dropout": ([MAPS, MASK, 0.5], {}),
    "dropout_backward": ([MAPS, MASK, 0.5], {}),
    "fully_connected": ([ROWS, WEIGHTS, BIAS], {}),
    "fully_connected_backward": ([SCORES, ROWS, WEIGHTS], {}),
    "global_average_pool": ([MAPS], {}),
    "global_average_pool_backward": ([MAPS[:, 0, 0], MAPS], {}),
    "max_pool": ([MAPS, 2], {}),
    "max_pool_backward": ([POOLED, MAPS, 2], {}),
    "normalize_maps": ([MAPS], {}),
    "normalize_maps_backward": ([MAPS, MAPS], {}),
    "relu": ([MAPS], {}),
    "relu_backward": ([MAPS, MAPS], {}),
    "softmax": ([SCORES], {}),
    "softmax_backward": ([SCORES, PROBABILITIES], {}),
    "softmax_cross_entropy": ([LABELS, SCORES], {}),
    "softmax_cross_entropy_backward": ([EACH, LABELS, SCORES], {}),
    "translate": ([MAPS, EACH, EACH], {}),
    "translate_backward": ([MAPS, EACH, EACH], {}),
    "update_running_statistics": ([MEAN, VARIANCE, MEAN, VARIANCE], {}),
}
NOT_IN_THE_TABLE = {"GradientReport", "check_gradients", "draw_weights", "dropout_mask"}
EVERY = pytest.mark.parametrize("name", CALLS)


def call(name, change):
    """Call the function on its arguments, each array changed first; its results as a list."""
    arguments = [change(a) if isinstance(a, np.ndarray) else a for a in CALLS[name][0]]
    results = getattr(functions, name)(*arguments, **CALLS[name][1])
    return list(results) if isinstance(results, tuple) else [results], arguments


def in_dtype(dtype):
    return lambda array: array.astype(dtype) if array.dtype == np.float64 else array


def test_the_table_holds_every_function():
    assert sorted({*CALLS, *NOT_IN_THE_TABLE}) == sorted(functions.__all__)


@pytest.mark.parametrize("name", functions.__all__)
def test_public_names(name):
    thing = getattr(functions, name)
    assert callable(thing)
    assert not inspect.ismodule(thing)  # some share their name with their file
    assert thing.__doc__


@pytest.mark.parametrize(
    "name",
    [
        "convolve",
        "relu",
        "max_pool",
        "normalize_maps",
        "fully_connected",
        "softmax",
        "cross_entropy",
        "dropout",
        "check_gradients",
    ],
)
def test_the_docstring_of_the_package_leads_to_it(name):
    assert re.search(rf"\b{name}\b", functions.__doc__)


def test_every_forward_has_its_backward():
    forwards = {name for name in CALLS if not name.endswith("_backward")}
    without = {"batch_normalize_inference", "update_running_statistics"}
    assert {f"{name}_backward" for name in forwards - without} == set(CALLS) - forwards


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(name, dtype):
    results, _ = call(name, in_dtype(dtype))
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@EVERY
def test_whole_numbers_become_float32(name):
    whole = lambda array: np.ones(array.shape, np.int64) if array.dtype == np.float64 else array  # noqa: E731 - one line each beside its case
    results, _ = call(name, whole)
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


@EVERY
def test_float32_is_float64_up_to_rounding(name):
    exact, _ = call(name, in_dtype(np.float64))
    rounded, _ = call(name, in_dtype(np.float32))
    for want, got in zip(exact, rounded, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


@EVERY
def test_inputs_are_never_changed_nor_handed_back(name):
    results, arguments = call(name, read_only)
    for given, original in zip(arguments, CALLS[name][0], strict=True):
        np.testing.assert_array_equal(given, original)
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    for result in results:
        assert not any(np.shares_memory(result, given) for given in arrays)
        assert result.flags.writeable


@EVERY
def test_the_layout_in_memory_does_not_matter(name):
    plain, _ = call(name, np.ascontiguousarray)
    turned, _ = call(name, np.asfortranarray)
    spread, _ = call(name, lambda array: np.repeat(array, 2, axis=0)[::2])
    for want, *others in zip(plain, turned, spread, strict=True):
        for got in others:
            np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in CALLS if not name.startswith("convolve")])
def test_lists_will_do(name):  # for convolve a list is several kernels
    as_lists = lambda array: array if array.dtype == bool else array.tolist()  # noqa: E731 - one line each beside its case
    results, _ = call(name, as_lists)
    expected, _ = call(name, lambda array: array)
    for got, want in zip(results, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
