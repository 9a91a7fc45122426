import math

import numpy as np
import pytest

from pellucid import initializers
from pellucid.errors import ArgumentError, UnknownNameError

GENERATOR = np.random.default_rng(0)


def test_zeros_ones_and_constants():
    np.testing.assert_array_equal(initializers.Zeros()((2, 3), GENERATOR), np.zeros((2, 3)))
    np.testing.assert_array_equal(initializers.Ones()((2, 3), GENERATOR), np.ones((2, 3)))
    np.testing.assert_array_equal(initializers.Constant(0.1)((4,), GENERATOR), [0.1] * 4)


def test_bad_arguments():
    with pytest.raises(ArgumentError, match="Constant takes value as a finite number"):
        initializers.Constant(math.nan)
    with pytest.raises(UnknownNameError, match=r"Zeros has no argument value=1: it takes none"):
        initializers.Zeros(value=1)
