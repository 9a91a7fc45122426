import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ShapeError
from pellucid.losses import MeanSquaredError, mean_squared_error

SHAPES = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)


def draw(shape, dtype=np.float64):
    generator = np.random.default_rng(0)
    return generator.random(shape).astype(dtype), generator.random(shape).astype(dtype)


def test_by_hand():
    labels, outputs = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.5, 1.0], [2.0, 0.0]])
    np.testing.assert_allclose(MeanSquaredError().values(labels, outputs), [(0.25 + 1) / 2, 2])
    np.testing.assert_allclose(MeanSquaredError().gradient(labels, outputs), [[-0.5, 1], [2, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_are_keras(keras, dtype):
    labels, outputs = draw((7, 5), dtype)
    own = mean_squared_error(labels, outputs)
    assert own.dtype == dtype
    np.testing.assert_allclose(own, keras.losses.mean_squared_error(labels, outputs), rtol=2e-6)
    theirs = keras.losses.MeanSquaredError()(labels, outputs)
    assert MeanSquaredError()(labels, outputs) == pytest.approx(float(theirs), rel=1e-6)


def test_the_mean_over_maps_is_keras(keras):
    labels, outputs = draw((3, 4, 5, 2), np.float32)
    theirs = keras.losses.MeanSquaredError()(labels, outputs)
    assert MeanSquaredError()(labels, outputs) == pytest.approx(float(theirs), rel=1e-6)


@given(shape=SHAPES)
def test_the_gradient_is_the_slope(shape):
    labels, outputs = draw(shape)
    loss, step = MeanSquaredError(), 1e-6
    slopes = np.empty(shape)
    for place in np.ndindex(shape):
        change = np.zeros(shape)
        change[place] = step
        slopes[place] = (
            loss.values(labels, outputs + change).sum() - loss.values(labels, outputs - change).sum()
        ) / (2 * step)
    np.testing.assert_allclose(loss.gradient(labels, outputs), slopes, rtol=1e-6, atol=1e-8)


def test_a_column_of_outputs_takes_flat_labels():
    assert MeanSquaredError()([1.0, 2.0], [[1.0], [4.0]]) == 2.0


def test_labels_are_never_stretched():
    with pytest.raises(ShapeError, match="labels that outputs are subtracted from have the outputs' shape"):
        MeanSquaredError()([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])


def test_arguments_stay_as_they_are():
    labels, outputs = draw((3, 4))
    labels.flags.writeable = outputs.flags.writeable = False
    MeanSquaredError().values(labels, outputs)
    MeanSquaredError().gradient(labels, outputs)
