"""Possible causes of wrong values in convolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect, part
from pellucid.examiner.exams.suspects.changes import Right, afterwards, with_changed
from pellucid.functions import convolve


def _wrapped(place: str, *, flip: bool = False) -> Callable[[Case, Right], Array]:
    """Return a circular correlation, or convolution, with the window before, behind or around a pixel."""

    def compute(case: Case, _: Right) -> Array:
        R, S, _C, _K = case.arrays["kernels"].shape
        widths = {
            "behind": ((0, R - 1), (0, S - 1)),
            "before": ((R - 1, 0), (S - 1, 0)),
            "around": (((R - 1) // 2, R // 2), ((S - 1) // 2, S // 2)),
        }[place]
        kernels = case.arrays["kernels"]
        image = np.pad(case.arrays["image"], (*widths, (0, 0)), mode="wrap")
        return np.asarray(convolve(image, np.ascontiguousarray(kernels[::-1, ::-1] if flip else kernels)))

    return compute


def _each_channel(case: Case, right: Right, kind: str = "2d1") -> list[Array]:
    return [right(part(case, "C", channel, kind)) for channel in range(case.extent("C"))]


def _averaged(case: Case, right: Right) -> Array:
    image, kernels = case.arrays["image"], case.arrays["kernels"]
    means = {"image": image.mean(axis=2, keepdims=True), "kernels": kernels.mean(axis=2, keepdims=True)}
    return right(case.with_arrays(means))


def _summed_kernels(case: Case, right: Right) -> Array:
    image, kernels = case.arrays["image"], case.arrays["kernels"]
    sums = {"image": image.sum(axis=2, keepdims=True), "kernels": kernels[:, :, :1]}
    return right(case.with_arrays(sums))


def _windows(case: Case) -> Array:
    """Return the windows (H', W', R, S) of an image with one channel."""
    image, kernels = case.arrays["image"], case.arrays["kernels"]
    return np.lib.stride_tricks.sliding_window_view(image[..., 0], kernels.shape[:2])


def _matrix_product(case: Case, *, transpose: bool) -> Array:
    kernels = np.moveaxis(case.arrays["kernels"][:, :, 0], -1, 0)  # (K, R, S)
    second = np.swapaxes(kernels, 1, 2) if transpose else kernels
    return np.stack([(_windows(case) @ one).sum(axis=(2, 3)) for one in second], axis=-1)


def _sums(case: Case, _: Right) -> Array:
    return np.asarray(_windows(case).sum(axis=(2, 3))[..., None] * case.arrays["kernels"].sum(axis=(0, 1, 2)))


def _last_product(case: Case, _: Right) -> Array:
    return np.asarray(_windows(case)[..., -1, -1, None] * case.arrays["kernels"][-1, -1, 0])


WRAPS = (
    "It wraps round the border: windows that reach over an edge go on at the opposite side, as with an "
    "FFT of "
    "the image's own size (circular convolution). Cut the result to the windows that lie inside, or pad with "
    "zeros first."
)
SUSPECTS = [
    Suspect(
        "upside down",
        with_changed("kernels", lambda k: k[::-1]),
        "The kernel is laid on the image upside down: its rows stand in the opposite order.",
    ),
    Suspect(
        "mirrored",
        with_changed("kernels", lambda k: k[:, ::-1]),
        "The kernel is mirrored from left to right: its columns stand in the opposite order.",
    ),
    *[
        Suspect("wraps round", _wrapped(place, flip=flip), WRAPS)
        for place in ("behind", "before", "around")
        for flip in (False, True)
    ],
    Suspect(
        "mean over channels",
        afterwards(lambda y, c: y / c.extent("C")),
        "The sum is divided by the number of channels: the channels are summed, not averaged.",
    ),
    Suspect(
        "maximum over channels",
        lambda c, right: np.max(_each_channel(c, right), axis=0),
        "The largest of the channels' maps is taken: the channels are summed.",
    ),
    Suspect(
        "product over channels",
        lambda c, right: np.prod(_each_channel(c, right), axis=0),
        "The channels' maps are multiplied: they are summed.",
    ),
    Suspect(
        "last channel only",
        lambda c, right: _each_channel(c, right)[-1],
        "Only the last channel is in the result: does each channel overwrite the one before? Add them (+=).",
    ),
    Suspect(
        "channels averaged",
        _averaged,
        "Image and kernel are averaged over their channels before they are multiplied: multiply each channel "
        "with its own part of the kernel, then sum.",
    ),
    Suspect(
        "grey image",
        lambda c, right: right(
            c.with_arrays(
                {
                    **c.arrays,
                    "image": np.repeat(c.arrays["image"].mean(axis=2, keepdims=True), c.extent("C"), axis=2),
                }
            )
        ),
        "The image is averaged over its channels, made grey, before it is convolved: each channel has a "
        "part of "
        "the kernel of its own.",
    ),
    Suspect(
        "first part of the kernel",
        _summed_kernels,
        "Every channel is multiplied with the kernel's first channel: each channel has a part of the "
        "kernel of "
        "its own.",
    ),
    Suspect(
        "first kernel for every map",
        with_changed("kernels", lambda k: np.repeat(k[..., :1], k.shape[3], axis=3)),
        "Every map comes from the same kernel, the first: does the loop use its own kernel, kernels[..., k]?",
    ),
    Suspect(
        "last kernel for every map",
        with_changed("kernels", lambda k: np.repeat(k[..., -1:], k.shape[3], axis=3)),
        "Every map comes from the same kernel, the last: are all maps the same array, filled again and "
        "again?",
    ),
    Suspect(
        "cumulative maps",
        afterwards(lambda y, _: np.cumsum(y, axis=2)),
        "Each map also holds the sum of the maps before it: begin each kernel's map with zeros.",
    ),
    Suspect(
        "kernel divided",
        afterwards(lambda y, c: y / np.abs(c.arrays["kernels"]).sum(axis=(0, 1, 2))),
        "It is divided by the sum of the kernel's absolute values: a convolution takes the kernel as it is.",
    ),
    Suspect(
        "kernel divided",
        afterwards(lambda y, c: y / c.arrays["kernels"].sum(axis=(0, 1, 2))),
        "It is divided by the sum of the kernel: a convolution takes the kernel as it is.",
    ),
    Suspect(
        "stride 2",
        afterwards(lambda y, _: y[::2, ::2]),
        "Only every second row and column of windows is there (a stride of 2): the window moves by one "
        "pixel.",
    ),
    Suspect(
        "stride of the kernel",
        afterwards(lambda y, c: y[:: c.extent("R"), :: c.extent("S")]),
        "The windows do not overlap: it moves by the kernel's size, as pooling does. The window of a "
        "convolution "
        "moves by one pixel.",
    ),
    Suspect(
        "transposed",
        afterwards(lambda y, _: y.transpose(1, 0, 2)),
        "Each map is transposed: rows and columns are swapped.",
    ),
    Suspect(
        "one row short",
        afterwards(lambda y, _: y[:-1]),
        "The last row of windows is missing, so that a map has one row too few: H rows have room for H - "
        "R + 1 "
        "windows.",
    ),
    Suspect(
        "one column short",
        afterwards(lambda y, _: y[:, :-1]),
        "The last column of windows is missing, so that a map has one column too few: W columns have room "
        "for "
        "W - S + 1 windows.",
    ),
    Suspect(
        "matrix product",
        lambda c, _: _matrix_product(c, transpose=True),
        "Window and kernel are multiplied as matrices (@ or np.dot): multiply element by element (*), "
        "then sum.",
    ),
    Suspect(
        "matrix product",
        lambda c, _: _matrix_product(c, transpose=False),
        "Window and kernel are multiplied as matrices (@ or np.dot): multiply element by element (*), "
        "then sum.",
    ),
    Suspect(
        "product of sums",
        _sums,
        "The sum of the window is multiplied with the sum of the kernel: multiply element by element "
        "first, then "
        "sum.",
    ),
    Suspect(
        "last product",
        _last_product,
        "Only the last product of each window is kept: add them up (+= in place of =).",
    ),
    Suspect(
        "sum goes on",
        afterwards(lambda y, _: np.cumsum(y, axis=1)),
        "The sum goes on from one window to the next along a row: begin each window with 0.",
    ),
    Suspect(
        "sum goes on",
        afterwards(lambda y, _: np.cumsum(y.reshape(-1, y.shape[2]), axis=0).reshape(y.shape)),
        "The sum goes on from one window to the next: begin each window with 0.",
    ),
    Suspect(
        "kernel ignored",
        with_changed("kernels", np.ones_like),
        "It is the sum of each window: the kernel is not used.",
    ),
]
