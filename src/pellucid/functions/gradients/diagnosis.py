"""What is wrong with a gradient, found from how it differs from the measured slopes.

Each diagnosis undoes one common mistake on the gradient in question (turns it, transposes it, sums an axis)
and looks whether it then agrees with the numerical slopes. Agreement along the probes is all that is needed,
so the same diagnoses work on single elements and on random projections; only the border needs elements.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pellucid.functions.gradients.factors import name_factor
from pellucid.functions.gradients.report import Diagnosis
from pellucid.functions.gradients.slopes import Array, Flags, Probes

LIKENESS = 1e-4  # relative: two gradients that agree this well are the same


@dataclass(frozen=True)
class Evidence:
    """What is known of one argument's gradient: ``claimed`` by backward, and the slopes measured.

    ``factors`` names the numbers that a wrong factor may be: [(value, name), …].
    """

    claimed: Array
    probes: Probes
    truth: Array  # (P,)
    by_image: Array  # (P, N): what each image contributes to truth
    noise: Array  # (P,)
    compared: Flags  # (P,): false at kinks
    wrong: Flags  # (P,)
    factors: list[tuple[float, str]]

    def ratio(self, candidate: Array, truth: Array | None = None) -> float | None:
        """Return c where ``candidate`` is c × ``truth`` along every compared probe; None where no c fits."""
        aim = (self.truth if truth is None else truth)[self.compared]
        have, noise = self.probes.project(candidate)[self.compared], self.noise[self.compared]
        if not (np.abs(aim) > noise).any():
            return None
        factor = float(have @ aim / (aim @ aim))
        typical = np.sqrt(np.mean(aim**2))
        allowed = LIKENESS * abs(factor) * np.maximum(np.abs(aim), typical) + noise * max(1.0, abs(factor))
        return factor if (np.abs(have - factor * aim) <= allowed).all() else None


def diagnose(evidence: Evidence) -> Diagnosis:
    """Say what is wrong with a gradient that is known to be wrong."""
    if evidence.claimed.shape != evidence.probes.shape:
        return _shape(evidence)
    factor = evidence.ratio(evidence.claimed)
    if factor is not None and abs(factor - 1) < LIKENESS:  # a small error, which no mix-up would leave
        return _border(evidence) or _elements(evidence)
    for explain in (_zero, _factor, _one_image, _flipped, _transposed, _border):
        found = explain(evidence)
        if found is not None:
            return found
    return _elements(evidence)


def _zero(evidence: Evidence) -> Diagnosis | None:
    if evidence.claimed.any():
        return None
    return Diagnosis("zero", "every element is 0 where it should not be: is it computed and returned?")


def _factor(evidence: Evidence) -> Diagnosis | None:
    factor = evidence.ratio(evidence.claimed)
    if factor is None:
        return None
    if abs(factor + 1) < LIKENESS:
        return Diagnosis("sign", "every element has the wrong sign (it is -1 × what it should be)")
    named = name_factor(factor, evidence.factors)
    return Diagnosis("factor", f"every element is {factor:.4g} × what it should be{named}")


def _one_image(evidence: Evidence) -> Diagnosis | None:
    """Find a gradient that one image alone contributed, where the sum over the batch is due."""
    images = evidence.by_image.shape[1]
    for image in range(images if images > 1 else 0):
        factor = evidence.ratio(evidence.claimed, evidence.by_image[:, image])
        if factor is not None and abs(factor - 1) < LIKENESS:
            which = {0: "the first", images - 1: "the last"}.get(image, f"number {image} (from 0)")
            cause = " (is each overwritten by the next, = in place of +=?)" if image == images - 1 else ""
            return Diagnosis(
                "batch sum",
                f"it is what {which} of {images} images alone contributes: "
                f"the sum over the batch is missing{cause}",
            )
    return None


def _flipped(evidence: Evidence) -> Diagnosis | None:
    rank = evidence.claimed.ndim
    some_axes = [axes for count in (2, 1, 3, 4) for axes in itertools.combinations(range(rank), count)]
    for axes in some_axes:
        factor = evidence.ratio(np.flip(evidence.claimed, axes))
        if factor is not None:
            hint = ": a kernel turned by 180°, as true convolution has it and pellucid has not"
            return Diagnosis(
                "flipped",
                f"every element is right but in the wrong place: it is flipped along "
                f"{_axes(axes)}{hint if axes == (0, 1) else ''}{_and_factor(factor, evidence)}",
            )
    return None


def _transposed(evidence: Evidence) -> Diagnosis | None:
    for axes, candidate in _permutations(evidence.claimed, evidence.probes.shape):
        factor = evidence.ratio(candidate)
        if factor is not None:
            return Diagnosis(
                "transposed",
                f"every element is right but in the wrong place: it is the gradient transposed "
                f"(.transpose{axes} puts it right){_and_factor(factor, evidence)}",
            )
    return None


def _border(evidence: Evidence) -> Diagnosis | None:
    """Find errors that lie at the border of two neighbouring axes: most of what is there, nothing else."""
    shape = evidence.probes.shape
    if evidence.probes.vectors is not None or len(shape) < 2:
        return None
    wrong = evidence.wrong.reshape(shape)
    telling = (evidence.compared & (evidence.truth != 0)).reshape(shape)
    pairs = [(1, 2), (0, 1)] if len(shape) == 4 else list(itertools.pairwise(range(len(shape))))
    widths = range(1, max(2, max(shape) // 3 + 1))
    for width, (rows, columns) in itertools.product(widths, pairs):
        if min(shape[rows], shape[columns]) - 2 * width < 1:
            continue
        sides, border = _sides(wrong, rows, columns, width)
        _, whole_border = _sides(np.ones(shape, dtype=bool), rows, columns, width)
        if sides and wrong.sum() >= (telling & border).sum() / 2 and (telling & ~whole_border).any():
            return Diagnosis(
                "border",
                f"{wrong.sum()} of {wrong.size} elements are wrong, all of them at the border "
                f"({', '.join(sides)}; {width} wide along {_axes((rows, columns))}), and the inside "
                "is right: look at the padding and at what the last window covers",
            )
    return None


def _elements(evidence: Evidence) -> Diagnosis:
    probes, have = evidence.probes, evidence.probes.project(evidence.claimed)
    error = np.where(evidence.wrong, np.abs(have - evidence.truth), 0)
    worst = int(error.argmax())
    return Diagnosis(
        "elements",
        f"{evidence.wrong.sum()} of {len(probes)} {probes.unit} are wrong, the worst at "
        f"{list(probes.index(worst))}: {have[worst]:.6g} where it should be {evidence.truth[worst]:.6g}",
    )


def _shape(evidence: Evidence) -> Diagnosis:
    """Explain a gradient whose shape is not its argument's."""
    claimed, shape = evidence.claimed, evidence.probes.shape
    found = f"its shape is {claimed.shape} where the argument's is {shape}"
    images = evidence.by_image.shape[1]
    for axes in _surplus_axes(claimed, shape):
        factor = evidence.ratio(claimed.sum(axis=axes).reshape(shape))
        if factor is not None:
            batch = images > 1 and images in [claimed.shape[axis] for axis in axes]
            what = "the sum over the batch is missing" if batch else "a sum is missing"
            return Diagnosis(
                "batch sum" if batch else "shape",
                f"{found}: {what} (.sum over {_axes(axes)} puts it right{_and_factor(factor, evidence)})",
            )
    for axes, candidate in _permutations(claimed, shape):
        factor = evidence.ratio(candidate)
        if factor is not None:
            return Diagnosis(
                "transposed",
                f"{found}: it is the gradient transposed "
                f"(.transpose{axes} puts it right){_and_factor(factor, evidence)}",
            )
    if claimed.size == np.prod(shape):
        factor = evidence.ratio(claimed.reshape(shape))
        if factor is not None:
            return Diagnosis(
                "shape", f"{found}, with the right elements: reshape it{_and_factor(factor, evidence)}"
            )
    return Diagnosis("shape", found)


