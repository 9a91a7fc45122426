"""Question 20: convolution of two- and three-dimensional inputs with a set of kernels."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, Array, Case, Exam, Own, by_parts, extras, part, same
from pellucid.examiner.exams.kernels import FORMS
from pellucid.examiner.exams.suspects.convolution import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import convolve

AXES = {"image": "HWC", "kernels": "RSCK"}
VERTICAL = np.array([[1.0, 0, -1]] * 3)  # the lab's edge kernels
HORIZONTAL = VERTICAL.T.copy()
ROLES = {
    "image": (
        "image",
        "images",
        "img",
        "imgs",
        "im",
        "x",
        "input",
        "inputs",
        "inp",
        "data",
        "map",
        "maps",
        "picture",
        "pictures",
        "matrix",
        "array",
        "featuremap",
        "featuremaps",
        "photo",
        "a",
        "stack",
    ),
    "kernels": (
        "kernels",
        "kernel",
        "filters",
        "filter",
        "k",
        "w",
        "f",
        "weights",
        "kern",
        "kernelset",
        "masks",
    ),
}
EXTRAS: dict[str, Sequence[Any]] = {
    "strid": [1, (1, 1)],
    "step": [1],
    "pad": ["valid", 0, False],
    "bias": [lambda case: np.zeros(case.extent("K"))],
    "mode": ["valid"],
    "verbose": [False],
    "activation": [None, "linear"],
    "dilation": [1],
    "group": [1],
    "kernelsize": [lambda case: case.extent("R"), lambda case: (case.extent("R"), case.extent("S"))],
    "filtersize": [lambda case: case.extent("R"), lambda case: (case.extent("R"), case.extent("S"))],
    **extras(
        "nkernel numkernel numberofkernel nfilter numfilter numberoffilter outchannel",
        lambda case: case.extent("K"),
    ),
    **extras("nchannel numchannel channel inchannel depth", lambda case: case.extent("C")),
    **extras("height row =h", lambda case: case.extent("H")),
    **extras("width col", lambda case: case.extent("W")),
    "=b": [lambda case: np.zeros(case.extent("K"))],
    "=s": [1],
    "=p": [0, "valid"],
}


# --- Cases ------------------------------------------------------------------------------------------------


def cases(seed: int) -> list[Case]:
    """Return hand cases from the lab, and random ones."""
    draw = stream(seed, "examiner", 20)

    def case(
        criterion: str, kind: str, image: tuple[int, ...], kernels: tuple[int, ...], **more: Any
    ) -> Case:
        arrays = {"image": draw.normal(size=image).round(2), "kernels": draw.normal(size=kernels).round(2)}
        return Case(criterion, kind, arrays, AXES, **more)

    steps = np.zeros((5, 6, 1))
    steps[:, 3:] = 1
    hand = [
        Case("values", "2d1", {"image": steps, "kernels": kernel[..., None, None]}, AXES)
        for kernel in (VERTICAL, HORIZONTAL)
    ]
    whole = {
        "image": np.round(5 * draw.normal(size=(6, 6, 1))),
        "kernels": draw.normal(size=(3, 3, 1, 1)),  # not rounded: no sum should come near a whole number
    }
    return [
        *hand,
        case("values", "2d1", (7, 7, 1), (3, 3, 1, 1)),
        case("values", "2d1", (6, 6, 1), (3, 3, 1, 1)),
        case("channels", "3d1", (6, 6, 2), (3, 3, 2, 1)),
        case("channels", "3d1", (7, 7, 3), (3, 3, 3, 1)),
        case("set", "2dK", (7, 7, 1), (3, 3, 1, 4)),
        case("set", "3dK", (6, 6, 2), (3, 3, 2, 5), needs="channels"),
        case("sizes", "2d1", (7, 5, 1), (2, 2, 1, 1)),
        case("sizes", "2d1", (6, 8, 1), (2, 3, 1, 1)),
        case("sizes", "2d1", (5, 9, 1), (3, 1, 1, 1)),
        Case("types", "2d1", whole, AXES, whole=("image",)),
        case("types", "2d1", (6, 5, 1), (3, 3, 1, 1), single=("image", "kernels")),
    ]


def large(factor: int) -> Case:
    """Return a square grey image with one kernel."""
    draw = stream(0, "examiner: large", 20)
    arrays = {
        "image": draw.normal(size=(16 * factor, 16 * factor, 1)),
        "kernels": draw.normal(size=(3, 3, 1, 1)),
    }
    return Case("efficient", "2d1", arrays, AXES)


# --- Conventions and mistakes -----------------------------------------------------------------------------


def _widths(rule: str, extent: int) -> tuple[int, int]:
    return {
        "none": (0, 0),
        "same": ((extent - 1) // 2, extent // 2),
        "same, extra first": (extent // 2, (extent - 1) // 2),
        "half": (extent // 2, extent // 2),
        "full": (extent - 1, extent - 1),
    }[rule]


PADDINGS = {
    "'valid' (no padding)": ("none", "constant"),
    "'same' with zeros": ("same", "constant"),
    "'same' with the border repeated (edge)": ("same", "edge"),
    "zeros, half the kernel on each side": ("half", "constant"),
    "edge, half the kernel on each side": ("half", "edge"),
    "'same' with zeros, the extra row at the top": ("same, extra first", "constant"),
    "edge, the extra row at the top": ("same, extra first", "edge"),
    "'same' with the border mirrored": ("same", "reflect"),
    "'full' with zeros": ("full", "constant"),
}


def pad_image(case: Case, padding: str) -> Array:
    """Return the image of a case with the border that a convention gives it."""
    rule, mode = PADDINGS[padding]
    widths = (_widths(rule, case.extent("R")), _widths(rule, case.extent("S")), (0, 0))
    return np.pad(case.arrays["image"], widths, mode=mode)  # type: ignore[call-overload,no-any-return]  # a mode in a variable, which NumPy's stubs do not know


def _reference(case: Case, padding: str) -> Array:
    return convolve(pad_image(case, padding), case.arrays["kernels"])


def _with_kernels(change: Callable[[Array], Array]) -> Callable[[Case, str], Array]:
    return lambda case, padding: convolve(pad_image(case, padding), change(case.arrays["kernels"]))


def _no_channel_sum(case: Case, padding: str) -> Array:
    image, kernels = pad_image(case, padding), case.arrays["kernels"]
    each = [
        convolve(image[..., c], kernels[:, :, c : c + 1]) for c in range(image.shape[2])
    ]  # C × (H', W', K)
    maps = np.stack(each, axis=2)  # (H', W', C, K)
    return maps[..., 0] if maps.shape[3] == 1 else maps[:, :, 0] if maps.shape[2] == 1 else maps


def _first_channel(case: Case, padding: str) -> Array:
    return convolve(pad_image(case, padding)[..., :1], case.arrays["kernels"][:, :, :1])


def _cut_off(case: Case, padding: str) -> Array:
    maps = _reference(case, padding)
    return np.trunc(maps) if case.whole else maps


MISTAKES: list[tuple[str, Callable[[Case, str], Array], tuple[str, ...], str]] = [
    (
        "true convolution",
        _with_kernels(lambda k: k[::-1, ::-1]),
        ("values",),
        "The kernel is flipped: this is true convolution, as in mathematics and in scipy.signal.convolve. "
        "The lab, like every network library, lays the kernel on the image as it is (cross-correlation): "
        "leave the flip out.",
    ),
    (
        "transposed kernel",
        _with_kernels(lambda k: k.transpose(1, 0, 2, 3)),
        ("values",),
        "The kernel is transposed: its rows are laid along the image's columns. Check which index is the "
        "row.",
    ),
    (
        "mean instead of sum",
        lambda c, p: _reference(c, p) / (c.extent("R") * c.extent("S")),
        ("values",),
        "Each value is divided by the number of pixels in the window: a convolution sums, it does not "
        "average.",
    ),
    (
        "one window short",
        lambda c, p: _reference(c, p)[:-1, :-1],
        ("values",),
        "The last row and column of windows is missing: H rows have room for H - R + 1 windows, not H - R.",
    ),
    (
        "rectified",
        lambda c, p: np.maximum(_reference(c, p), 0),
        ("values",),
        "Negative values are cut off: rectification is a step of its own (question 21), after the "
        "convolution.",
    ),
    (
        "no sum over channels",
        _no_channel_sum,
        ("channels",),
        "The channels are convolved one by one but never summed: a kernel (R, S, C) has all the channels of "
        "an image in one window and gives ONE map. Sum over the channel axis too.",
    ),
    (
        "first channel only",
        _first_channel,
        ("channels",),
        "Only the first channel is looked at: a kernel (R, S, C) covers all channels, and they are summed.",
    ),
    (
        "first kernel only",
        lambda c, p: _reference(c, p)[..., :1],
        ("set",),
        "Only the first kernel's map comes back: a set of K kernels gives K maps.",
    ),
    (
        "last kernel only",
        lambda c, p: _reference(c, p)[..., -1:],
        ("set",),
        "Only the last kernel's map comes back: does each kernel overwrite the map of the one before?",
    ),
    (
        "kernels summed",
        lambda c, p: _reference(c, p).sum(axis=-1, keepdims=True),
        ("set",),
        "The maps of all kernels are added into one: each kernel has a map of its own.",
    ),
    (
        "fractions cut off",
        _cut_off,
        ("types",),
        "For an image of whole numbers the fractions are cut off: np.zeros_like(image) takes the image's "
        "type. Make the result with np.zeros(shape), which holds floats.",
    ),
]


def approaches() -> list[Approach]:
    """Return the conventions, then each mistake under each padding."""
    conventions = [Approach(name, lambda case, n=name: _reference(case, n)) for name in PADDINGS]  # type: ignore[misc]  # mypy does not see defaults of a lambda
    mistakes = [
        Approach(name, lambda case, f=compute, p=padding: f(case, p), says, costs, padding)  # type: ignore[misc]  # mypy does not see defaults of a lambda
        for padding in PADDINGS
        for name, compute, costs, says in MISTAKES
    ]
    return [*conventions, *mistakes]


def guesses_channels(source: str) -> Mapping[str, tuple[str, str]]:
    """Find ``2 in image.shape`` and the like: a guess at the channels that an image of 2 rows defeats."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)):
            continue
        guess = getattr(node.left, "value", None)
        if isinstance(guess, int) and ast.unparse(node.comparators[0]).endswith(".shape"):
            words = (
                f"The channels are guessed from the shape (line {node.lineno}: {ast.unparse(node)}). That "
                f"works for {guess} channels only, and an image with {guess} rows is taken for one with "
                "channels: look at image.ndim, and take C from the last axis."
            )
            return dict.fromkeys(("values", "channels", "set", "sizes"), ("channels guessed", words))
    return {}


