"""All trainable parameters of a network in one row of numbers, so that an optimizer is arithmetic on rows.

The layers keep views into the row; changing one changes the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pellucid.layers.layer import Array, Layer
from pellucid.training.optimizers import Optimizer
from pellucid.training.workers import Workers

SLICE = 1 << 16  # numbers updated at a time: with the optimizer's state they stay in the cache


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
        self.values = np.empty(start, dtype)
        self.gradient = np.zeros(start, dtype)
        for (layer, name), span in zip(arrays, self.spans, strict=True):
            old = layer.parameters[name]
            self.values[span] = old.ravel()
            layer.parameters[name] = self.values[span].reshape(old.shape)

    def update(self, optimizer: Optimizer, gradients: Sequence[Sequence[Array]], workers: Workers) -> None:
        """Sum the pieces' gradients in their order, and let the optimizer take one step.

        ``gradients`` has, for each parameter, its gradient from each piece.
        """
        rows = [[piece.reshape(-1) for piece in pieces] for pieces in gradients]
        size = self.values.size
        optimizer.begin_step()

        def task(number: int) -> None:
            part = slice(number * SLICE, min((number + 1) * SLICE, size))
            self._sum_into_gradient(rows, part)
            optimizer.update(self.values[part], self.gradient[part], part)

        workers.run(task, -(-size // SLICE))
        optimizer.end_step()

    def _sum_into_gradient(self, rows: list[list[Array]], part: slice) -> None:
        """Add up what the pieces found, for those stretches of parameters that lie within ``part``."""
        for span, pieces in zip(self.spans, rows, strict=True):
            start, stop = max(span.start, part.start), min(span.stop, part.stop)
            if start >= stop:
                continue
            within = slice(start - span.start, stop - span.start)
            total = self.gradient[start:stop]
            if len(pieces) == 1:
                total[...] = pieces[0][within]
                continue
            np.add(pieces[0][within], pieces[1][within], out=total)
            for piece in pieces[2:]:
                total += piece[within]