def _surplus_axes(claimed: Array, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the sets of axes whose sum leaves ``shape``, the fewest axes first."""
    for count in range(1, claimed.ndim + 1):
        for axes in itertools.combinations(range(claimed.ndim), count):
            left = [extent for axis, extent in enumerate(claimed.shape) if axis not in axes]
            kept = [extent for extent in shape if extent != 1]
            if [extent for extent in left if extent != 1] == kept:
                yield axes


def _permutations(claimed: Array, shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Yield the transpositions that bring ``claimed`` to ``shape``, the identity left out."""
    identity = tuple(range(claimed.ndim))
    for axes in itertools.permutations(identity):
        if axes != identity and tuple(claimed.shape[axis] for axis in axes) == shape:
            yield axes, claimed.transpose(axes)


def _sides(wrong: Flags, rows: int, columns: int, width: int) -> tuple[tuple[str, ...], Flags]:
    """Return the fewest sides of the border that hold every wrong element, and their mask.

    Where the whole border does not hold them, no sides and the mask of the whole border.
    """
    bands = {
        "top": _band(wrong.shape, rows, width, first=True),
        "bottom": _band(wrong.shape, rows, width, first=False),
        "left": _band(wrong.shape, columns, width, first=True),
        "right": _band(wrong.shape, columns, width, first=False),
    }
    border = np.zeros(wrong.shape, dtype=bool)
    for count in range(1, 5):
        for sides in itertools.combinations(bands, count):
            border = np.logical_or.reduce([bands[side] for side in sides])
            if not (wrong & ~border).any():
                return sides, border
    return (), border


def _band(shape: tuple[int, ...], axis: int, width: int, *, first: bool) -> Flags:
    """Mark the first or last ``width`` indices along an axis: a mask that broadcasts to ``shape``."""
    extent = shape[axis]
    index = np.arange(extent).reshape([-1 if a == axis else 1 for a in range(len(shape))])
    near = index < width if first else index >= extent - width
    return np.broadcast_to(near, shape)


def _and_factor(factor: float, evidence: Evidence) -> str:
    if abs(factor - 1) < LIKENESS:
        return ""
    return f"; besides, it is {factor:.4g} × what it should be{name_factor(factor, evidence.factors)}"


def _axes(axes: tuple[int, ...]) -> str:
    """Write axes 0, 1 and 2."""
    *all_but_last, last = map(str, axes)
    return f"axes {', '.join(all_but_last)} and {last}" if all_but_last else f"axis {last}"
