"""Risk-coverage curves: the error rate among accepted fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from pellucid.core.wording.percents import percent
from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures.style import SEVERAL, axes_or_new, figure_of, legend_below, percent_axis, styled
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

LINES = tuple(zip(SEVERAL, ("-", "--", "-.", ":"), strict=False))
SHARES = (0.5, 0.8, 0.9, 0.95, 1.0)


class _Curve(NamedTuple):
    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]


def plot_risk_coverage(
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]], *, ax: Axes | None = None
) -> Figure:
    """Return the error rate of accepted fields over the share accepted, the most confident first.

    The error axis is logarithmic; zeros are not drawn, because no errors among a few fields say little.

    Parameters
    ----------
    curves
        Coverage and risk by name, as in :func:`pellucid.evaluation.risk_coverage`.

    Examples
    --------
    >>> figure = plot_risk_coverage({"4 digits": ([0.5, 0.9, 1.0], [0.0, 0.01, 0.05])})
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['4 digits']
    """
    checked = _checked(curves)
    with styled():
        ax = axes_or_new(ax, height=3.9)
        for place, (name, curve) in enumerate(checked.items()):
            colour, style = LINES[place % len(LINES)]
            seen = curve.risk > 0
            ax.plot(
                curve.coverage[seen],
                curve.risk[seen],
                linestyle=style,
                color=colour,
                label=name,
                marker="",
            )
        ax.set_yscale("log")
        ax.set_title("Error rate of accepted fields")
        ax.set_xlabel("share of fields accepted, most confident first")
        ax.set_ylabel("error rate among these")
        ax.set_xlim(0, 1)
        percent_axis(ax.xaxis)
        percent_axis(ax.yaxis)
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_minor_locator(NullLocator())
        if ax.lines:
            legend_below(ax)
    return figure_of(ax)


def risk_coverage_text(curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> str:
    """Return the error rate at some shares of accepted fields, in words and as a table.

    Examples
    --------
    >>> print(risk_coverage_text({"4 digits": ([0.5, 0.9, 1.0], [0.0, 0.01, 0.05])}))
    Error rate of the accepted fields, by the share accepted, the most confident first.
    <BLANKLINE>
     fields  50 %    80 %    90 %    95 %   100 %
    4 digits  0.00 %  0.00 %  1.00 %  1.00 %  5.00 %
    """
    head = ["fields", *(f"{100 * share:.0f} %" for share in SHARES)]
    rows = [
        [name, *(percent(_risk_at(curve, share)) for share in SHARES)]
        for name, curve in _checked(curves).items()
    ]
    summary = "Error rate of the accepted fields, by the share accepted, the most confident first."
    return f"{summary}\n\n{text_table(head, rows)}"


def _risk_at(curve: _Curve, share: float) -> float:
    """Return the risk at the greatest coverage up to ``share``; NaN if every coverage is above it."""
    below = np.flatnonzero(curve.coverage <= share + 1e-9)
    return float(curve.risk[below[-1]]) if below.size else float("nan")


def _checked(curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> dict[str, _Curve]:
    if not curves:
        raise ArgumentError("A risk-coverage plot needs at least one curve. Received: curves={}")
    checked = {}
    for name, (coverage, risk) in curves.items():
        curve = _Curve(np.asarray(coverage, np.float64), np.asarray(risk, np.float64))
        if curve.coverage.ndim != 1 or curve.coverage.shape != curve.risk.shape:
            raise ShapeError(
                f"Coverage and risk of {name!r} are lists of one length. Received: "
                f"coverage.shape={curve.coverage.shape}, risk.shape={curve.risk.shape}"
            )
        checked[name] = curve
    return checked
