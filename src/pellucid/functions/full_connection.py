"""The fully connected layer: every output node is a weighted sum of all inputs, plus a bias.

    y = x W + b         x (N, D), W (D, U), b (U,), y (N, U)

A stack of feature maps is flattened first, row by row, the channels of a pixel side by side, as Keras's
``Flatten`` does: D = H·W·C. Weights are stored as Keras stores them: one COLUMN per output node.
"""

from __future__ import annotations

import math

import numpy as np

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions.arrays import ArrayLike, DTypeLike, Floats, as_floats, as_gradient


def fully_connected(
    inputs: ArrayLike,
    weights: ArrayLike | int,
    bias: ArrayLike | None = None,
    *,
    generator: np.random.Generator | None = None,
) -> Floats:
    """Link every input to every output node.

    Parameters
    ----------
    inputs
        One flat array (D,), a batch of them (N, D), one stack of feature maps (H, W, C), or a batch of stacks
        (N, H, W, C). Two axes are always a batch: give a single map as ``inputs.ravel()``.
    weights
        (D, U), a column for each output node; or a whole number U, how many output nodes: the weights are
        then drawn from ``generator`` by :func:`draw_weights` (call that yourself to keep them).
    bias
        (U,), or None for no bias.
    generator
        Where random weights come from, for example ``pellucid.core.randomness.stream(0, "weights")``.

    Returns
    -------
    Floats
        (U,) for a single input, (N, U) for a batch, in the dtype of the inputs (float32 for whole numbers).

    Raises
    ------
    ShapeError
        When inputs, weights and bias do not fit together.
    ArgumentError
        When a number of nodes comes without a generator, or is below 1.

    Examples
    --------
    >>> fully_connected([1, 2, 3], [[1, 4], [2, 5], [3, 6]])
    array([14., 32.], dtype=float32)
    >>> fully_connected(np.ones((5, 4, 4, 2)), 10, generator=np.random.default_rng(0)).shape
    (5, 10)
    """
    inputs = as_floats("inputs", inputs)
    rows = _as_rows(inputs)
    if isinstance(weights, int | np.integer):
        weights = _draw_for(rows, int(weights), generator)
    outputs = rows @ _checked_weights(weights, inputs, rows)  # (N, D) @ (D, U) -> (N, U)
    if bias is not None:
        bias = as_floats("bias", bias)
        if bias.shape != outputs.shape[1:]:
            raise ShapeError(
                f"bias must have one number for each of the {outputs.shape[1]} output nodes. "
                f"Received: bias.shape={bias.shape}"
            )
        outputs += bias
    return outputs.reshape(_output_shape(inputs, outputs.shape[1]))


def fully_connected_backward(
    gradient: ArrayLike, inputs: ArrayLike, weights: ArrayLike, *, inputs_gradient: bool = True
) -> tuple[Floats | None, Floats, Floats]:
    """Bring the gradient back to the inputs, the weights and the bias.

    Parameters
    ----------
    gradient
        dLoss/dOutputs: (U,) for a single input, (N, U) for a batch.
    inputs, weights
        What :func:`fully_connected` was given (weights as an array).
    inputs_gradient
        False leaves out the gradient of the inputs, which the first layer of a network has no use for.

    Returns
    -------
    tuple
        dLoss/dInputs, of the shape of the inputs (None when left out), dLoss/dWeights (D, U) and
        dLoss/dBias (U,).

    Raises
    ------
    ShapeError
        When gradient, inputs and weights do not fit together.

    Examples
    --------
    >>> weights = [[5.0, 6.0], [7.0, 8.0]]
    >>> fully_connected_backward([1.0, 2.0], [3.0, 4.0], weights)
    (array([17., 23.]), array([[3., 6.], [4., 8.]]), array([1., 2.]))
    """
    inputs = as_floats("inputs", inputs)
    rows = _as_rows(inputs)
    weights = _checked_weights(weights, inputs, rows)
    units = weights.shape[1]
    gradient = as_gradient(gradient, _output_shape(inputs, units), inputs.dtype).reshape(-1, units)
    # y_nu = Σ_d x_nd W_du + b_u: W_du carries x_nd to y_nu in each sample n, so its gradient is a sum over n:
    # dL/dx_nd = Σ_u g_nu W_du        dL/dW_du = Σ_n x_nd g_nu        dL/db_u = Σ_n g_nu
    d_inputs = (gradient @ weights.T).reshape(inputs.shape) if inputs_gradient else None  # (N, U) @ (U, D)
    return d_inputs, rows.T @ gradient, gradient.sum(axis=0)  # (D, N) @ (N, U) -> (D, U)


