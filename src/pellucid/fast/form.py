"""A fast form: a faster way to compute an operation, or several in sequence.

A form is data: its name, its engine, the chains of operations that it replaces, and the functions that
compute them. Its plain form is the chain itself, operation by operation, and tests/fast/test_forms.py
compares the two. :mod:`pellucid.fast.forms` lists all forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array, BufferPool
from pellucid.fast.lazy_product import LazyProduct

Shape: TypeAlias = tuple[int, ...]  # without the batch axis
Gradient: TypeAlias = Array | LazyProduct
Gradients: TypeAlias = tuple[Array | None, tuple[Gradient, ...]]  # of the inputs, and of each parameter


class Operation(Protocol):
    """The attributes of an elementary operation that forms use; each kind has further ones."""

    kind: Any
    name: str
    dtype: str
    trainable: bool
    index: int
    input_shape: Shape | None
    output_shape: Shape | None
    parameters: dict[str, Array]
    state: dict[str, Array]
    needs_whole_batch: bool
    images_together: int
    is_dense: Any


Operations: TypeAlias = Sequence[Any]  # each an Operation, with the attributes of its kind


def prefixes(*kinds: str) -> tuple[tuple[str, ...], ...]:
    """Return all prefixes of a chain of kinds of operations, the longest first.

    Examples
    --------
    >>> prefixes("dense", "relu")
    (('dense', 'relu'), ('dense',))
    """
    return tuple(kinds[:length] for length in range(len(kinds), 0, -1))


def nothing(_operations: Operations) -> None:
    """Prepare nothing: for forms without preparation."""


@dataclass(frozen=True)
class Form:
    """One way to compute chains of operations.

    Attributes
    ----------
    name
        Name in messages and tests.
    engine
        The engine that it belongs to: ``"numpy"`` or ``"compiled"``.
    patterns
        The chains of kinds of operations that it can replace, the longest first.
    fits
        Whether it can compute these operations, which match one of the patterns; depends only on attributes,
        shapes and dtype.
    forward
        (fused, inputs, context) → outputs, and what ``backward`` needs from this pass.
    backward
        (fused, gradient, saved, inputs_gradient) → the gradients of inputs and parameters.
    prepare
        Computes in advance what both need about the operations: tilings, borders, workspace sizes.
    update_state
        (fused, saved): updates the state, such as running statistics, from a training step.
    """

    name: str
    engine: str
    patterns: tuple[tuple[str, ...], ...]
    fits: Callable[[Operations], bool]
    forward: Callable[[FusedOperation, Array, PassContext], tuple[Array, Any]]
    backward: Callable[[FusedOperation, Array, Any, bool], Gradients]
    prepare: Callable[[Operations], Any] = nothing
    update_state: Callable[[FusedOperation, Any], None] | None = None


@dataclass(eq=False)
class FusedOperation:
    """A sequence of operations that a form computes at once.

    Attributes
    ----------
    first
        The first operation, which has the parameters.
    parameters
        The parameters by name: the first operation's own.
    input_shape, output_shape
        Shapes of one input and one output.
    rectified, pool
        Whether ReLU follows it, and the pooling after that, if any.
    prepared
        What the form's ``prepare`` has returned.
    buffers
        The pool of arrays that live from a forward pass to its backward pass.
    """

    form: Form
    operations: Operations
    first: Any = field(init=False)
    parameters: dict[str, Array] = field(init=False)
    input_shape: Shape = field(init=False)
    output_shape: Shape = field(init=False)
    rectified: bool = field(init=False)
    pool: Any = field(init=False)
    prepared: Any = field(init=False)
    buffers: BufferPool = field(init=False, default_factory=BufferPool)

    def __post_init__(self) -> None:
        by_kind = {operation.kind: operation for operation in self.operations[1:]}
        self.first, last = self.operations[0], self.operations[-1]
        self.parameters = self.first.parameters
        self.input_shape, self.output_shape = self.first.input_shape or (), last.output_shape or ()
        self.rectified, self.pool = "relu" in by_kind, by_kind.get("max_pooling")
        self.prepared = self.form.prepare(self.operations)

    def bias(self) -> Array:
        """Return the bias, or zeros for an operation without a bias."""
        bias = self.parameters.get("bias")
        return np.zeros(self.parameters["kernel"].shape[-1], self.first.dtype) if bias is None else bias

    def with_bias(self, d_kernel: Gradient, d_bias: Array) -> tuple[Gradient, ...]:
        """Return the parameters' gradients, without that of the bias if the operation has no bias."""
        return (d_kernel, d_bias) if self.first.use_bias else (d_kernel,)

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Return the outputs for a micro-batch, and what ``backward`` needs from this pass."""
        return self.form.forward(self, inputs, context)

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Return the gradients of inputs, if wanted, and parameters."""
        return self.form.backward(self, gradient, saved, inputs_gradient)

    def warm_up(self) -> None:
        """Compile the form's functions, or load them from disk, so that no training step waits for them."""
        if self.form.engine != "compiled":
            return
        with np.errstate(all="ignore"):  # the values do not matter
            inputs = np.zeros((1, *self.input_shape), np.float32)
            outputs, saved = self.forward(inputs, PassContext(training=True))
            _, own = self.backward(np.zeros_like(outputs), saved)
            for gradient in own:
                if isinstance(gradient, LazyProduct):
                    gradient.whole()

    def update_state(self, saved: Any) -> None:
        """Update the state from a training step."""
        if self.form.update_state is not None:
            self.form.update_state(self, saved)
