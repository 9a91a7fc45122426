import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.optimizers import SGD

START = [1.0, -2.0, 0.5]
GRADIENTS = [[0.1, 0.2, -0.3], [-0.4, 0.0, 0.6]]


def test_two_plain_steps_by_hand(train):
    expected = [1.0 - 0.5 * 0.1 + 0.5 * 0.4, -2.0 - 0.5 * 0.2, 0.5 + 0.5 * 0.3 - 0.5 * 0.6]
    np.testing.assert_allclose(train(SGD(0.5), START, GRADIENTS), expected, rtol=1e-15)


@pytest.mark.parametrize("nesterov", [False, True])
def test_two_steps_with_momentum_by_hand(train, nesterov):
    rate, momentum = 0.5, 0.9
    expected = []
    for w, first, second in zip(START, *GRADIENTS, strict=True):
        velocity = 0.0
        for g in (first, second):
            velocity = momentum * velocity - rate * g
            w = w + momentum * velocity - rate * g if nesterov else w + velocity
        expected.append(w)
    result = train(SGD(rate, momentum, nesterov), START, GRADIENTS)
    np.testing.assert_allclose(result, expected, rtol=1e-15)


def test_weight_decay_by_hand(train):
    expected = [1.0 - 1.0 * 0.1 * 0.5 - 0.5 * 0.1]
    np.testing.assert_allclose(train(SGD(0.5, weight_decay=0.1), [1.0], [[0.1]]), expected, rtol=1e-15)


def test_no_momentum_no_state():
    assert SGD().state_names == ()
    assert SGD(momentum=0.9).state_names == ("momentum",)


def test_bad_momentum():
    with pytest.raises(ArgumentError) as error:
        SGD(momentum=1.5)
    assert str(error.value) == "SGD takes momentum as a number in [0, 1]. Received: momentum=1.5"
