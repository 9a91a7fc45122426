"""Compiled softmax and cross-entropy: losses, hits and gradient of a micro-batch in one pass."""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled


@compiled
def softmax_cross_entropy(
    logits: Array,
    targets: Array,
    rows: Array,
    smoothing: np.float32,
    scale: np.float32,
    values: Array,
    start: Count,
    gradient: Array,
) -> None:
    """Logits (n, U) and one-hot labels -> losses and hits, and the gradient (n, U) of scale · Σ losses.

    ``targets`` (N, U) are the labels of all images, and ``rows`` (n,) the indices of these; ``smoothing`` is
    the share of a label that is spread over all classes. A hit is 1 if the labelled class has the largest
    probability (among equals, the first counts). Losses are written to the first row of ``values``, hits to
    the second, if there is one, in float64, from image ``start`` on.
    """
    n, U = logits.shape
    one = np.float32(1)
    spread = smoothing / np.float32(U)
    for i in range(n):  # labels are scattered in memory: reading them first overlaps the cache misses
        gradient[i, 0], gradient[i, U - 1] = targets[rows[i], 0], targets[rows[i], U - 1]
    for i in range(n):
        largest = logits[i, 0]
        for u in range(1, U):
            if logits[i, u] > largest:  # not if it is NaN, but then the total will be
                largest = logits[i, u]
        total = np.float32(0)
        for u in range(U):
            gradient[i, u] = np.exp(logits[i, u] - largest)
            total += gradient[i, u]
        label, expected, marked, best = np.float32(0), np.float32(0), 0, 0
        row = rows[i]
        for u in range(U):
            gradient[i, u] /= total  # now the probability
            if gradient[i, u] > gradient[i, best]:
                best = u
            if targets[row, u] > targets[row, marked]:
                marked = u
            target = targets[row, u] * (one - smoothing) + spread
            label += target
            if target != 0:  # an impossible class (0 · inf) must not make the loss NaN
                expected += target * (logits[i, u] - largest)
        for u in range(U):
            target = targets[row, u] * (one - smoothing) + spread
            gradient[i, u] = (gradient[i, u] * label - target) * scale
        values[0, start + i] = label * np.log(total) - expected
        if len(values) > 1:
            values[1, start + i] = marked == best
