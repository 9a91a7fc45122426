"""Percentages as text: "98.96 %"."""

from __future__ import annotations

import math


def percent(share: float, places: int = 2) -> str:
    """Return a share as a percentage with that many decimals; "–" for NaN.

    Examples
    --------
    >>> percent(0.9896), percent(0.2, 0), percent(float("nan"))
    ('98.96 %', '20 %', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.{places}f} %"


def confidence_percent(probability: float) -> str:
    """Return a probability as a percentage that is 100 % only if it is 1, and 0 % only if it is 0.

    Examples
    --------
    >>> confidence_percent(0.9876), confidence_percent(0.99999), confidence_percent(1.0)
    ('98.8 %', '>99.9 %', '100.0 %')
    >>> confidence_percent(1e-9), confidence_percent(0.0)
    ('<0.1 %', '0.0 %')
    """
    if 0.9995 <= probability < 1:
        return ">99.9 %"
    if 0 < probability < 0.0005:
        return "<0.1 %"
    return percent(probability, 1)


def exact_percent(share: float) -> str:
    """Return a chosen share, such as a target, as a percentage with no more decimals than it has.

    Examples
    --------
    >>> exact_percent(0.0001), exact_percent(0.01), exact_percent(0.995)
    ('0.01 %', '1 %', '99.5 %')
    """
    return f"{100 * share:.6g} %"
