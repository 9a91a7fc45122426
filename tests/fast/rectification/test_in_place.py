"""Rectification in place, against the plain form."""

from __future__ import annotations

import numpy as np

from pellucid.fast.rectification.in_place import rectify, rectify_gradient
from pellucid.functions import relu, relu_backward

VALUES = np.array([-np.inf, -2, -1e-45, -0.0, 0, 1e-45, 3, np.inf, np.nan], np.float32)


def test_it_equals_the_plain_form():
    found = VALUES.copy()
    rectify(found)
    np.testing.assert_array_equal(found, relu(VALUES))


def test_the_gradient_equals_the_plain_form():
    gradient = np.arange(1, 10, dtype=np.float32)
    np.testing.assert_array_equal(rectify_gradient(gradient, VALUES), relu_backward(gradient, VALUES))
