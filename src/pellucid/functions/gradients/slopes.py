"""The numerical side of the gradient check: slopes along probes, left and right, and where they differ.

A *probe* is a direction in which one argument is moved: one element alone, or a random mixture of all. With
the upstream gradient g, the slope along a probe v is d/dt sum(g · forward(x + t·v)) at t = 0, taken from the
left, from the right and as their mean (the central difference, whose error shrinks with the step squared).

Left and right slopes say more than their mean. Where forward is smooth their difference shrinks with the
step; at a kink (relu at 0, a tied maximum) it stays; at a jump it grows. They are compared for every output
element by itself, so that kinks of several outputs cannot cancel in the sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

SMOOTH, KINK, JUMP, NOT_FINITE = range(4)  # what forward does within the step of a probe

SHRINK = 64  # the closer look is taken with the step divided by this
EPS = float(np.finfo(np.float64).eps)
ROUNDINGS = 64  # how often one value of forward may have been rounded, on its way


@dataclass(frozen=True)
class Probes:
    """The directions in which an argument of ``shape`` is moved.

    ``vectors`` holds one direction a row, (P, size); None stands for every element by itself.
    """

    shape: tuple[int, ...]
    vectors: Array | None = None

    def __len__(self) -> int:
        return int(np.prod(self.shape)) if self.vectors is None else len(self.vectors)

    @property
    def unit(self) -> str:
        """What one probe is called."""
        return "elements" if self.vectors is None else "random directions"

    def index(self, probe: int) -> tuple[int, ...]:
        """Return the index of a probe's element, or the number of a random direction."""
        if self.vectors is not None:
            return (int(probe),)
        return tuple(int(i) for i in np.unravel_index(probe, self.shape))

    def moved(self, array: Array, probe: int, distance: float) -> Array:
        """Return a copy of ``array``, ``distance`` further along a probe."""
        if self.vectors is not None:
            all_moved: Array = array + distance * self.vectors[probe].reshape(self.shape)
            return all_moved
        moved = array.copy()
        moved.flat[probe] += distance
        return moved

    def project(self, gradient: Array) -> Array:
        """Return the slope along every probe, (P,), that a gradient of the argument's shape claims."""
        flat: Array = gradient.reshape(-1)  # shape -> (size,)
        return flat if self.vectors is None else np.matmul(self.vectors, flat)

    def size_of_step(self, array: Array, probe: int, step: float) -> float:
        """Return the step for a probe: absolute for values below 1, relative beyond.

        Where many elements move at once they move less, between as far each and as far together as one would:
        many small moves cross more kinks, and rounding stands against very small ones.
        """
        if self.vectors is None:
            return step * max(1.0, abs(float(array.flat[probe])))
        return step * max(1.0, float(np.abs(array).max())) / float(array.size**0.25)


@dataclass(frozen=True)
class Slopes:
    """The numerical slopes along P probes, (P,) each; ``by_image`` is (P, N)."""

    central: Array
    low: Array  # at a kink any slope between low and high is a fair answer
    high: Array
    noise: Array  # what rounding can do to ``central``
    kind: NDArray[np.int_]
    doubtful: Flags  # left and right differ more than a smooth function's should: look closer
    by_image: Array  # the part of ``central`` that each image's outputs contribute


