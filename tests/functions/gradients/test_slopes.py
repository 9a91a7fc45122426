"""Slopes, and what forward does within a step, on functions whose answers are known."""

import numpy as np
import pytest

from pellucid.functions.gradients.slopes import JUMP, KINK, NOT_FINITE, SMOOTH, Probes, SlopeMeter


def meter(function, array, upstream=None, probes=None, batch_axis=0):
    array = np.asarray(array, dtype=float)
    upstream = np.ones(np.shape(function(array))) if upstream is None else np.asarray(upstream, dtype=float)
    return SlopeMeter(
        function,
        array,
        upstream,
        probes or Probes(array.shape),
        step=1e-5,
        tolerance=1e-6,
        batch_axis=batch_axis,
    )


def test_slopes_by_hand():
    slopes = meter(lambda x: x**3, [1.0, -2.0], upstream=[1.0, 10.0]).measure()
    np.testing.assert_allclose(slopes.central, [3, 120], rtol=1e-9)
    np.testing.assert_allclose(slopes.by_image, [[3, 0], [0, 120]], rtol=1e-9)
    assert slopes.kind.tolist() == [SMOOTH, SMOOTH]
    assert not slopes.doubtful.any()


def test_slopes_along_a_direction_are_those_of_its_elements_together():
    probes = Probes((2,), np.array([[1.0, 1.0], [1.0, -1.0]]))
    slopes = meter(lambda x: x**2, [3.0, 5.0], probes=probes).measure()
    np.testing.assert_allclose(slopes.central, [16, -4], rtol=1e-8)
    np.testing.assert_allclose(probes.project(np.array([6.0, 10.0])), [16, -4])


def test_the_parts_of_images_follow_the_batch_axis():
    def table(x):  # (1,) -> (2, 3)
        return x * np.arange(6.0).reshape(2, 3)

    def parts(axis):
        return meter(table, [1.0], batch_axis=axis).measure().by_image[0]

    np.testing.assert_allclose(parts(0), [3, 12], rtol=1e-9)
    np.testing.assert_allclose(parts(1), [3, 5, 7], rtol=1e-9)
    np.testing.assert_allclose(parts(None), [15], rtol=1e-9)


@pytest.mark.parametrize(
    ("function", "at", "kind", "low", "high"),
    [
        (np.abs, 0.0, KINK, -1, 1),
        (lambda x: np.maximum(x, 0), 0.0, KINK, 0, 1),
        (lambda x: np.maximum(x, 0), 5e-6, SMOOTH, 1, 1),  # the kink is within the step, not the smaller one
        (lambda x: np.maximum(3 * x, 2 * x), 0.0, KINK, 2, 3),
        (lambda x: 1e3 * x**2, 0.0, SMOOTH, 0, 0),
        (lambda x: np.sin(300 * x), 0.0, SMOOTH, 300, 300),
        (lambda x: np.sin(3e4 * x), 0.0, SMOOTH, 3e4, 3e4),  # bent within the smaller step too
    ],
)
def test_what_forward_does_within_the_step(function, at, kind, low, high):
    one = meter(function, [at])
    slopes = one.measure()
    one.look_closer(slopes, np.array([True]))
    assert slopes.kind.tolist() == [kind]
    np.testing.assert_allclose([slopes.low[0], slopes.high[0]], [low, high], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda x: (x > 0) * 1.0, JUMP),
        (lambda x: np.where(x > 0, 1.0, np.where(x < 0, -1.0, 0.0)), JUMP),  # as far to either side
        (np.sqrt, NOT_FINITE),
        (lambda x: np.where(x == 0, 0, np.nan), NOT_FINITE),
    ],
)
def test_jumps_and_edges_have_no_slope(function, kind):
    with np.errstate(invalid="ignore"):
        one = meter(function, [0.0])
        slopes = one.measure()
        one.look_closer(slopes, np.array([True]))
    assert slopes.kind.tolist() == [kind]


def test_kinks_of_several_outputs_widen_the_range_each_by_itself():
    """Up to the right in one output and down in the other: the sum is smooth, its parts are not."""
    one = meter(lambda x: np.maximum(x, 0) * np.ones(2), [0.0], upstream=[1.0, -1.0])
    slopes = one.measure()
    assert slopes.doubtful.all()
    one.look_closer(slopes, slopes.doubtful)
    np.testing.assert_allclose([slopes.low[0], slopes.central[0], slopes.high[0]], [-1, 0, 1])


def test_probes_know_their_elements():
    each = Probes((2, 3))
    assert (len(each), each.unit, each.index(4)) == (6, "elements", (1, 1))
    np.testing.assert_array_equal(each.moved(np.zeros((2, 3)), 4, 0.5), [[0, 0, 0], [0, 0.5, 0]])
    some = Probes((2,), np.array([[1.0, -1.0]]))
    assert (len(some), some.unit, some.index(0)) == (1, "random directions", (0,))
    np.testing.assert_array_equal(some.moved(np.zeros(2), 0, 0.5), [0.5, -0.5])
    one = Probes(())
    assert (len(one), one.index(0)) == (1, ())


def test_steps_grow_with_large_values_and_shrink_with_many_elements():
    assert Probes((2,)).size_of_step(np.array([0.1, -300.0]), 0, 1e-5) == 1e-5
    assert Probes((2,)).size_of_step(np.array([0.1, -300.0]), 1, 1e-5) == pytest.approx(3e-3)
    all_together = Probes((16,), np.ones((1, 16)))
    assert all_together.size_of_step(np.ones(16), 0, 1e-5) == pytest.approx(0.5e-5)
