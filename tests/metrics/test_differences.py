import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.metrics import MeanAbsoluteError, MeanSquaredError

LABELS, OUTPUTS = np.random.default_rng(0).random((2, 5, 3)).astype(np.float32)


def test_by_hand():
    labels, outputs = np.array([[1.0, 0.0]]), np.array([[0.5, 2.0]])
    np.testing.assert_array_equal(MeanSquaredError().values(labels, outputs), [(0.25 + 4) / 2])
    np.testing.assert_array_equal(MeanAbsoluteError().values(labels, outputs), [(0.5 + 2) / 2])


@pytest.mark.parametrize("kind", [MeanSquaredError, MeanAbsoluteError])
def test_the_mean_and_the_name_are_keras(keras, kind):
    theirs = getattr(keras.metrics, kind.__name__)()
    assert kind()(LABELS, OUTPUTS) == pytest.approx(float(theirs(LABELS, OUTPUTS)), rel=1e-6)
    assert kind().name == theirs.name


@pytest.mark.parametrize("kind", [MeanSquaredError, MeanAbsoluteError])
def test_labels_are_never_stretched(kind):
    with pytest.raises(ShapeError, match="have the outputs' shape"):
        kind()(LABELS[:, :1], OUTPUTS)
