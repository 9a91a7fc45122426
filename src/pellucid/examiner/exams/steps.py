"""Whether rectification and normalisation are among a network's steps, found out from its answers alone.

Which functions were called says nothing: ``np.maximum`` may stand inline, and a result may be thrown away.
Two properties tell. Normalised maps do not change when a set of kernels is multiplied. Rectified maps hide
how far below zero a value was: kernels that answer two bright dots with two negative values, each of another
size, give the same network output when the dots change places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from pellucid.examiner.cases import Array

Path = tuple[Any, ...]
Kernels = list[tuple[Path, Array]]
DOTS = ((8, 8), (20, 20))  # equally far from the windows of any usual pooling
SATURATED = 1 - 1e-6
NO_RECTIFICATION = (
    "The output still depends on how far values are below zero: rectification is missing, or its result is "
    "not used"
)
NO_NORMALISATION = (
    "The output changes when a set of kernels is multiplied by 2: normalisation within each feature map is "
    "missing, or its result is not used"
)


def missing_steps(run: Callable[[Array], Array], kernels: Kernels, images: Array) -> list[str]:
    """Say which of the two steps the output shows no sign of. ``run`` uses the arrays of ``kernels``."""
    kept = [array.copy() for _, array in kernels]
    groups = list(_layers(kernels))
    try:
        rectified = any(_is_rectified(run, kernels, group, images.shape[1:]) for group in groups)
        _restore(kernels, kept)
        normalised = any(_is_normalised(run, kernels, group, images[0]) for group in groups)
    finally:
        _restore(kernels, kept)
    return [] + [NO_RECTIFICATION] * (not rectified) + [NO_NORMALISATION] * (not normalised)


def _layers(kernels: Kernels) -> Iterator[set[int]]:
    """Yield the places of the kernels that may be one layer's: each array, and those with one parent."""
    yield from ({place} for place in range(len(kernels)))
    parents = dict.fromkeys(path[:-1] for path, _ in kernels if len(path) > 1)
    for parent in parents:
        group = {place for place, (path, _) in enumerate(kernels) if path[: len(parent)] == parent}
        if 1 < len(group) < len(kernels):
            yield group


def _is_rectified(
    run: Callable[[Array], Array], kernels: Kernels, group: set[int], shape: tuple[int, ...]
) -> bool:
    kept = [array.copy() for _, array in kernels]
    try:
        for scale in (1.0, 10.0, 100.0):
            for place, (_, array) in enumerate(kernels):
                size = scale * float(np.sqrt(np.mean(kept[place] ** 2)))
                array[...] = -size if place in group else size
            one, other = (run(_dots(shape, values)) for values in ((0.3, 0.9), (0.9, 0.3)))
            if _same(one, other, 1e-6) and (scale == 1 or not np.isnan(one).any()):
                return True
    finally:
        _restore(kernels, kept)
    return False


def _is_normalised(run: Callable[[Array], Array], kernels: Kernels, group: set[int], image: Array) -> bool:
    """Compare two multiples; large ones as well, beside which a bias and an epsilon do not count."""
    kept = [array.copy() for _, array in kernels]

    def at(factor: float) -> Array:
        for place in group:
            kernels[place][1][...] = factor * kept[place]
        return run(image)

    try:
        return any(_same(at(factor), at(2 * factor), 1e-3) for factor in (1.0, 1000.0))
    finally:
        _restore(kernels, kept)


def _dots(shape: tuple[int, ...], values: tuple[float, float]) -> Array:
    image = np.zeros(shape)
    for (row, column), value in zip(DOTS, values, strict=True):
        image[row, column] = value
    return image


def _same(first: Array, second: Array, tolerance: float) -> bool:
    """Return whether two outputs agree; two that both chose one class for certain tell nothing."""
    if first.shape != second.shape or (np.isfinite(first).all() and first.max() > SATURATED):
        return False
    return bool(np.allclose(first, second, rtol=tolerance, atol=tolerance / 100, equal_nan=True))


def _restore(kernels: Kernels, kept: list[Array]) -> None:
    for (_, array), old in zip(kernels, kept, strict=True):
        array[...] = old
