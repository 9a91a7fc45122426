import math

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.optimizers import Adam, AdamW

START = [1.0, -2.0, 0.5]
GRADIENTS = [[0.1, 0.2, -0.3], [-0.04, 0.0, 0.06]]


def by_hand(rate, beta_1, beta_2, epsilon, *, amsgrad, weight_decay):
    result = []
    for w, first, second in zip(START, *GRADIENTS, strict=True):
        m = v = largest = 0.0
        for t, g in enumerate((first, second), start=1):
            w -= w * weight_decay * rate
            m = beta_1 * m + (1 - beta_1) * g
            v = beta_2 * v + (1 - beta_2) * g**2
            largest = max(largest, v)
            alpha = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
            w -= alpha * m / (math.sqrt(largest if amsgrad else v) + epsilon)
        result.append(w)
    return result


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("amsgrad", [False, True])
@pytest.mark.parametrize("beta_2", [0.999, 0.5])
def test_two_steps_by_hand(train, beta_2, amsgrad, weight_decay):
    optimizer = Adam(0.1, 0.9, beta_2, 1e-7, amsgrad, weight_decay)
    expected = by_hand(0.1, 0.9, beta_2, 1e-7, amsgrad=amsgrad, weight_decay=weight_decay)
    np.testing.assert_allclose(train(optimizer, START, GRADIENTS), expected, rtol=1e-13)


def test_the_two_steps_tell_amsgrad_from_plain_adam():
    settings = {"rate": 0.1, "beta_1": 0.9, "beta_2": 0.5, "epsilon": 1e-7, "weight_decay": 0.0}
    assert by_hand(**settings, amsgrad=True)[0] != by_hand(**settings, amsgrad=False)[0]


def test_adamw_is_adam_with_decay(train):
    adam = train(Adam(0.1, weight_decay=0.004), START, GRADIENTS)
    np.testing.assert_array_equal(train(AdamW(0.1), START, GRADIENTS), adam)


def test_the_first_step_is_the_rate_whatever_the_gradient(train):
    """The two corrections for the start at 0 cancel at the first step: |step| = rate, but for epsilon."""
    result = train(Adam(0.01), [0.0, 0.0], [[1e3, -1.0]])
    np.testing.assert_allclose(result, [-0.01, 0.01], rtol=1e-5)


def test_state_names():
    assert Adam().state_names == ("momentum", "velocity")
    assert Adam(amsgrad=True).state_names == ("momentum", "velocity", "velocity_hat")


def test_bad_arguments():
    with pytest.raises(
        ArgumentError, match=r"Adam takes beta_1 as a number in \[0, 1\). Received: beta_1=1.0"
    ):
        Adam(beta_1=1.0)
    with pytest.raises(
        ArgumentError, match=r"AdamW takes beta_2 as a number in \[0, 1\). Received: beta_2=nan"
    ):
        AdamW(beta_2=math.nan)
    with pytest.raises(ArgumentError) as error:
        AdamW(weight_decay=None)
    assert str(error.value) == (
        "AdamW takes weight_decay as a number; Adam is AdamW without it. Received: weight_decay=None"
    )
