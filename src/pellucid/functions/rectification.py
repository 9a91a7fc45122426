"""Rectification: negative values become zero, the others stay.

relu(x)  = max(x, 0)                  "rectified linear unit", Nair & Hinton 2010
relu'(x) = 1 where x > 0, else 0      at the kink x = 0 the gradient is 0
"""

from __future__ import annotations

import numpy as np

from pellucid.functions.arrays import ArrayLike, Floats, as_floats, as_gradient


def relu(maps: ArrayLike) -> Floats:
    """Set the negative values of ``maps`` to zero.

    Parameters
    ----------
    maps
        Feature maps, or any array, of any shape. It is not changed: the result is a new array. NaN stays NaN.

    Returns
    -------
    Floats
        An array of the same shape and dtype (whole numbers come back as float32).

    Raises
    ------
    ArgumentError
        When ``maps`` does not hold real numbers.

    Examples
    --------
    >>> relu([[-1.5, 2.0], [0.0, -3.0]])
    array([[0., 2.],
           [0., 0.]])
    """
    return np.maximum(as_floats("maps", maps), 0)


def relu_backward(gradient: ArrayLike, maps: ArrayLike) -> Floats:
    """Let the gradient through where ``maps`` is above zero, and nowhere else.

    Parameters
    ----------
    gradient
        dLoss/dOutput, of the shape of ``maps``.
    maps
        What :func:`relu` was given. What it returned will do too: it is above zero at the same places.

    Returns
    -------
    Floats
        dLoss/dMaps. At exactly 0 it is 0.

    Raises
    ------
    ShapeError
        When the two shapes differ.

    Examples
    --------
    >>> relu_backward([10.0, 20.0, 30.0], maps=[-1.0, 0.0, 1.0])
    array([ 0.,  0., 30.])
    """
    maps = as_floats("maps", maps)
    # dL/dx = dL/dy · dy/dx, and dy/dx is 1 or 0: a mask. (Multiplying is ten times as fast as np.where,
    # whose branch no processor can foresee.)
    return as_gradient(gradient, maps.shape, maps.dtype) * (maps > 0)
