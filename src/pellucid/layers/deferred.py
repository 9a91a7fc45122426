"""A product that is computed where and when its rows are needed."""

from __future__ import annotations

import numpy as np

from pellucid.layers.layer import Array


class DeferredProduct:
    """The gradient of a dense layer's weights: inputsᵀ @ gradient, (D, n) @ (n, U) -> (D, U).

    Both arrays are read later, and must not be changed until then.

    >>> product = DeferredProduct(np.array([[1.0, 2.0, 3.0]]), np.array([[10.0, 100.0]]))
    >>> product.shape
    (3, 2)
    >>> product.rows(1, 3)
    array([[ 20., 200.],
           [ 30., 300.]])
    """

    def __init__(self, inputs: Array, gradient: Array) -> None:
        self.inputs = inputs
        self.gradient = gradient
        self.shape = (inputs.shape[1], gradient.shape[1])

    def rows(self, first: int, last: int, out: Array | None = None) -> Array:
        """Return rows ``first`` to before ``last``, in ``out`` if given: (last - first, U)."""
        found: Array = np.matmul(self.inputs[:, first:last].T, self.gradient, out=out)
        return found

    def whole(self) -> Array:
        """Return all rows."""
        return self.rows(0, self.shape[0])
