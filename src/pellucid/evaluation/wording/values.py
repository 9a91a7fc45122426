"""Differences and p-values as text, as they stand in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.evaluation.intervals import decimals

if TYPE_CHECKING:
    from pellucid.evaluation.intervals import Estimate


def points_text(estimate: Estimate) -> str:
    """Return a difference of proportions in percentage points, with its interval.

    Examples
    --------
    >>> from pellucid.evaluation.comparison import paired_difference
    >>> points_text(paired_difference(150, 60, 10000))
    '0.9 points (0.6 to 1.2)'
    """
    places = max(1, decimals(estimate.high - estimate.low) - 3)
    interval = f"{100 * estimate.low:z.{places}f} to {100 * estimate.high:z.{places}f}"
    return f"{100 * estimate.value:z.{places}f} points ({interval})"


def p_text(p_value: float) -> str:
    """Return a p-value as text.

    Examples
    --------
    >>> p_text(0.0312), p_text(1e-9), p_text(1.0)
    ('p = 0.031', 'p < 0.0001', 'p = 1')
    """
    return "p < 0.0001" if p_value < 1e-4 else f"p = {p_value:.2g}"
