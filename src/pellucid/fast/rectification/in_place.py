"""ReLU in place, and its gradient, without allocating memory."""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array, workspace


def rectify(values: Array) -> None:
    """Set negative values to zero; NaN stays NaN.

    NumPy's ``clip`` is vectorised where ``maximum`` with a number is not.

    Examples
    --------
    >>> values = np.array([-1.5, 2, np.inf], np.float32)
    >>> rectify(values)
    >>> values
    array([ 0.,  2., inf], dtype=float32)
    """
    np.clip(values, 0, np.inf, out=values)


def rectify_gradient(gradient: Array, outputs: Array) -> Array:
    """Return the gradient where outputs are positive, and zero elsewhere, in this thread's workspace.

    Examples
    --------
    >>> rectify_gradient(np.array([5, 6], np.float32), np.array([0, 2], np.float32))
    array([0., 6.], dtype=float32)
    """
    positive = np.greater(outputs, 0, out=workspace("positive", outputs.shape, bool))
    return np.multiply(gradient, positive, out=workspace("d rectified", outputs.shape))
