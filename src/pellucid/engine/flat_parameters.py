"""All trained parameters of a network in one flat array, so that an optimizer is arithmetic on flat arrays.

The layers keep views into the array; changing one changes the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pellucid.engine.workers import Workers, evenly
from pellucid.fast.buffers import zeros
from pellucid.fast.form import Gradient
from pellucid.fast.lazy_product import LazyProduct
from pellucid.layers.layer import Array, Layer
from pellucid.optimizers import Optimizer

CHUNK = 1 << 16  # numbers updated at a time: with the optimizer's state they stay in the cache
FEW = 4  # chunks, which are updated as two: sharing them out takes longer than the cache saves


class FlatParameters:
    """The trained parameters, one after another.

    Parameters
    ----------
    arrays
        (layer, name) of each trainable parameter; the layers' arrays are replaced by views.
    """

    def __init__(self, arrays: Sequence[tuple[Layer, str]], dtype: str) -> None:
        self.spans: list[slice] = []
        start = 0
        for layer, name in arrays:
            size = layer.parameters[name].size
            self.spans.append(slice(start, start + size))
            start += size
        self.values, self.gradient = zeros((start,), dtype), zeros((start,), dtype)
        for (layer, name), span in zip(arrays, self.spans, strict=True):
            old = layer.parameters[name]
            self.values[span] = old.ravel()
            layer.parameters[name] = self.values[span].reshape(old.shape)

        shapes = [layer.parameters[name].shape for layer, name in arrays]
        self._chunks = [_Chunk(segments, self.values, self.gradient) for segments in _cut(shapes)]

    def update(self, optimizer: Optimizer, gradients: Sequence[Sequence[Gradient]], workers: Workers) -> None:
        """Add the micro-batches' gradients in their order, and let the optimizer take one step.

        ``gradients`` has, for each parameter, its gradient of each micro-batch: an array, or a lazy product.
        """
        optimizer.begin_step()

        def task(number: int) -> None:
            chunk = self._chunks[number]
            for segment, total in chunk.totals:
                _sum_up(gradients[segment.parameter], segment, total)
            optimizer.update(chunk.values, chunk.gradient, chunk.within)

        workers.run(task, len(self._chunks))
        optimizer.end_step()


def _sum_up(gradients: Sequence[Gradient], segment: Segment, total: Array) -> None:
    """Write the sum of gradients, of some rows of a parameter, to ``total`` (rows, width)."""
    if isinstance(gradients[0], LazyProduct):
        for number, product in enumerate(gradients):
            product.write(segment.first, segment.last, total, adding=number > 0)  # type: ignore[union-attr]  # all are of one form
        return
    rows, width = slice(segment.first, segment.last), total.shape[1]
    first: Array | None = None
    for array in gradients:
        part = array.reshape(-1, width)[rows]  # type: ignore[union-attr]  # as above
        first = part if first is None else np.add(first, part, out=total)
    if len(gradients) == 1:
        total[...] = first


class Segment(NamedTuple):
    """Some rows of one parameter, and where they lie in the flat array."""

    parameter: int
    first: int
    last: int
    start: int
    stop: int


class _Chunk:
    """What is updated at a time: some segments, one after another."""

    def __init__(self, segments: Sequence[Segment], values: Array, gradient: Array) -> None:
        self.within = slice(segments[0].start, segments[-1].stop)
        self.values, self.gradient = values[self.within], gradient[self.within]
        # Small ones first: they are Python's work, and threads that all came to it at the end would wait.
        self.totals = [
            (one, gradient[one.start : one.stop].reshape(one.last - one.first, -1))
            for one in sorted(segments, key=lambda one: one.stop - one.start)
        ]


def _cut(shapes: Sequence[tuple[int, ...]]) -> list[list[Segment]]:
    """Cut the parameters into parts of about equal size, between rows of a parameter or between two.

    There are one, two, or a number that threads share evenly.
    """
    size = sum(math.prod(shape) for shape in shapes)
    chunks = -(-size // CHUNK)
    count = min(chunks, 2) if chunks <= FEW else evenly(chunks)
    most = math.ceil(size / max(1, count))
    parts: list[list[Segment]] = []
    start, room = 0, 0
    for parameter, shape in enumerate(shapes):
        width = shape[-1] if len(shape) > 1 else 1  # numbers of a row
        rows = math.prod(shape) // width
        first = 0
        while first < rows:
            if room < 1:
                parts.append([])
                room = most
            last = min(rows, first + math.ceil(room / width))
            taken = (last - first) * width
            parts[-1].append(Segment(parameter, first, last, start, start + taken))
            first, start, room = last, start + taken, room - taken
    return parts
