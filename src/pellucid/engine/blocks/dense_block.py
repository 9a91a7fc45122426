"""A dense layer with the rectification that follows it, its weights' gradient left for later."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid.core.pass_context import PassContext
from pellucid.engine.blocks.block import Block, column_sums
from pellucid.fast.lazy_product import DeferredProduct
from pellucid.fast.rectification.in_place import rectify
from pellucid.layers.layer import Array

FEWEST_WEIGHTS = 1 << 12  # below, the product is done before it could be put off


class DenseBlock(Block):
    """Weighted sums, (rectification).

    The gradient of the weights is as large as the weights, and all that is ever done with it is to add up
    those of a batch's pieces and to update the weights. So it is returned as a product that is not done yet:
    whoever updates some rows of the weights computes these rows, and they never leave the cache.
    """

    is_dense: ClassVar[bool] = True

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, D) @ (D, U) + (U,) -> (n, U)."""
        outputs = inputs @ self.parameters["kernel"]
        if self.layer.use_bias:
            outputs += self.parameters["bias"]
        if self.rectified:
            rectify(outputs)
        return outputs, (inputs, outputs)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Any, ...]]:
        """(n, U) -> (n, D), and (D, U), (U,)."""
        inputs, outputs = saved
        kernel = self.parameters["kernel"]
        if self.rectified:
            gradient = gradient * (outputs > 0)
        d_inputs = gradient @ kernel.T if inputs_gradient else None  # (n, U) @ (U, D)
        product = self._put_off(DeferredProduct(inputs, gradient))
        return d_inputs, self._with_bias(product, column_sums(gradient))

    def _put_off(self, product: DeferredProduct) -> DeferredProduct | Array:
        """Return the weights' gradient as it is, or, where it is small, computed."""
        return product if self.parameters["kernel"].size >= FEWEST_WEIGHTS else product.whole()
