"""All trainable parameters of a network in one row of numbers, so that an optimizer is arithmetic on rows.

The layers keep views into the row; changing one changes the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from pellucid.engine.workers import Workers, evenly
from pellucid.fast.buffers import zeros
from pellucid.fast.lazy_product import DeferredProduct
from pellucid.layers.layer import Array, Layer
from pellucid.optimizers import Optimizer

SLICE = 1 << 16  # numbers updated at a time: with the optimizer's state they stay in the cache
FEW = 4  # slices, which are updated in two parts: sharing out takes longer than the cache saves


class ParameterRow:
    """The trainable parameters, one after another.

    Parameters
    ----------
    arrays
        (layer, name) of each trainable parameter; the layers' arrays are replaced by views into the row.
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
        self._parts = [_Part(stretches, self.values, self.gradient) for stretches in _cut(shapes)]

    def update(self, optimizer: Optimizer, gradients: Sequence[Sequence[Any]], workers: Workers) -> None:
        """Sum the pieces' gradients in their order, and let the optimizer take one step.

        ``gradients`` has, for each parameter, its gradient from each piece: arrays, or products to be done.
        """
        optimizer.begin_step()

        def task(number: int) -> None:
            part = self._parts[number]
            for stretch, total in part.totals:
                _sum_up(gradients[stretch.parameter], stretch, total)
            optimizer.update(part.values, part.gradient, part.within)

        workers.run(task, len(self._parts))
        optimizer.end_step()


def _sum_up(pieces: Sequence[Any], stretch: Stretch, total: Array) -> None:
    """Write the sum of what the pieces found for some rows of a parameter to ``total`` (rows, width)."""
    if isinstance(pieces[0], DeferredProduct):
        for number, product in enumerate(pieces):
            product.write(stretch.first, stretch.last, total, adding=number > 0)
        return
    first, *others = (piece.reshape(-1, total.shape[1])[stretch.first : stretch.last] for piece in pieces)
    if not others:
        total[...] = first
    for other in others:
        first = np.add(first, other, out=total)


class Stretch(NamedTuple):
    """Some rows of one parameter, and where they lie in the row of all parameters."""

    parameter: int
    first: int
    last: int
    start: int
    stop: int


class _Part:
    """What is updated at a time: some stretches of the row, one after another."""

    def __init__(self, stretches: Sequence[Stretch], values: Array, gradient: Array) -> None:
        self.within = slice(stretches[0].start, stretches[-1].stop)
        self.values, self.gradient = values[self.within], gradient[self.within]
        # Small ones first: they are Python's work, and threads that all came to it at the end would wait.
        self.totals = [
            (one, gradient[one.start : one.stop].reshape(one.last - one.first, -1))
            for one in sorted(stretches, key=lambda one: one.stop - one.start)
        ]


def _cut(shapes: Sequence[tuple[int, ...]]) -> list[list[Stretch]]:
    """Cut the parameters into parts of about equal size, between rows of a parameter or between two.

    There are one, two, or a number that threads share evenly.
    """
    size = sum(math.prod(shape) for shape in shapes)
    slices = -(-size // SLICE)
    count = min(slices, 2) if slices <= FEW else evenly(slices)
    most = math.ceil(size / max(1, count))
    parts: list[list[Stretch]] = []
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
            parts[-1].append(Stretch(parameter, first, last, start, start + taken))
            first, start, room = last, start + taken, room - taken
    return parts
