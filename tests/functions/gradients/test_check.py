"""The gradient checker: right gradients pass, wrong ones do not, kinks are neither."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pellucid import functions
from pellucid.errors import ArgumentError
from pellucid.functions.gradients.check import check_gradients

MODES = ["full", "projection"]


def relu(maps):
    return np.maximum(maps, 0)


def relu_backward(gradient, maps):
    return gradient * (maps > 0)


def pair_max(x):  # (..., 2) -> (...)
    return x.max(axis=-1)


def pair_max_backward(gradient, x):
    first = np.argmax(x, axis=-1)[..., None] == np.arange(x.shape[-1])
    return gradient[..., None] * first


def normalize(x):  # (N, D), each row to mean 0 and standard deviation 1
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def normalize_backward(gradient, x):
    y = normalize(x)
    centred = gradient - gradient.mean(axis=1, keepdims=True)
    return (centred - y * (gradient * y).mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def dense(inputs, weights, bias):
    return inputs @ weights + bias


def dense_backward(gradient, inputs, weights, bias):
    return gradient @ weights.T, inputs.T @ gradient, gradient.sum(axis=0)


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


# --- Right gradients --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_right_gradients_of_several_arguments_pass(mode):
    report = check_gradients(dense, dense_backward, random(5, 4), random(4, 3), random(3), mode=mode)
    assert report.ok, str(report)
    assert bool(report)
    assert [argument.name for argument in report.arguments] == ["inputs", "weights", "bias"]
    assert report["weights"].compared == report["weights"].total == (12 if mode == "full" else 4)
    assert report["weights"].largest_error < 1e-8


@given(x=arrays(np.float64, array_shapes(min_dims=1, max_dims=4, max_side=4), elements=st.floats(-3, 3)))
@settings(max_examples=60, deadline=None)
def test_smooth_functions_pass_whatever_their_values(x):
    report = check_gradients(np.sin, lambda gradient, x: gradient * np.cos(x), x, names=["x"])
    assert report.ok, str(report)
    assert report["x"].compared == x.size


def test_strong_curvature_is_not_taken_for_a_kink():
    x = 1e-3 * random(3, 6)  # normalising a nearly constant row is steep and strongly bent
    report = check_gradients(normalize, normalize_backward, x)
    assert report.ok, str(report)
    assert report["x"].left_out == ()


def test_a_bend_within_the_step_is_no_error():
    """The slope of the logarithm changes by half between 1e-6 and 2e-6, and the step is 1e-5."""
    x = np.array([1e-6, 2e-5, 1e-3, 1.0])
    assert check_gradients(lambda x: np.log(x + 2e-5), lambda gradient, x: gradient / (x + 2e-5), x).ok
    assert not check_gradients(lambda x: np.log(x + 2e-5), lambda gradient, x: gradient / (x + 3e-5), x).ok


def test_a_slope_that_rounding_hides_is_no_error():
    def softmax_backward(gradient, logits):
        return functions.softmax_backward(gradient, functions.softmax(logits))

    logits = np.array([[100.0, 60.0, 0.0]])  # the first probability is 1 and does not move
    report = check_gradients(functions.softmax, softmax_backward, logits)
    assert report.ok, str(report)


def test_a_minimum_is_not_taken_for_a_kink():
    report = check_gradients(np.square, lambda gradient, x: 2 * x * gradient, np.zeros((2, 2)))
    assert report.ok, str(report)
    assert report.arguments[0].left_out == ()


def test_large_and_small_values_pass():
    for scale in (1e-6, 1.0, 255.0, 1e6):
        x = scale * random(4, 3)
        report = check_gradients(np.square, lambda gradient, x: 2 * x * gradient, x)
        assert report.ok, f"scale={scale}: {report}"


def test_a_gradient_that_is_zero_but_for_rounding_passes():
    """Adding one number to all of a row changes nothing once the row is normalised."""
    report = check_gradients(
        lambda x, shift: normalize(x + shift),
        lambda gradient, x, shift: (normalize_backward(gradient, x + shift), np.zeros(1)),
        random(3, 5),
        random(1),
    )
    assert report.ok, str(report)


def test_a_scalar_output_passes():
    report = check_gradients(
        lambda x: np.mean(x**2), lambda gradient, x: gradient * 2 * x / x.size, random(4, 3)
    )
    assert report.ok, str(report)


def test_float32_arguments_are_checked_in_float64():
    seen = []

    def forward(x):
        seen.append(x.dtype)
        return np.square(x)

    report = check_gradients(forward, lambda gradient, x: 2 * x * gradient, random(3).astype(np.float32))
    assert report.ok, str(report)
    assert set(seen) == {np.dtype(np.float64)}


def test_the_same_seed_gives_the_same_report_and_another_seed_other_slopes():
    def check(seed):
        return check_gradients(relu, lambda gradient, _x: gradient, random(3, 3), seed=seed)

    assert str(check(1)) == str(check(1))
    assert str(check(1)) != str(check(2))


# --- Which arguments are checked --------------------------------------------------------------------------


def test_none_and_whatever_is_not_a_float_array_are_skipped():
    report = check_gradients(
        lambda x, weights, power: (x @ weights) ** power,
        lambda gradient, x, weights, power: (
            None,
            x.T @ (gradient * power * (x @ weights) ** (power - 1)),
            None,
        ),
        random(3, 2),
        random(2, 2),
        2,
    )
    assert report.ok, str(report)
    assert [argument.name for argument in report.arguments] == ["weights"]


def test_a_single_gradient_belongs_to_the_only_array_of_floats():
    labels = np.array([0, 2, 1])
    report = check_gradients(
        lambda labels, logits: logits[np.arange(3), labels] ** 2,
        lambda gradient, labels, logits: 2 * (gradient[:, None] * logits) * (labels[:, None] == np.arange(4)),
        labels,
        random(3, 4),
    )
    assert report.ok, str(report)
    assert [argument.name for argument in report.arguments] == ["logits"]


def test_a_backward_that_needs_fewer_arguments_gets_the_leading_ones():
    def backward(gradient, inputs, weights):
        return gradient @ weights.T, inputs.T @ gradient, gradient.sum(axis=0)

    assert check_gradients(dense, backward, random(5, 4), random(4, 3), random(3)).ok


def test_names_can_be_given():
    report = check_gradients(np.sin, lambda gradient, _x: gradient, random(3), names=["angles"])
    assert "angles: WRONG" in str(report)
    nameless = check_gradients(lambda *x: np.sin(x[0]), lambda gradient, _x: gradient, random(3))
    assert nameless.arguments[0].name == "argument 1"


# --- Kinks and jumps --------------------------------------------------------------------------------------


def test_relu_at_0_is_left_out_and_said():
    maps = random(4, 4, 3)
    maps[0, :3, 0] = 0
    report = check_gradients(relu, relu_backward, maps)
    assert report.ok
    assert report["maps"].left_out == ((0, 0, 0), (0, 1, 0), (0, 2, 0))
    assert report["maps"].compared == 45
    assert (
        "3 of 48 elements sit on a kink (relu at 0, a tied maximum: the winner changes within the step)"
        in (str(report))
    )
    assert "left and right slopes differ; not compared there, but right a little beside" in str(report)


@pytest.mark.parametrize("distance", [1e-9, 1e-7, 3e-7, 1e-6, 9e-6, 1.1e-5])
def test_values_within_the_step_of_0_are_no_errors(distance):
    assert check_gradients(relu, relu_backward, np.array([distance, -distance, 1.0, -1.0])).ok


def test_a_kink_just_within_the_step_is_resolved_by_a_smaller_one():
    report = check_gradients(relu, relu_backward, np.array([5e-6, -5e-6]))
    assert report.ok
    assert report["maps"].left_out == ()


@pytest.mark.parametrize("mode", MODES)
def test_a_tied_maximum_is_left_out_and_said(mode):
    x = np.round(random(20, 2))
    assert (x[:, 0] == x[:, 1]).any()
    report = check_gradients(pair_max, pair_max_backward, x, mode=mode)
    assert report.ok, str(report)
    assert report["x"].left_out
    assert "a tied maximum" in str(report)


@pytest.mark.parametrize("mode", MODES)
def test_all_elements_on_a_kink_are_still_checked_beside_it(mode):
    maps = np.zeros((3, 2))
    report = check_gradients(relu, relu_backward, maps, mode=mode)
    assert report.ok
    assert report["maps"].compared == 0
    wrong = check_gradients(relu, lambda gradient, maps: 3 * gradient * (maps > 0), maps, mode=mode)
    assert wrong["maps"].diagnosis.kind == "factor"


def test_kinks_of_several_outputs_do_not_cancel():
    """The middle of three is tied in two windows; it is the winner of one of them by convention."""

    def neighbours_max(x):  # (3,) -> (2,)
        return np.maximum(x[:-1], x[1:])

    def backward(gradient, x):
        left_wins = x[:-1] >= x[1:]
        return np.append(gradient * left_wins, 0) + np.append(0, gradient * ~left_wins)

    for seed in range(8):  # upstream gradients of equal and of opposite signs
        assert check_gradients(neighbours_max, backward, np.ones(3), seed=seed).ok


def test_many_kinks_that_meet_in_one_output_are_no_errors():
    """A blank image: every hidden unit of a network without bias sits at its kink, with mixed signs above."""
    first, second = random(6, 5, seed=1), random(5, 3, seed=2)

    def network(x):
        return relu(x @ first) @ second

    def backward(gradient, x):
        return (gradient @ second.T * (x @ first > 0)) @ first.T

    report = check_gradients(network, backward, np.zeros((2, 6)))
    assert report.ok, str(report)
    assert len(report["x"].left_out) == 12


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "wrong",
    [
        lambda gradient, maps: gradient * (maps > 0) * 1.01,
        lambda gradient, _maps: gradient,
        lambda gradient, maps: gradient * (maps > 0.5),
        lambda gradient, maps: gradient * (maps < 0),
        lambda gradient, maps: np.where(maps == maps.max(), 1.5, 1) * gradient * (maps > 0),
    ],
)
def test_a_wrong_gradient_is_not_excused_by_kinks(wrong, mode):
    maps = random(5, 6)
    maps[:2] = 0  # a third of all
    report = check_gradients(relu, wrong, maps, mode=mode)
    assert report["maps"].verdict == "wrong"
    assert not report.ok


def test_a_wrong_gradient_is_found_where_all_elements_are_tied():
    x = np.ones((4, 2))
    assert check_gradients(pair_max, pair_max_backward, x).ok
    report = check_gradients(pair_max, lambda gradient, x: 2 * pair_max_backward(gradient, x), x)
    assert report["x"].verdict == "wrong"


@pytest.mark.parametrize("at_zero", [-1.0, 1.5, 5.0])
def test_an_impossible_slope_at_a_kink_is_wrong(at_zero):
    maps = random(3, 4)
    maps[1, 2] = 0
    report = check_gradients(
        relu, lambda gradient, maps: gradient * np.where(maps == 0, at_zero, maps > 0), maps
    )
    assert report["maps"].diagnosis.kind == "kink"
    assert "neither the left slope nor the right one nor between them, as at [1, 2]" in str(report)


@pytest.mark.parametrize("at_zero", [0.0, 0.3, 0.5, 1.0])
def test_any_convention_between_the_slopes_is_right_at_a_kink(at_zero):
    maps = random(3, 4)
    maps[1, 2] = 0
    assert check_gradients(
        relu, lambda gradient, maps: gradient * np.where(maps == 0, at_zero, maps > 0), maps
    ).ok


def test_a_jump_is_left_out_and_said():
    def normalize_or_zero(x):
        deviation = x.std(axis=1, keepdims=True)
        return np.divide(x - x.mean(axis=1, keepdims=True), deviation, out=0 * x, where=deviation > 0)

    def backward(gradient, x):
        constant = x.std(axis=1) == 0
        result = np.zeros_like(x)
        result[~constant] = normalize_backward(gradient[~constant], x[~constant])
        return result

    x = random(3, 5)
    x[1] = 2.0
    report = check_gradients(normalize_or_zero, backward, x)
    assert report.ok, str(report)
    assert report["x"].left_out == tuple((1, i) for i in range(5))
    assert "5 of 15 elements sit on a jump" in str(report)


def test_a_threshold_jumps():
    x = np.array([0.0, 1.0, -1.0])
    report = check_gradients(lambda x: (x > 0) * 1.0, lambda _gradient, x: 0 * x, x)
    assert report.ok
    assert report["x"].left_out == ((0,),)
    assert "1 of 3 elements sits on a jump" in str(report)


def test_the_edge_of_what_forward_can_take_is_left_out_and_said():
    x = np.array([0.0, 1.0, 2.0])
    report = check_gradients(np.sqrt, lambda gradient, x: gradient / (2 * np.sqrt(np.maximum(x, 1e-9))), x)
    assert "1 of 3 elements sits on an edge" in str(report)
    assert report.arguments[0].left_out == ((0,),)


def test_nothing_compared_is_not_ok():
    x = np.full(3, 0.5)
    report = check_gradients(lambda x: np.where(x == 0.5, 1.0, np.nan), lambda gradient, _x: gradient, x)
    assert report["x"].verdict == "not compared"
    assert "NOT COMPARED: none of 3 elements can be" in str(report)
    assert not report.ok


# --- Forward and backward themselves ----------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_forward_that_changes_its_argument_is_reported(mode):
    def in_place(maps):
        maps[maps < 0] = 0
        return maps

    maps = random(4, 4)
    before = maps.copy()
    report = check_gradients(in_place, relu_backward, maps, mode=mode)
    assert not report.ok
    assert report["maps"].ok  # the gradient itself is right
    assert "forward changes its argument 'maps' in place: let it work on a copy." in str(report)
    assert "cannot be trusted yet" in str(report)
    np.testing.assert_array_equal(maps, before)


def test_a_backward_that_changes_an_argument_is_reported():
    def backward(gradient, maps):
        gradient[maps <= 0] = 0
        return gradient

    report = check_gradients(relu, backward, random(4, 4))
    assert report.problems == ("backward changes its argument 'gradient' in place: let it work on a copy.",)

    def another(gradient, maps):
        maps *= gradient
        return gradient

    assert "backward changes its argument 'maps' in place" in str(
        check_gradients(relu, another, random(4, 4))
    )


def test_a_changed_list_of_arrays_is_reported():
    def forward(x, kernels):
        kernels[1][0] = 7
        return x * kernels[0].sum()

    report = check_gradients(
        forward,
        lambda gradient, _x, kernels: gradient * kernels[0].sum(),
        random(3),
        [np.ones(2), np.ones(2)],
    )
    assert report.problems == ("forward changes its argument 'kernels' in place: let it work on a copy.",)


def test_forward_in_float32_is_reported():
    report = check_gradients(lambda x: relu(x).astype(np.float32), relu_backward, random(3, 3))
    assert "forward returns float32 for float64 arguments, too coarse to measure slopes on" in str(report)
    assert not report.ok


def test_float32_inside_forward_is_reported():
    report = check_gradients(
        lambda x: np.sin(x.astype(np.float32)).astype(float),
        lambda gradient, x: gradient * np.cos(x),
        random(9),
    )
    assert "forward computes in float32 inside, too coarse to measure slopes on" in str(report)


def test_backward_in_float32_is_compared_more_coarsely_and_said():
    x = random(3, 3)
    report = check_gradients(np.sin, lambda gradient, x: (gradient * np.cos(x)).astype(np.float32), x)
    assert report.ok
    assert "backward returns float32 for float64 arguments; compared to 0.0001 only" in str(report)
    wrong = check_gradients(np.sin, lambda gradient, x: (1.001 * gradient * np.cos(x)).astype(np.float32), x)
    assert not wrong.ok


def test_a_random_forward_is_reported():
    generator = np.random.default_rng(0)
    report = check_gradients(
        lambda x: x * (generator.random(x.shape) > 0.5), lambda gradient, _x: gradient, random(5, 5)
    )
    assert "forward gives another result the second time" in str(report)


def test_a_forward_that_is_not_finite_is_reported():
    report = check_gradients(np.log, lambda gradient, x: gradient / x, np.array([1.0, 0.0]))
    assert "forward gives NaN or infinity in 1 of 2 elements of its output" in str(report)


# --- The real functions -----------------------------------------------------------------------------------

LABELS = np.array([2, 0, 1, 2, 0])
MASK = np.random.default_rng(5).random((4, 6)) > 0.3

# name: (forward, backward, arguments)
REAL = {
    "convolve": (
        functions.convolve,
        functions.convolve_backward,
        [random(2, 5, 6, 3), random(3, 2, 3, 4), random(4)],
    ),
    "convolve one image": (
        functions.convolve,
        lambda gradient, *given: functions.convolve_backward(gradient, *given)[:2],
        [random(5, 6), random(3, 3)],
    ),
    "convolve, strides and same": (
        partial(functions.convolve, strides=(2, 1), padding="same"),
        lambda gradient, images, kernels, _bias: functions.convolve_backward(
            gradient, images, kernels, strides=(2, 1), padding="same"
        ),
        [random(2, 5, 6, 2), random(3, 4, 2, 3), random(3)],
    ),
    "convolve, edge": (
        partial(functions.convolve, padding="edge"),
        lambda gradient, *given: functions.convolve_backward(gradient, *given, padding="edge")[:2],
        [random(2, 4, 5, 2), random(3, 3, 2, 2)],
    ),
    "relu": (functions.relu, functions.relu_backward, [random(3, 4, 4, 2)]),
    "max_pool": (functions.max_pool, functions.max_pool_backward, [random(2, 5, 6, 3)]),
    "max_pool, overlapping": (
        partial(functions.max_pool, window=3, strides=1, padding="same"),
        lambda gradient, maps: functions.max_pool_backward(gradient, maps, 3, strides=1, padding="same"),
        [random(2, 4, 5, 2)],
    ),
    "max_pool, ties": (
        partial(functions.max_pool, window=3, strides=1),
        lambda gradient, maps: functions.max_pool_backward(gradient, maps, 3, strides=1),
        [np.round(random(2, 5, 5, 2))],
    ),
    "average_pool": (
        partial(functions.average_pool, window=2, padding="same"),
        lambda gradient, maps: functions.average_pool_backward(gradient, maps, 2, padding="same"),
        [random(2, 5, 5, 2)],
    ),
    "global_average_pool": (
        functions.global_average_pool,
        functions.global_average_pool_backward,
        [random(2, 4, 5, 3)],
    ),
    "normalize_maps": (functions.normalize_maps, functions.normalize_maps_backward, [random(2, 4, 5, 3)]),
    "fully_connected": (
        functions.fully_connected,
        functions.fully_connected_backward,
        [random(4, 2, 3, 2), random(12, 5), random(5)],
    ),
    "softmax": (
        functions.softmax,
        lambda gradient, logits: functions.softmax_backward(gradient, functions.softmax(logits)),
        [random(5, 4)],
    ),
    "cross_entropy": (
        functions.cross_entropy,
        functions.cross_entropy_backward,
        [LABELS, functions.softmax(random(5, 3))],
    ),
    "softmax_cross_entropy": (
        functions.softmax_cross_entropy,
        functions.softmax_cross_entropy_backward,
        [LABELS, random(5, 3)],
    ),
    "dropout": (
        lambda inputs: functions.dropout(inputs, MASK, 0.3),
        lambda gradient, _inputs: functions.dropout_backward(gradient, MASK, 0.3),
        [random(4, 6)],
    ),
    "batch_normalize": (
        lambda *given: functions.batch_normalize(*given)[0],
        lambda gradient, inputs, gamma, beta: functions.batch_normalize_backward(
            gradient, inputs, gamma, *functions.batch_normalize(inputs, gamma, beta)[1:]
        ),
        [random(3, 2, 2, 3), random(3), random(3)],
    ),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", REAL)
def test_the_real_functions_pass(name, mode):
    forward, backward, arguments = REAL[name]
    report = check_gradients(forward, backward, *arguments, mode=mode)
    assert report.ok, str(report)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", REAL)
def test_the_real_functions_fail_when_one_gradient_is_spoilt(name, mode):
    forward, backward, arguments = REAL[name]

    def spoilt(gradient, *given):
        result = backward(gradient, *given)
        return (*result[:-1], 1.01 * result[-1]) if isinstance(result, tuple) else 1.01 * result

    # given whole, so that backward still takes as many arguments as it did
    takes = len(arguments) if name not in ("convolve", "fully_connected") else 2
    report = check_gradients(forward, lambda g, *given: spoilt(g, *given[:takes]), *arguments, mode=mode)
    assert report.arguments[-1].diagnosis.kind == "factor", str(report)
    assert "1.01 × what it should be" in str(report)
    assert all(argument.ok for argument in report.arguments[:-1])


# --- What the call cannot use -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: check_gradients(relu, relu_backward, random(2), mode="fast"),
            'mode must be "full" or "projection". Received: mode=\'fast\'',
        ),
        (
            lambda: check_gradients(relu, relu_backward, random(2), step=0),
            "step and tolerance must be positive. Received: step=0, tolerance=1e-06",
        ),
        (
            lambda: check_gradients(relu, relu_backward, random(2), tolerance=float("nan")),
            "Received: step=1e-05, tolerance=nan",
        ),
        (
            lambda: check_gradients(relu, relu_backward, np.arange(3)),
            "give at least one array of floats. Received: maps=int64 array (3,)",
        ),
        (
            lambda: check_gradients(relu, relu_backward, [1.0, 2.0]),
            "There is nothing to differentiate: give at least one array of floats. Received: maps=list",
        ),
        (
            lambda: check_gradients(relu, lambda _gradient, _x: None, random(2)),
            "backward returns None for every array of floats (maps): there is nothing to compare",
        ),
        (
            lambda: check_gradients(lambda x: (x, x), relu_backward, random(2)),
            "forward must return one array; wrap it to return the one to check, as in "
            "lambda *arguments: forward(*arguments)[0]. Received: a tuple of 2",
        ),
        (
            lambda: check_gradients(lambda x: x[:0], relu_backward, random(2)),
            "forward must return an array with elements. Received: shape (0,)",
        ),
        (
            lambda: check_gradients(
                dense, lambda g, i, _w, _b: (i.T @ g, g.sum(axis=0)), random(5, 4), random(4, 3), random(3)
            ),
            "backward must return one gradient for each argument (None for one not differentiated). "
            "Received: 2 for 3 arguments (inputs, weights, bias)",
        ),
        (
            lambda: check_gradients(relu, relu_backward, random(2), names=["a", "b"]),
            "names must have one name for each of the 1 arguments. Received: names=['a', 'b']",
        ),
    ],
)
def test_what_the_call_cannot_use_is_said(call, message):
    with pytest.raises(ArgumentError) as raised:
        call()
    assert message in str(raised.value)
