"""The values of a batch, from which each micro-batch gets its own images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from pellucid.layers.layer import Array


class ImageSource(Protocol):
    """A source of images of a data set, as arrays that a network takes."""

    def rows(self, numbers: Array) -> Array:
        """Return the images with these indices (n,), which must be in range."""


class BatchValues(Protocol):
    """One of a graph's values, for a batch."""

    def between(self, start: int, end: int) -> Array:
        """Return the value of the images from ``start`` to before ``end``."""


class InputBatch:
    """A batch at the network's input: some images of a source, fetched by the thread that needs them."""

    def __init__(self, source: ImageSource, numbers: Array) -> None:
        self.source = source
        self.numbers = numbers

    def between(self, start: int, end: int) -> Array:
        """Return the images from ``start`` to before ``end``."""
        return self.source.rows(self.numbers[start:end])


class MicroBatches:
    """A value that was computed micro-batch by micro-batch.

    The stage that reads it may have other micro-batches: each of these is assembled when needed, by the
    thread that needs it.

    Examples
    --------
    >>> values = MicroBatches([(0, 2), (2, 4)], [np.array([1, 2]), np.array([3, 4])])
    >>> values.between(1, 4)
    array([2, 3, 4])
    """

    def __init__(self, bounds: Sequence[tuple[int, int]], arrays: Sequence[Any]) -> None:
        self.arrays = list(zip(bounds, arrays, strict=True))

    def between(self, start: int, end: int) -> Array:
        """Return the value of the images from ``start`` to before ``end``."""
        parts = [
            array[max(start - first, 0) : end - first]
            for (first, last), array in self.arrays
            if first < end and start < last
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class SummedValues:
    """A sum of values: the gradients of a value that several stages read.

    They are added in the order of the list, which is that of the graph, so the bits are always the same.

    Examples
    --------
    >>> one, other = (MicroBatches([(0, 2)], [np.array(values)]) for values in ([1, 2], [10, 20]))
    >>> SummedValues([one, other]).between(0, 2)
    array([11, 22])
    """

    def __init__(self, contributions: Sequence[BatchValues]) -> None:
        self.contributions = contributions

    def between(self, start: int, end: int) -> Array:
        """Return the sum for the images from ``start`` to before ``end``."""
        first, *others = self.contributions
        total = first.between(start, end)
        for other in others:
            total = total + other.between(start, end)
        return total


def summed(contributions: Sequence[BatchValues]) -> BatchValues:
    """Return the sum of values; a single one is returned as it is."""
    return contributions[0] if len(contributions) == 1 else SummedValues(contributions)
