import math

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.optimizers import RMSprop

START = [1.0, -2.0, 0.5]
GRADIENTS = [[0.1, 0.2, -0.3], [-0.4, 0.0, 0.6]]


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_two_steps_by_hand(train, momentum, centered):
    rate, rho, epsilon = 0.1, 0.9, 1e-7
    expected = []
    for w, first, second in zip(START, *GRADIENTS, strict=True):
        mean_square = mean = moving = 0.0
        for g in (first, second):
            mean_square = rho * mean_square + (1 - rho) * g**2
            mean = rho * mean + (1 - rho) * g
            spread = mean_square - mean**2 if centered else mean_square
            moving = momentum * moving + rate * g / math.sqrt(spread + epsilon)
            w -= moving
        expected.append(w)
    result = train(RMSprop(rate, rho, momentum, epsilon, centered), START, GRADIENTS)
    np.testing.assert_allclose(result, expected, rtol=1e-14)


def test_the_same_gradient_again_and_again_has_no_variance_and_still_a_root(train):
    """velocity - average² is 0 but for rounding, which may take it below -epsilon."""
    gradient = np.linspace(1, 100, 1000, dtype=np.float32)
    result = train(RMSprop(1e-3, centered=True), np.zeros(1000), [gradient] * 300, dtype=np.float32)
    assert np.isfinite(result).all()


def test_state_names():
    assert RMSprop().state_names == ("velocity",)
    assert RMSprop(momentum=0.5, centered=True).state_names == ("velocity", "momentum", "average_gradient")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rho": 1.0}, r"RMSprop takes rho as a number in \[0, 1\). Received: rho=1.0"),
        ({"rho": -0.1}, r"RMSprop takes rho as a number in \[0, 1\). Received: rho=-0.1"),
        ({"momentum": 2}, r"RMSprop takes momentum as a number in \[0, 1\]. Received: momentum=2"),
        ({"epsilon": 0}, r"RMSprop takes epsilon as a number in \(0, inf\). Received: epsilon=0"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        RMSprop(**arguments)
