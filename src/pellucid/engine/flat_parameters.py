"""All trained parameters of a network in one flat array, so that an optimizer is arithmetic on flat arrays.

The layers hold views of the array, so both always have the same values.
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

CHUNK = 1 << 16  # parameters updated at a time: with the optimizer's state they fit in the cache
FEW = 4  # up to this many chunks are merged into two: distributing more costs more than it saves


class FlatParameters:
    """All trained parameters, one after another in one array.

    Parameters
    ----------
    arrays
        (layer, name) of each trainable parameter; views replace the layers' arrays.
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
        """Sum the micro-batches' gradients in order, and apply one step of the optimizer.

        ``gradients`` holds, for each parameter, one gradient per micro-batch: an array, or a lazy product.
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
    """Write the sum of the gradients of some rows of a parameter to ``total`` (rows, width)."""
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
    """Some rows of one parameter, and their place in the flat array."""

    parameter: int
    first: int
    last: int
    start: int
    stop: int


class _Chunk:
    """Some segments, one after another, that are updated together."""

    def __init__(self, segments: Sequence[Segment], values: Array, gradient: Array) -> None:
        self.within = slice(segments[0].start, segments[-1].stop)
        self.values, self.gradient = values[self.within], gradient[self.within]
        # Small segments first: they need the GIL, and threads that all reached them at the end would wait.
        self.totals = [
            (one, gradient[one.start : one.stop].reshape(one.last - one.first, -1))
            for one in sorted(segments, key=lambda one: one.stop - one.start)
        ]


def _cut(shapes: Sequence[tuple[int, ...]]) -> list[list[Segment]]:
    """Cut the parameters into chunks of about equal size, between parameters or between rows of one.

    There is one chunk, two, or a number that threads share evenly.
    """
    size = sum(math.prod(shape) for shape in shapes)
    chunks = -(-size // CHUNK)
    count = min(chunks, 2) if chunks <= FEW else evenly(chunks)
    most = math.ceil(size / max(1, count))
    parts: list[list[Segment]] = []
    start, room = 0, 0
    for parameter, shape in enumerate(shapes):
        width = shape[-1] if len(shape) > 1 else 1  # values per row
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
