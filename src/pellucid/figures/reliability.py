"""Reliability diagrams: accuracy against confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.errors import DataError
from pellucid.figures.style import LIGHT, axes_or_new, figure_of, legend_below, percent_axis, styled
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pellucid.evaluation import ReliabilityBin

LOOKS = (("training", "o", "as the network says"), ("validation", "s", "after temperature scaling"))


def plot_reliability(
    curve: Sequence[ReliabilityBin],
    after: Sequence[ReliabilityBin] | None = None,
    *,
    ax: Axes | None = None,
) -> Figure:
    """Return the reliability diagram: the accuracy for images of similar confidence.

    Bars are 95 % intervals; on the diagonal, confidence and accuracy are equal.

    Parameters
    ----------
    curve
        From :func:`pellucid.evaluation.reliability_curve`; empty bins are left out.
    after
        The same after temperature scaling.

    Raises
    ------
    DataError
        When all bins are empty.

    Examples
    --------
    >>> from pellucid.evaluation import reliability_curve
    >>> curve = reliability_curve([0, 0, 1, 0], [[0.9, 0.1]] * 4)
    >>> plot_reliability(curve).axes[0].get_xlabel()
    'confidence (mean top probability)'
    """
    curves = [_filled(one) for one in (curve, after) if one is not None]
    with styled():
        ax = axes_or_new(ax, height=3.9)
        low = min(one.low for bins in curves for one in bins)
        ax.plot(
            [low, 1],
            [low, 1],
            color=LIGHT["muted"],
            linewidth=1,
            linestyle="--",
            label="perfect calibration",
        )
        for bins, (colour, marker, label) in zip(curves, LOOKS, strict=False):
            right = [one.accuracy.value for one in bins]
            below = [one.accuracy.value - one.accuracy.low for one in bins]
            above = [one.accuracy.high - one.accuracy.value for one in bins]
            sure = [one.confidence for one in bins]
            line = ax.errorbar(
                sure, right, [below, above], color=LIGHT[colour], marker=marker, elinewidth=1, label=label
            )
            line[0].set_linewidth(1.2)
        ax.set_title("Reliability")
        ax.set_xlabel("confidence (mean top probability)")
        ax.set_ylabel("accuracy")
        ax.set_xlim(low, 1.02)
        ax.set_ylim(0, 1.03)
        percent_axis(ax.xaxis)
        percent_axis(ax.yaxis)
        legend_below(ax)
    return figure_of(ax)


def reliability_text(curve: Sequence[ReliabilityBin], after: Sequence[ReliabilityBin] | None = None) -> str:
    """Return the reliability diagram in words, and as a table.

    Examples
    --------
    >>> from pellucid.evaluation import reliability_curve
    >>> print(reliability_text(reliability_curve([0, 0, 1, 0], [[0.9, 0.1]] * 4)))
    Accuracy by confidence, for 4 images in 1 bin.
    <BLANKLINE>
         confidence  images     mean  accuracy  95 % from      to
    86.7 % – 93.3 %       4  90.00 %    75.0 %     30.1 %  95.4 %
    """
    bins = _filled(curve)
    images = sum(one.count for one in bins)
    summary = f"Accuracy by confidence, for {counted(images, 'image')} in {counted(len(bins), 'bin')}."
    text = f"{summary}\n\n{_table(bins)}"
    return text if after is None else f"{text}\n\nAfter temperature scaling:\n\n{_table(_filled(after))}"


def _table(bins: Sequence[ReliabilityBin]) -> str:
    head = ["confidence", "images", "mean", "accuracy", "95 % from", "to"]
    rows = [
        [
            f"{percent(one.low, 1)} – {percent(one.high, 1)}",
            f"{one.count:,}",
            percent(one.confidence),
            percent(one.accuracy.value, 1),
            percent(one.accuracy.low, 1),
            percent(one.accuracy.high, 1),
        ]
        for one in bins
    ]
    return text_table(head, rows)


def _filled(curve: Sequence[ReliabilityBin]) -> list[ReliabilityBin]:
    bins = [one for one in curve if one.count]
    if not bins:
        raise DataError("A reliability diagram needs images, but none of the bins has one.")
    return bins
