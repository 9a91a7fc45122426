import math
import os

import numpy as np
import pytest

from pellucid import initializers
from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.initializers.variance_scaling import fans

SHAPES = [(3, 3, 32, 64), (2, 5, 1, 7), (784, 256), (10, 10), (12,)]
NAMES = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"]


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


@pytest.mark.parametrize("shape", [*SHAPES, (2, 3, 4, 5, 6), ()])
def test_fans_are_keras(keras, shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert fans(shape) == compute_fans(shape)


@pytest.mark.parametrize("shape", [(3, 3, 4, 8), (40, 20)])
@pytest.mark.parametrize("name", NAMES)
def test_the_distribution_is_keras(keras, name, shape):
    """Two samples of one distribution: Kolmogorov-Smirnov finds no difference."""
    from scipy.stats import ks_2samp

    own = np.concatenate(
        [getattr(initializers, name)()(shape, np.random.default_rng(n)).ravel() for n in range(8)]
    )
    theirs = np.concatenate(
        [np.asarray(getattr(keras.initializers, name)(seed=n)(shape)).ravel() for n in range(8)]
    )
    assert own.std() == pytest.approx(theirs.std(), rel=0.08)
    assert np.abs(own).max() == pytest.approx(np.abs(theirs).max(), rel=0.05)
    assert ks_2samp(own, theirs).pvalue > 1e-3


def test_the_comparison_of_distributions_would_notice():
    from scipy.stats import ks_2samp

    shape = (784, 256)
    glorot = initializers.GlorotUniform()(shape, np.random.default_rng(0)).ravel()
    he = initializers.HeUniform()(shape, np.random.default_rng(1)).ravel()
    assert ks_2samp(glorot, he).pvalue < 1e-10


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("GlorotUniform", 2 / (288 + 576)),
        ("GlorotNormal", 2 / (288 + 576)),
        ("HeUniform", 2 / 288),
        ("HeNormal", 2 / 288),
        ("LecunUniform", 1 / 288),
        ("LecunNormal", 1 / 288),
    ],
)
def test_the_variance_is_the_papers(name, variance):
    values = getattr(initializers, name)()((3, 3, 32, 64), np.random.default_rng(0))
    assert values.var() == pytest.approx(variance, rel=0.05)
    assert abs(values.mean()) < 4 * math.sqrt(variance / values.size)
    bound = math.sqrt(3 * variance) if "Uniform" in name else 2 * math.sqrt(variance) / 0.8796
    assert 0.95 * bound < np.abs(values).max() <= bound


def test_the_same_generator_gives_the_same_values_and_another_gives_others():
    make = initializers.HeNormal()
    first, again, other = (make((4, 5), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_a_seed_of_its_own_overrules_the_generator():
    make = initializers.GlorotUniform(seed=3)
    one, two = (make((4, 5), np.random.default_rng(seed)) for seed in (1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != initializers.GlorotUniform(seed=4)((4, 5), np.random.default_rng(1))).any()


def test_values_are_float64():
    assert initializers.VarianceScaling()((2, 2), np.random.default_rng(0)).dtype == np.float64


def test_normal_means_truncated_normal_as_in_keras():
    assert initializers.VarianceScaling(distribution="normal").distribution == "truncated_normal"


def test_bad_arguments():
    with pytest.raises(ArgumentError, match=r"VarianceScaling takes scale as a number in \(0, inf\)"):
        initializers.VarianceScaling(scale=0)
    with pytest.raises(UnknownNameError) as error:
        initializers.VarianceScaling(mode="fan_inn")
    assert str(error.value) == "VarianceScaling knows no mode='fan_inn': did you mean 'fan_in'?"
    with pytest.raises(UnknownNameError, match=r"knows no distribution='unifrm': did you mean 'uniform'\?"):
        initializers.VarianceScaling(distribution="unifrm")
    with pytest.raises(ArgumentError, match="HeNormal takes seed as a whole number of at least 0"):
        initializers.HeNormal(seed=0.5)
    with pytest.raises(UnknownNameError, match=r"GlorotUniform has no argument sed=1: did you mean 'seed'\?"):
        initializers.GlorotUniform(sed=1)
