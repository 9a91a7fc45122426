"""A lazily evaluated matrix product (the weight gradient of a dense layer)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.fast.buffers import Array, workspace

Kernel = Callable[[Array, Array, int, int, Array, bool], None]  # inputs, gradient, first, last, out, adding


class LazyProduct:
    """The gradient of a dense layer's weights: inputsᵀ @ gradient, (D, n) @ (n, U) -> (D, U).

    Both arrays are read later, and must not change until then.

    Parameters
    ----------
    kernel
        Computes rows of the product instead of NumPy, such as
        :func:`pellucid.fast.dense.compiled_dense.weights_gradient`.

    Examples
    --------
    >>> product = LazyProduct(np.array([[1.0, 2.0, 3.0]]), np.array([[10.0, 100.0]]))
    >>> product.shape
    (3, 2)
    >>> product.whole()[1:]
    array([[ 20., 200.],
           [ 30., 300.]])
    """

    def __init__(self, inputs: Array, gradient: Array, kernel: Kernel | None = None) -> None:
        self.inputs = inputs
        self.gradient = gradient
        self.kernel = kernel
        self.shape = (inputs.shape[1], gradient.shape[1])

    def write(self, first: int, last: int, out: Array, *, adding: bool = False) -> None:
        """Write rows ``first`` to before ``last``, (last - first, U), to ``out``, or add them."""
        if self.kernel is not None:
            self.kernel(self.inputs, self.gradient, first, last, out, adding)
            return
        turned = self.inputs[:, first:last].T
        if adding:
            out += np.matmul(turned, self.gradient, out=workspace("product", out.shape, out.dtype))
        else:
            np.matmul(turned, self.gradient, out=out)

    def whole(self) -> Array:
        """Return the whole product."""
        out = np.empty(self.shape, self.gradient.dtype)
        self.write(0, self.shape[0], out)
        return out
