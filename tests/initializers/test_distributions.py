import numpy as np
import pytest

from pellucid import initializers
from pellucid.errors import ArgumentError
from pellucid.initializers.distributions import truncated_normal


def draw(initializer, size=20_000):
    return initializer((size,), np.random.default_rng(0))


def test_uniform():
    values = draw(initializers.RandomUniform(-1.0, 3.0))
    assert values.min() >= -1
    assert values.max() < 3
    assert values.mean() == pytest.approx(1, abs=0.05)
    assert values.std() == pytest.approx(4 / np.sqrt(12), rel=0.02)


def test_normal():
    values = draw(initializers.RandomNormal(1.0, 0.5))
    assert values.mean() == pytest.approx(1, abs=0.02)
    assert values.std() == pytest.approx(0.5, rel=0.02)
    assert np.abs(values - 1).max() > 2 * 0.5  # it has tails


def test_truncated_normal():
    values = draw(initializers.TruncatedNormal(1.0, 0.5))
    assert values.mean() == pytest.approx(1, abs=0.02)
    assert 1.9 * 0.5 < np.abs(values - 1).max() <= 2 * 0.5
    assert values.std() == pytest.approx(0.5 * 0.8796, rel=0.02)


def test_truncated_normal_of_a_single_value():
    assert abs(truncated_normal((), np.random.default_rng(0))) <= 2


def test_defaults_are_keras():
    assert initializers.RandomUniform().get_config() == {"minval": -0.05, "maxval": 0.05, "seed": None}
    assert initializers.RandomNormal().get_config() == {"mean": 0.0, "stddev": 0.05, "seed": None}
    assert initializers.TruncatedNormal().get_config() == {"mean": 0.0, "stddev": 0.05, "seed": None}


def test_bad_arguments():
    with pytest.raises(ArgumentError) as error:
        initializers.RandomUniform(1, 0)
    assert str(error.value) == "RandomUniform takes minval below maxval. Received: minval=1, maxval=0"
    with pytest.raises(ArgumentError, match=r"TruncatedNormal takes stddev as a number in \[0, inf\)"):
        initializers.TruncatedNormal(stddev=-1)