def _every_channel_matters(case: Case, answer: Array, own: Own) -> bool:
    """Return whether a map has the size of that of one channel, and changes with each channel."""
    first = own(part(case, "C", 0, "2d1"))
    if first is None or first.shape != answer.shape:
        return False
    image = case.arrays["image"]
    for channel in range(case.extent("C")):
        other = image.copy()
        other[..., channel] = image[::-1, ::-1, channel] + 1
        changed = own(case.with_arrays({**case.arrays, "image": other}))
        if changed is None or same(changed, answer):
            return False
    return True


def _a_map_for_each(case: Case, answer: Array, own: Own) -> bool:
    """Return whether each kernel of a set is answered as it is alone."""
    return by_parts("K", "2d1" if case.kind == "2dK" else "3d1")(case, answer, own)


EXAM = Exam(
    find_question(20),
    ROLES,
    EXTRAS,
    cases,
    FORMS,
    approaches(),
    large,
    "HW",
    advice=lambda approach: f"Its padding is {approach.name}.",
    suspicions=guesses_channels,
    suspects=SUSPECTS,
    relations={"channels": _every_channel_matters, "set": _a_map_for_each},
    tried={
        "channels": "(An image (H, W, C) and one (C, H, W) were tried, with kernels to match.)",
        "set": "(A set of kernels was tried as an array (R, S, C, K), as (K, R, S), and as a list.)",
    },
)
