"""Is a backward right? A comparison with slopes measured on its forward, and a diagnosis where it is not.

After the gradient checks of Stanford's CS231n course notes ("Neural networks 3: gradient checks") and, for
the projection mode, of HIPS/autograd: float64, central differences, a random upstream gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError
from pellucid.functions.gradients.comparison import Comparison, Settings, compare, impossible_at_kink
from pellucid.functions.gradients.diagnosis import Evidence, diagnose
from pellucid.functions.gradients.factors import known_factors
from pellucid.functions.gradients.report import ArgumentReport, Diagnosis, GradientReport, Verdict
from pellucid.functions.gradients.slopes import JUMP, KINK, NOT_FINITE, Probes
from pellucid.functions.gradients.subject import Point, Subject

DIRECTIONS = 4  # random directions per argument in projection mode
COARSE = 1e-4  # tolerance for a backward that returns float32
LEFT_OUT = {
    KINK: "a kink (relu at 0, a tied maximum: the winner changes within the step): "
    "left and right slopes differ",
    JUMP: "a jump (a threshold, a constant map being normalised): the value itself changes abruptly",
    NOT_FINITE: "an edge (a logarithm at 0, a division by 0): forward gives NaN or infinity within the step",
}


def check_gradients(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *arguments: Any,
    names: Sequence[str] | None = None,
    mode: Literal["full", "projection"] = "full",
    step: float = 1e-5,
    tolerance: float = 1e-6,
    seed: int = 0,
    batch_axis: int | None = 0,
) -> GradientReport:
    """Compare the gradients of a backward with slopes measured on its forward, and say what is wrong.

    Parameters
    ----------
    forward
        ``forward(*arguments)`` returns one array.
    backward
        ``backward(gradient, *arguments)``, with ``gradient`` of the output's shape, returns one gradient or a
        tuple of them, in the order of the arguments; ``None`` stands for "not differentiated". Arguments that
        are not arrays of floats (labels, sizes) may be left out of the tuple. Where backward takes fewer
        arguments than forward (no bias, say) it is called with the leading ones.
    *arguments
        The point at which to compare. Arrays of floats are checked, in float64; all else is passed on.
        Random values are best: zeros and equal values sit on kinks.
    names
        What to call the arguments; forward's own parameter names where not given.
    mode
        ``"full"`` moves each element by itself; its cost is two forwards an element. ``"projection"`` moves
        each argument along four random directions: cheap, and as unlikely to miss an error.
    step
        Distance moved, for values below 1; relative for larger ones.
    tolerance
        Largest relative error that is right. An element much smaller than its gradient's root mean square is
        judged by that.
    seed
        Of the random upstream gradient and directions.
    batch_axis
        The axis of the output that counts images, for the diagnosis; None where there is none.

    Returns
    -------
    GradientReport
        True where all is right; ``str()`` says in plain words what is not.

    Raises
    ------
    ArgumentError
        For an unknown mode, a step or tolerance that is not positive, nothing to differentiate, a forward
        that returns several arrays, or numbers of gradients or names that do not match the arguments.

    Notes
    -----
    Where left and right slopes differ forward has a kink or a jump, and the gradient there is a convention:
    it is left out, but must lie between the two slopes at a simple kink. The check is then repeated a
    little beside, where nothing is left out. So a kink never counts as an error, and never hides one.

    Examples
    --------
    >>> x = np.array([1.0, -2.0, 0.5])
    >>> check_gradients(np.square, lambda gradient, x: gradient * 2 * x, x, names=["x"]).ok
    True
    >>> print(check_gradients(np.square, lambda gradient, x: gradient * x, x, names=["x"]))
    Gradients of square are WRONG.
      x: WRONG: every element is 0.5 × what it should be, 1/2.
    """
    if mode not in ("full", "projection"):
        raise ArgumentError(f'mode must be "full" or "projection". Received: mode={mode!r}')
    if not (step > 0 and tolerance > 0):
        raise ArgumentError(
            f"step and tolerance must be positive. Received: step={step}, tolerance={tolerance}"
        )
    subject = Subject(forward, backward, arguments, names, seed)
    problems, measurable = subject.problems()
    settings = Settings(step, tolerance, batch_axis)
    reports = [
        _check_argument(subject, position, _probes(subject, position, mode), settings)
        for position in (subject.differentiated if measurable else [])
    ]
    return GradientReport(subject.title, mode, tuple(reports), tuple(problems))


def _check_argument(subject: Subject, position: int, probes: Probes, settings: Settings) -> ArgumentReport:
    """Check one argument's gradient; where that meets kinks, check it again a little beside."""
    claimed = subject.claimed(subject.point, position)
    notes = []
    if claimed.dtype != np.float64:
        settings = Settings(settings.step, max(settings.tolerance, COARSE), settings.batch_axis)
        notes.append(f"backward returns {claimed.dtype} for float64 arguments; compared to {COARSE:g} only")
    here = _compare_at(subject.point, subject, position, probes, settings)
    diagnosis, beside = _diagnose(here, subject, settings), None
    if diagnosis is None and not here.compared.all():
        beside = _compare_at(subject.beside, subject, position, probes, settings)
        diagnosis = _diagnose(beside, subject, settings) or _impossible(here, beside)
    comparisons = [here] if beside is None else [here, beside]
    was_compared = any(comparison.compared.any() for comparison in comparisons)
    verdict: Verdict = "wrong" if diagnosis else "ok" if was_compared else "not compared"
    errors = [c.largest_error for c in comparisons if c.compared.any()]
    return ArgumentReport(
        subject.names[position],
        probes.shape,
        verdict,
        compared=int(here.compared.sum()),
        total=len(probes),
        largest_error=max(errors, default=float("nan")),
        diagnosis=diagnosis,
        left_out=tuple(probes.index(int(probe)) for probe in np.flatnonzero(~here.compared)),
        notes=(*notes, *_left_out(here, beside, diagnosis)),
        unit=probes.unit,
    )