def draw_weights(D: int, U: int, generator: np.random.Generator, *, dtype: DTypeLike = np.float32) -> Floats:
    """Draw weights for D inputs and U output nodes, as Keras draws them (``glorot_uniform``).

    Uniform between -a and a with a = √(6 / (D + U)): neither the values on the way forward nor the gradients
    on the way back then grow or shrink from layer to layer (Glorot & Bengio 2010, section 4.2.1).

    Parameters
    ----------
    D, U
        How many inputs and output nodes.
    generator
        Where the random numbers come from; it moves on. They are the same in either dtype, up to rounding.
    dtype
        float32 or float64.

    Returns
    -------
    Floats
        Weights (D, U).

    Raises
    ------
    ArgumentError
        When D or U is below 1.

    Examples
    --------
    >>> weights = draw_weights(4, 2, np.random.default_rng(0))
    >>> weights.shape, weights.dtype, bool(abs(weights).max() <= 1)
    ((4, 2), dtype('float32'), True)
    """
    if D < 1 or U < 1:
        raise ArgumentError(f"there must be at least one input and one output node. Received: D={D}, U={U}")
    limit = np.sqrt(6 / (D + U))
    return generator.uniform(-limit, limit, (D, U)).astype(dtype)


def _draw_for(rows: Floats, U: int, generator: np.random.Generator | None) -> Floats:
    if generator is None:
        raise ArgumentError(
            f"weights={U} asks for {U} output nodes with random weights, drawn from a generator: give one, "
            'such as generator=pellucid.core.randomness.stream(0, "weights"). Received: generator=None'
        )
    return draw_weights(rows.shape[1], U, generator, dtype=rows.dtype)


def _as_rows(inputs: Floats) -> Floats:
    """(D,) -> (1, D); (N, D) as it is; (H, W, C) -> (1, H·W·C); (N, H, W, C) -> (N, H·W·C)."""
    if inputs.ndim not in (1, 2, 3, 4):
        raise ShapeError(
            "inputs must be one flat array (D,), a batch (N, D), one stack of maps (H, W, C) or a batch of "
            f"stacks (N, H, W, C). Received: inputs.shape={inputs.shape}"
        )
    if inputs.ndim in (1, 3):
        return inputs.reshape(1, inputs.size)
    return inputs.reshape(inputs.shape[0], math.prod(inputs.shape[1:]))


def _output_shape(inputs: Floats, units: int) -> tuple[int, ...]:
    return (units,) if inputs.ndim in (1, 3) else (inputs.shape[0], units)


def _checked_weights(weights: ArrayLike, inputs: Floats, rows: Floats) -> Floats:
    """Return the weights (D, U) in the dtype of the inputs."""
    weights = as_floats("weights", weights).astype(inputs.dtype, copy=False)
    D = rows.shape[1]
    if weights.ndim == 2 and weights.shape[0] == D:
        return weights
    hint = ""
    if weights.ndim == 2 and weights.shape[1] == D:
        hint = "; these have one row per output node: write weights.T"
    elif weights.ndim == 2 and inputs.ndim == 2 and weights.shape[0] == inputs.size:
        hint = "; two axes are a batch (N, D): for a single map write inputs.ravel()"
    elif weights.ndim == 2 and inputs.ndim == 3 and weights.shape[0] == inputs[0].size:
        hint = (
            "; three axes are one stack of maps (H, W, C): for a batch of single maps write inputs[..., None]"
        )
    raise ShapeError(
        f"weights must be (D, U), one row for each of the D={D} inputs and one column per output node{hint}. "
        f"Received: weights.shape={weights.shape}, inputs.shape={inputs.shape}"
    )
