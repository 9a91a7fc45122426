"""The forms in which an image and kernels may be wanted, and maps may come back: questions 20 and 26."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from pellucid.examiner.cases import ArgumentForm, Array, Case, argument

IMAGE_FORMS: dict[str, Callable[[Array], Array]] = {
    "(H, W)": lambda x: x[..., 0],
    "(H, W, C)": lambda x: x,
    "(C, H, W)": lambda x: np.moveaxis(x, -1, 0),
    "(N, H, W, C)": lambda x: x[None],
    "(N, C, H, W)": lambda x: np.moveaxis(x, -1, 0)[None],
    "(N, H, W)": lambda x: x[None, ..., 0],
}
KERNEL_FORMS: dict[str, Callable[[Array], Any]] = {
    "(R, S)": lambda k: k[..., 0, 0],
    "(R, S, C)": lambda k: k[..., 0],
    "(C, R, S)": lambda k: np.moveaxis(k[..., 0], -1, 0),
    "(R, S, C, K)": lambda k: k,
    "(R, S, K)": lambda k: k[:, :, 0],
    "(K, R, S)": lambda k: np.moveaxis(k[:, :, 0], -1, 0),
    "a list of (R, S)": lambda k: [k[:, :, 0, i] for i in range(k.shape[3])],
    "a list of (R, S, C)": lambda k: [k[..., i] for i in range(k.shape[3])],
    "a list of (C, R, S)": lambda k: [np.moveaxis(k[..., i], -1, 0) for i in range(k.shape[3])],
    "(K, R, S, C)": lambda k: np.moveaxis(k, -1, 0),
    "(K, C, R, S)": lambda k: k.transpose(3, 2, 0, 1),
}
PAIRS = {
    "2d1": [
        "(H, W) × (R, S)",
        "(H, W) × a list of (R, S)",
        "(H, W) × (K, R, S)",
        "(H, W) × (R, S, K)",
        "(H, W) × (R, S, C, K)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × (R, S, C)",
        "(H, W, C) × (K, R, S, C)",
        "(C, H, W) × (C, R, S)",
        "(C, H, W) × (K, C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
        "(N, C, H, W) × (K, C, R, S)",
        "(N, H, W) × (K, R, S)",
        "(N, H, W) × (R, S)",
    ],
    "2dK": [
        "(H, W) × (R, S, C, K)",
        "(H, W) × a list of (R, S)",
        "(H, W) × (K, R, S)",
        "(H, W) × (R, S, K)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × a list of (R, S, C)",
        "(H, W, C) × (K, R, S, C)",
        "(C, H, W) × (K, C, R, S)",
        "(C, H, W) × a list of (C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
        "(N, C, H, W) × (K, C, R, S)",
        "(N, H, W) × (K, R, S)",
    ],
    "3d1": [
        "(H, W, C) × (R, S, C)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × a list of (R, S, C)",
        "(H, W, C) × (K, R, S, C)",
        "(C, H, W) × (C, R, S)",
        "(C, H, W) × (K, C, R, S)",
        "(C, H, W) × a list of (C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
        "(N, C, H, W) × (K, C, R, S)",
    ],
    "3dK": [
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × a list of (R, S, C)",
        "(H, W, C) × (K, R, S, C)",
        "(C, H, W) × (K, C, R, S)",
        "(C, H, W) × a list of (C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
        "(N, C, H, W) × (K, C, R, S)",
    ],
}


def read_maps(raw: Any, *, kernels_first: bool) -> Array:
    """Return maps as (H', W', K): a lone map gets its K axis, a batch of one loses its N axis."""
    maps = np.stack([np.asarray(m) for m in raw]) if isinstance(raw, list | tuple) else np.asarray(raw)
    kernels_first = kernels_first or isinstance(raw, list | tuple)
    if maps.ndim == 4 and maps.shape[0] == 1:
        maps = maps[0]
    if maps.ndim == 4 and maps.shape[-1] == 1:
        maps = maps[..., 0]
    if maps.ndim == 2:
        return maps[..., None]
    return np.moveaxis(maps, 0, -1) if maps.ndim == 3 and kernels_first else maps


def _forms(kind: str) -> Iterator[ArgumentForm]:
    for pair, kernels_first in itertools.product(PAIRS[kind], (False, True)):
        image, kernels = pair.split(" × ")

        def give(case: Case, image: str = image, kernels: str = kernels) -> dict[str, Any]:
            return {
                "image": IMAGE_FORMS[image](argument(case, "image")),
                "kernels": KERNEL_FORMS[kernels](argument(case, "kernels")),
            }

        def take(raw: Any, _: Case, first: bool = kernels_first) -> Array:
            return read_maps(raw, kernels_first=first)

        yield ArgumentForm(f"{pair}{', maps first' if kernels_first else ''}", give, take)


FORMS = {kind: list(_forms(kind)) for kind in PAIRS}