def _probes(subject: Subject, position: int, mode: str) -> Probes:
    array = subject.arguments[position]
    if mode == "full":
        return Probes(array.shape)
    draw = stream(subject.seed, "gradient check: directions", position)
    return Probes(array.shape, draw.choice([-1.0, 1.0], (DIRECTIONS, array.size)))


def _compare_at(
    point: Point, subject: Subject, position: int, probes: Probes, settings: Settings
) -> Comparison:
    function, array = subject.along(point, position), point.arguments[position]
    return compare(subject.claimed(point, position), function, array, subject.upstream, probes, settings)


def _diagnose(comparison: Comparison, subject: Subject, settings: Settings) -> Diagnosis | None:
    """Say what is wrong with a claimed gradient; None where nothing is."""
    claimed, slopes, probes = comparison.claimed, comparison.slopes, comparison.meter.probes
    finite = np.isfinite(claimed)
    if not finite.all():
        first = [int(i) for i in np.unravel_index(int(finite.argmin()), claimed.shape)]
        count = f"{(~finite).sum()} of {claimed.size} elements are NaN or infinite"
        return Diagnosis("nan", f"{count}, the first at {first}")
    if claimed.shape == probes.shape and not comparison.wrong.any():
        return None
    shapes = {subject.names[position]: subject.arguments[position].shape for position in subject.floats}
    return diagnose(
        Evidence(
            claimed.astype(np.float64),
            probes,
            truth=slopes.central,
            by_image=slopes.by_image,
            noise=slopes.noise,
            compared=comparison.compared,
            wrong=comparison.wrong,
            factors=known_factors(subject.output.shape, shapes, settings.batch_axis),
        )
    )


def _impossible(here: Comparison, beside: Comparison) -> Diagnosis | None:
    """Say where a gradient that is right elsewhere claims a slope that no convention gives at a kink."""
    impossible = np.flatnonzero(impossible_at_kink(here, beside))
    if not impossible.size:
        return None
    probes, slopes, first = here.meter.probes, here.slopes, int(impossible[0])
    return Diagnosis(
        "kink",
        f"right where forward is smooth, but at {len(impossible)} {probes.unit} on a kink it is neither the "
        f"left slope nor the right one nor between them, as at {list(probes.index(first))}: "
        f"{probes.project(here.claimed)[first]:.6g} is not from {slopes.low[first]:.6g} "
        f"to {slopes.high[first]:.6g}",
    )


def _left_out(here: Comparison, beside: Comparison | None, diagnosis: Diagnosis | None) -> list[str]:
    """Say of how many elements forward has no one slope, and why."""
    right_beside = beside is not None and diagnosis is None and beside.compared.any()
    ending = "not compared there, but right a little beside" if right_beside else "not compared"
    total = f"of {len(here.meter.probes)} {here.meter.probes.unit}"
    counts = {kind: int((here.slopes.kind == kind).sum()) for kind in LEFT_OUT}
    return [
        f"{count} {total} sit{'s' * (count == 1)} on {LEFT_OUT[kind]}; {ending}"
        for kind, count in counts.items()
        if count
    ]
