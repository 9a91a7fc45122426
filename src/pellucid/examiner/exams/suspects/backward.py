"""Possible causes of a wrong gradient of the kernels."""

from __future__ import annotations

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect
from pellucid.examiner.exams.suspects.changes import Change, Right, afterwards, with_changed


def _one_position(place: int) -> Change:
    def alone(upstream: Array) -> Array:
        kept = np.zeros_like(upstream)
        kept[place, place] = upstream[place, place]
        return kept

    return alone


def _gradient(case: Case, right: Right) -> Array:
    """Return the part of the upstream gradient that a case uses: it is 1 where the output depends on it."""
    R, S = case.arrays["kernels"].shape[:2]
    H, W = case.arrays["image"].shape[:2]
    return case.arrays["gradient"][: H - R + 1, : W - S + 1]


SUSPECTS = [
    Suspect(
        "one position",
        with_changed("gradient", _one_position(0)),
        "Only the first position of the window counts: the gradient of a kernel is summed over all "
        "positions.",
    ),
    Suspect(
        "upstream ignored",
        with_changed("gradient", np.ones_like),
        "The gradient that comes from above is not used: multiply each window with its gradient, then sum.",
    ),
    Suspect(
        "upstream squared",
        with_changed("gradient", np.square),
        "The gradient from above is squared: each window is multiplied with it once.",
    ),
    Suspect(
        "upstream rectified",
        with_changed("gradient", lambda g: np.maximum(g, 0)),
        "Negative gradients are cut off: that belongs to the backward step of rectification, and looks at "
        "the "
        "map there, not at the gradient.",
    ),
    Suspect(
        "image rectified",
        with_changed("image", lambda x: np.maximum(x, 0)),
        "The image is rectified first: take it as the convolution did.",
    ),
    Suspect(
        "upstream flipped",
        lambda c, right: right(c.with_arrays({**c.arrays, "gradient": _gradient(c, right)[::-1, ::-1]})),
        "The gradient from above is flipped: as the kernel is laid on the image without a flip, so is the "
        "gradient.",
    ),
    Suspect(
        "transposed",
        afterwards(lambda d, _: d.transpose(1, 0, 2, 3)),
        "The gradient is transposed: rows and columns of the kernel are swapped.",
    ),
    Suspect(
        "clipped",
        afterwards(lambda d, _: np.clip(d, -1, 1)),
        "The gradient is clipped to -1 … 1: return it as it is.",
    ),
    Suspect(
        "bias added",
        lambda c, right: right(c) + _gradient(c, right).sum(axis=(0, 1)),
        "The sum of the gradients from above is added: that is the gradient of a bias, not of the kernel.",
    ),
    Suspect(
        "sum of the upstream",
        lambda c, right: np.broadcast_to(_gradient(c, right).sum(axis=(0, 1)), c.arrays["kernels"].shape),
        "It is the sum of the gradients from above, the gradient of a bias: for the kernel, each is "
        "multiplied "
        "with its window of the image.",
    ),
    Suspect(
        "kernels for image",
        lambda c, right: c.arrays["kernels"] * _gradient(c, right).sum(axis=(0, 1)),
        "The gradient from above is multiplied with the kernel: it should be multiplied with the window "
        "of the "
        "image. With the kernel it gives the gradient of the image.",
    ),
    *[
        Suspect(
            "updated kernels",
            lambda c, right, r=rate: c.arrays["kernels"] - r * right(c),  # type: ignore[misc]  # mypy does not see defaults of a lambda
            f"It returns the kernels after a step ({rate:g} × the gradient): return the gradient itself.",
        )
        for rate in (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
    ],
    *[
        Suspect(
            "learning rate",
            afterwards(lambda d, _, r=sign * rate: r * d),  # type: ignore[misc]  # mypy does not see defaults of a lambda
            f"Every element is {sign * rate:g} × the gradient: is a learning rate applied already? That "
            "belongs to "
            "the step that uses the gradient.",
        )
        for rate in (0.1, 0.05, 0.01, 0.001)
        for sign in (1, -1)
    ],
    Suspect(
        "first channel only",
        afterwards(lambda d, _: d * (np.arange(d.shape[2]) == 0)[:, None]),
        "Only the first channel of the kernel has a gradient: every channel of the image has its own.",
    ),
    Suspect(
        "first kernel only",
        afterwards(lambda d, _: d * (np.arange(d.shape[3]) == 0)),
        "Only the first kernel has a gradient: each kernel has the gradient of its own map.",
    ),
    Suspect(
        "kernels share",
        afterwards(lambda d, _: np.broadcast_to(d.sum(axis=3, keepdims=True), d.shape)),
        "Every kernel has the sum of all kernels' gradients: each has the gradient of its own map.",
    ),
    Suspect(
        "channels share",
        afterwards(lambda d, _: np.broadcast_to(d.sum(axis=2, keepdims=True), d.shape)),
        "Every channel has the sum of all channels' gradients: each has the one of its own channel of the "
        "image.",
    ),
]
