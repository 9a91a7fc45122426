"""One argument's gradient beside the slopes measured on forward, at one point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pellucid.functions.gradients.slopes import KINK, SMOOTH, Array, Flags, Probes, SlopeMeter, Slopes


@dataclass(frozen=True)
class Settings:
    """How finely to look: distance moved, largest relative error that is right, the output's batch axis."""

    step: float
    tolerance: float
    batch_axis: int | None


@dataclass(frozen=True)
class Comparison:
    """A claimed gradient, the slopes measured, and where the two disagree (never at a kink)."""

    claimed: Array
    meter: SlopeMeter
    slopes: Slopes
    wrong: Flags  # (P,)

    @property
    def compared(self) -> Flags:
        """The probes along which forward is smooth, (P,)."""
        smooth: Flags = self.slopes.kind == SMOOTH
        return smooth

    @property
    def largest_error(self) -> float:
        """The largest relative error among the compared probes, room for rounding granted; or NaN."""
        if self.claimed.shape != self.meter.probes.shape or not self.compared.any():
            return float("nan")
        error, scale = _error(self.meter.probes.project(self.claimed), self.slopes)
        allowed = self.meter.tolerance * scale + self.slopes.noise
        with np.errstate(invalid="ignore"):  # a claim of infinity
            relative = np.divide(error, allowed, out=np.zeros_like(error), where=allowed > 0)
        return float(relative[self.compared].max()) * self.meter.tolerance


def compare(
    claimed: Array,
    function: Callable[[Array], Array],
    array: Array,
    upstream: Array,
    probes: Probes,
    settings: Settings,
) -> Comparison:
    """Measure the slopes of ``function`` at ``array``, twice where they are doubtful, and compare."""
    meter = SlopeMeter(
        function,
        array,
        upstream,
        probes,
        step=settings.step,
        tolerance=settings.tolerance,
        batch_axis=settings.batch_axis,
    )
    slopes = meter.measure()
    if claimed.shape != probes.shape:
        meter.look_closer(slopes, slopes.doubtful)
        return Comparison(claimed, meter, slopes, slopes.kind == SMOOTH)
    claims = probes.project(claimed)
    meter.look_closer(slopes, slopes.doubtful | _wrong(claims, slopes, settings.tolerance))
    wrong = _wrong(claims, slopes, settings.tolerance) & (slopes.kind == SMOOTH)
    return Comparison(claimed, meter, slopes, wrong)


def impossible_at_kink(here: Comparison, beside: Comparison) -> Flags:
    """Mark the kinks where the claim lies outside the left and the right slope, (P,).

    Only simple kinks count: those where forward, a little beside, goes on along one of the two slopes. Where
    several kinks of a network meet in one output, its slope at that point may be neither.
    """
    probes, slopes = here.meter.probes, here.slopes
    claims = probes.project(here.claimed)
    steepest = np.maximum(np.abs(slopes.low), np.abs(slopes.high))
    slack = 1e-3 * steepest + slopes.noise
    outside = (claims < slopes.low - slack) | (claims > slopes.high + slack)
    impossible: Flags = outside & (slopes.kind == KINK)
    for probe in np.flatnonzero(impossible).tolist():
        (left, right), (other_left, other_right) = here.meter.sides(probe), beside.meter.sides(probe)
        allowed = 0.05 * max(np.abs(left).max(), np.abs(right).max())  # room for a bend in between
        goes_on = [np.abs(other_left - side) <= allowed for side in (left, right)]
        smooth_beside = np.abs(other_left - other_right) <= allowed
        impossible[probe] = ((goes_on[0] | goes_on[1]) & smooth_beside).all()
    return impossible


def _wrong(claims: Array, slopes: Slopes, tolerance: float) -> Flags:
    error, scale = _error(claims, slopes)
    return ~(error <= tolerance * scale + slopes.noise)  # NaN counts as wrong


def _error(claims: Array, slopes: Slopes) -> tuple[Array, Array]:
    """Return the error of each claim and the size to judge it by, (P,) each."""
    smooth = slopes.central[(slopes.kind == SMOOTH) & np.isfinite(slopes.central)]
    typical = np.sqrt(np.mean(smooth**2)) if smooth.size else 0.0
    with np.errstate(invalid="ignore"):
        error = np.abs(claims - slopes.central)
        return error, np.maximum(np.maximum(np.abs(claims), np.abs(slopes.central)), typical)