class SlopeMeter:
    """Measures the slopes of sum(upstream · function(array)) along probes of ``array``."""

    def __init__(
        self,
        function: Callable[[Array], Array],
        array: Array,
        upstream: Array,
        probes: Probes,
        *,
        step: float,
        tolerance: float,
        batch_axis: int | None,
    ) -> None:
        self.function, self.array, self.upstream, self.probes = function, array, upstream, probes
        self.step, self.tolerance, self.batch_axis = step, tolerance, batch_axis
        self.middle = function(array)

    def measure(self) -> Slopes:
        """Measure every probe with the whole step."""
        count = len(self.probes)
        images = self._by_image(self.upstream).size
        slopes = Slopes(
            central=np.zeros(count),
            low=np.zeros(count),
            high=np.zeros(count),
            noise=np.zeros(count),
            kind=np.full(count, SMOOTH),
            doubtful=np.zeros(count, dtype=bool),
            by_image=np.zeros((count, images)),
        )
        for probe in range(count):
            left, right = self.sides(probe)
            bend, steepest = np.abs(right - left), _steeper(left, right).max()
            self._write(slopes, probe, left, right, np.zeros(left.shape, dtype=bool), 1)
            slopes.doubtful[probe] = not bend.max() <= 1e-3 * steepest  # also true for NaN
        return slopes

    def look_closer(self, slopes: Slopes, which: Flags) -> None:
        """Measure the probes of ``which`` again with a much smaller step, to distinguish kinks from bends."""
        for probe in np.flatnonzero(which).tolist():
            (left, right), (near_left, near_right) = self.sides(probe), self.sides(probe, SHRINK)
            bend, near_bend = np.abs(right - left), np.abs(near_right - near_left)
            if not np.isfinite(bend).all() or not np.isfinite(near_bend).all():
                slopes.kind[probe] = NOT_FINITE
                continue
            slope, near_slope = _steeper(left, right), _steeper(near_left, near_right)
            rounding = ROUNDINGS * EPS * np.abs(self.middle) / self._distance(probe, SHRINK)
            least = self.tolerance * near_slope.max() + rounding
            # With the step a bend shrinks SHRINK times; a kink stays; the slope of a jump grows as much.
            kinked = (near_bend > 3 / SHRINK * bend) & (near_bend > least)
            jumped = (near_slope > 4 * slope) & (near_slope > least)
            slopes.kind[probe] = JUMP if jumped.any() else KINK if kinked.any() else SMOOTH
            before = slopes.central[probe]
            self._write(slopes, probe, near_left, near_right, kinked, SHRINK)
            after, sure = slopes.central[probe], self.tolerance * abs(before) + slopes.noise[probe]
            if slopes.kind[probe] == SMOOTH and abs(after - before) > sure:  # still bent within the step
                self._write(slopes, probe, *self.sides(probe, SHRINK**2), kinked, SHRINK**2)

    def sides(self, probe: int, shrink: float = 1) -> tuple[Array, Array]:
        """Return the slopes of every output element from the left and from the right."""
        distance = self._distance(probe, shrink)
        before = self.function(self.probes.moved(self.array, probe, -distance))
        after = self.function(self.probes.moved(self.array, probe, distance))
        with np.errstate(invalid="ignore", over="ignore"):  # inf - inf is NaN, and is reported
            return (self.middle - before) / distance, (after - self.middle) / distance

    def _distance(self, probe: int, shrink: float) -> float:
        return self.probes.size_of_step(self.array, probe, self.step) / shrink

    def _write(
        self, slopes: Slopes, probe: int, left: Array, right: Array, kinked: Flags, shrink: float
    ) -> None:
        with np.errstate(invalid="ignore", over="ignore"):
            from_left, from_right = self.upstream * left, self.upstream * right
            central = (from_left + from_right) / 2
        slopes.central[probe] = central.sum()
        slopes.by_image[probe] = self._by_image(central)
        slopes.low[probe] = np.where(kinked, np.minimum(from_left, from_right), central).sum()
        slopes.high[probe] = np.where(kinked, np.maximum(from_left, from_right), central).sum()
        # An output that has not moved may owe that to rounding too, but no more than once.
        roundings = np.where((left != 0) | (right != 0), ROUNDINGS, 1)
        rounding = EPS * np.sqrt(((self.upstream * self.middle * roundings) ** 2).sum())
        slopes.noise[probe] = rounding / self._distance(probe, shrink)

    def _by_image(self, weighted: Array) -> Array:
        """Sum over all axes but the batch: (N, ...) -> (N,); without a batch one sum, (1,)."""
        if self.batch_axis is None or not -weighted.ndim <= self.batch_axis < weighted.ndim:
            return np.array([weighted.sum()])
        images_first = np.moveaxis(weighted, self.batch_axis, 0)
        return images_first.reshape(len(images_first), -1).sum(axis=1)  # type: ignore[no-any-return]  # an array's method, untyped in NumPy's stubs


def _steeper(left: Array, right: Array) -> Array:
    steeper: Array = np.maximum(np.abs(left), np.abs(right))
    return steeper
