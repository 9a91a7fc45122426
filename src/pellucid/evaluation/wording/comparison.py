"""Which of two runs is better, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.wording.values import p_text, points_text

if TYPE_CHECKING:
    from pellucid.evaluation.comparison import Comparison


def comparison_sentence(comparison: Comparison) -> str:
    """Say which run is better, by how much, and how sure that is.

    Examples
    --------
    >>> from pellucid.evaluation import compare, predictions_of
    >>> a, b = (predictions_of(name, [0, 1], [[0.9, 0.1], [0.2, 0.8]]) for name in "AB")
    >>> comparison_sentence(compare(a, b))
    "No difference between A and B is shown: B minus A is 0.0 points (-65.8 to 65.8); 0 images changed sides:
    0 to right, 0 to wrong (p = 1, McNemar's mid-p test)."
    """
    a, b, difference = comparison.a, comparison.b, comparison.difference
    changed = _changed(comparison)
    if not comparison.significant():
        return (
            f"No difference between {a} and {b} is shown: {b} minus {a} is "
            f"{points_text(difference)}; {changed}"
        )
    if difference.value > 0:
        return f"{b} is better by {points_text(difference)}; {changed}"
    return f"{b} is worse by {points_text(-difference)}; {changed}"


def _changed(comparison: Comparison) -> str:
    several = (
        f", one of {comparison.comparisons} comparisons, corrected for that as is the interval"
        if comparison.comparisons > 1
        else ""
    )
    return (
        f"{counted(comparison.changed, 'image')} changed sides: {comparison.gained:,} to right, "
        f"{comparison.lost:,} to wrong ({p_text(comparison.p_value)}, McNemar's mid-p test{several})."
    )
