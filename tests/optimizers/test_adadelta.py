import math

import numpy as np
import pytest

from pellucid import optimizers
from pellucid.errors import ArgumentError, PellucidNote
from pellucid.optimizers import Adadelta


def test_two_steps_by_hand(train):
    rate, rho, epsilon = 0.7, 0.95, 1e-7
    start, gradients = [1.0, -2.0, 0.5], [[0.1, 0.2, -0.3], [-0.4, 0.0, 0.6]]
    expected = []
    for w, first, second in zip(start, *gradients, strict=True):
        of_gradients = of_steps = 0.0
        for g in (first, second):
            of_gradients = rho * of_gradients + (1 - rho) * g**2
            step = -math.sqrt(of_steps + epsilon) / math.sqrt(of_gradients + epsilon) * g
            of_steps = rho * of_steps + (1 - rho) * step**2
            w += rate * step
        expected.append(w)
    np.testing.assert_allclose(train(Adadelta(rate, rho, epsilon), start, gradients), expected, rtol=1e-14)


@pytest.mark.parametrize("make", [Adadelta, lambda: optimizers.get("adadelta"), lambda: Adadelta(rho=0.9)])
def test_without_a_rate_it_warns(make):
    with pytest.warns(PellucidNote) as notes:
        optimizer = make()
    assert optimizer.learning_rate == 0.001
    assert [str(note.message) for note in notes] == [
        "Adadelta() without a learning_rate uses 0.001, the default since TensorFlow 2, at which a network "
        "hardly learns; Adadelta(learning_rate=1.0) is the paper's."
    ]


def test_with_a_rate_it_does_not_warn():
    assert Adadelta(0.001).learning_rate == 0.001  # a warning would be an error here
    assert Adadelta(learning_rate=1).learning_rate == 1.0
    assert Adadelta.from_config(Adadelta(1.0).get_config()).learning_rate == 1.0


def test_the_old_rate_is_a_rate():
    with pytest.warns(PellucidNote) as notes:
        optimizer = Adadelta(lr=1.0)
    assert optimizer.learning_rate == 1.0
    assert len(notes) == 1  # of lr, and none of a missing rate


@pytest.mark.parametrize("rho", [-0.1, 1.0, math.nan])
def test_bad_rho(rho):
    with pytest.raises(ArgumentError) as error:
        Adadelta(1.0, rho=rho)
    assert str(error.value) == f"Adadelta takes rho as a number in [0, 1). Received: rho={rho}"
