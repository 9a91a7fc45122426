"""Dropout: during training each value is set to 0 at random, so that no node can rely on another.

    y = m x / (1 - rate)        m = 1 where the value is kept, 0 where it is dropped (Srivastava et al. 2014)

Dividing while training ("inverted dropout", as Keras does it) keeps the expected value the same, so that
after training nothing needs to be done. The mask is drawn separately, because the backward needs it too.

Where the numbers come from: Philox is a counter-based generator (Salmon et al. 2011), a function that turns
counters 1, 2, 3, … into blocks of 256 random bits, which are 16 values' worth. Each image of a batch starts
a new block. So the mask of images 96 to 127 can be drawn without that of images 0 to 95, on any thread,
and a batch has the same mask however it is cut.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions.arrays import ArrayLike, Floats, as_floats

Mask: TypeAlias = NDArray[np.bool_]

LEVELS = 1 << 16  # each value is decided by 16 random bits: a third of the time that random floats take
VALUES_PER_BLOCK = 16  # of Philox's 256 bits
WORDS_PER_BLOCK = 4  # of 64 bits


def dropout_mask(
    shape: tuple[int, ...], rate: float, generator: np.random.Generator, *, first: int = 0
) -> Mask:
    """Draw which values are kept.

    Each value is kept with probability 1 - k / 65,536, where k = round(65,536 · rate), 65,535 at the most:
    exactly 1 - rate for rates such as 0.25 or 0.5, within 0.00002 of it for any other.

    Parameters
    ----------
    shape
        (N, D) or (N, H, W, C): the first axis counts the images.
    rate
        The share that is dropped, from 0 up to, but not including, 1.
    generator
        A Philox generator, as ``pellucid.core.randomness.stream`` makes it. Its state does not change: the
        same generator gives the same mask again. The mask starts at the next whole block of its counter.
    first
        Position of the first of these images in the batch: the mask is rows ``first`` to ``first + N`` of the
        whole batch's mask.

    Returns
    -------
    Mask
        True where the value is kept.

    Raises
    ------
    ArgumentError
        When the rate or ``first`` is out of range, the shape is not one, or the generator is not a Philox.

    Examples
    --------
    >>> from pellucid.core.randomness import stream
    >>> whole = dropout_mask((8, 5), 0.5, stream(0, "dropout"))
    >>> piece = dropout_mask((3, 5), 0.5, stream(0, "dropout"), first=4)
    >>> bool((piece == whole[4:7]).all())
    True
    """
    dropped = dropped_levels(rate)
    if not shape or min(shape) < 0 or first < 0:
        raise ArgumentError(
            "a mask is for a shape (N, …) of images, starting at image first, 0 or above. "
            f"Received: shape={shape}, first={first}"
        )
    values = math.prod(shape[1:])  # of one image
    blocks = -(-values // VALUES_PER_BLOCK)  # for one image, rounded up
    words = _philox_at(generator, first * blocks).random_raw(shape[0] * blocks * WORDS_PER_BLOCK)
    numbers = words.astype("<u8", copy=False).view("<u2")  # the lowest 16 bits first, on any machine
    numbers = numbers.reshape(shape[0], blocks * VALUES_PER_BLOCK)[:, :values]
    return (numbers >= dropped).reshape(shape)


def dropped_levels(rate: float) -> int:
    """Return how many of the 65,536 values of 16 random bits mean that a value is dropped.

    Examples
    --------
    >>> dropped_levels(0.25)
    16384
    """
    return min(round(LEVELS * _checked_rate(rate)), LEVELS - 1)


def dropout(inputs: ArrayLike, mask: Mask, rate: float) -> Floats:
    """Set to zero what the mask drops, and divide the rest by 1 - rate.

    Parameters
    ----------
    inputs
        Any shape. It is not changed.
    mask
        What is kept, from :func:`dropout_mask`: booleans of the same shape.
    rate
        The rate that the mask was drawn with.

    Returns
    -------
    Floats
        An array of the same shape and dtype (float32 for whole numbers).

    Raises
    ------
    ShapeError
        When mask and inputs differ in shape.
    ArgumentError
        When the rate is out of range, or the mask is not boolean.

    Examples
    --------
    >>> dropout([[3.0, 6.0, 9.0]], np.array([[True, False, True]]), rate=0.25)
    array([[ 4.,  0., 12.]])
    """
    return _keep("inputs", as_floats("inputs", inputs), mask, rate)


def dropout_backward(gradient: ArrayLike, mask: Mask, rate: float) -> Floats:
    """Let the gradient through where the value was kept, scaled as the value was.

    Parameters
    ----------
    gradient
        dLoss/dOutputs.
    mask, rate
        What :func:`dropout` was given.

    Returns
    -------
    Floats
        dLoss/dInputs: dropout multiplies each input by a number, and its backward by the same number.

    Raises
    ------
    ShapeError, ArgumentError
        As :func:`dropout`.

    Examples
    --------
    >>> dropout_backward([[1.0, 1.0, 1.0]], np.array([[True, False, True]]), rate=0.5)
    array([[2., 0., 2.]])
    """
    return _keep("gradient", as_floats("gradient", gradient), mask, rate)


def _keep(name: str, values: Floats, mask: Mask, rate: float) -> Floats:
    mask = np.asarray(mask)
    if mask.dtype != np.bool_:
        raise ArgumentError(
            f"mask must be boolean, True where a value is kept. Received: mask.dtype={mask.dtype}"
        )
    if mask.shape != values.shape:
        raise ShapeError(
            f"mask must have the shape of {name}. "
            f"Received: mask.shape={mask.shape}, {name}.shape={values.shape}"
        )
    kept = values / (1 - _checked_rate(rate))
    kept *= mask
    return kept


def _checked_rate(rate: float) -> float:
    if not 0 <= rate < 1:
        raise ArgumentError(f"rate must be from 0 up to, but not including, 1. Received: rate={rate!r}")
    return rate


def _philox_at(generator: np.random.Generator, blocks: int) -> np.random.Philox:
    """Return a Philox ``blocks`` whole blocks further than ``generator``, which stays where it is."""
    if not isinstance(generator.bit_generator, np.random.Philox):
        raise ArgumentError(
            'a mask needs a Philox generator, such as pellucid.core.randomness.stream(0, "dropout"). '
            f"Received: generator={generator}"
        )
    state = generator.bit_generator.state["state"]
    return np.random.Philox(key=state["key"], counter=state["counter"]).advance(blocks)
