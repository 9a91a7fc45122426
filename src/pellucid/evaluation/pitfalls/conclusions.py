"""Pitfalls in drawing conclusions: a test set opened for choosing, one seed, a difference within noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.pitfalls.finding import ONE_SEED, Finding
from pellucid.evaluation.wording.values import p_text, points_text

if TYPE_CHECKING:
    from pellucid.evaluation.comparison import Comparison


def reopened_test_set(times: int) -> list[Finding]:
    """Find a test set that was looked at more than once.

    Examples
    --------
    >>> [finding] = reopened_test_set(3)
    >>> print(finding.evidence)
    It was opened 3 times.
    """
    if times <= 1:
        return []
    return [
        Finding(
            "test-set-reopened",
            "The test set was opened more than once; choosing by it makes its results too good.",
            f"It was opened {times} times.",
            "Choose by validation data, and open the test set once, at the end.",
        )
    ]


def one_seed(seeds: int) -> list[Finding]:
    """Find that a result rests on a single seed.

    Examples
    --------
    >>> [finding] = one_seed(1)
    >>> print(finding.fix)
    Repeat it with five seeds: pellucid run NAME --seeds 5.
    """
    if seeds > 1:
        return []
    return [
        Finding(
            ONE_SEED,
            "This is one seed: another seed gives another accuracy, and how far off is not known.",
            "The experiment was run once.",
            "Repeat it with five seeds: pellucid run NAME --seeds 5.",
        )
    ]


def within_noise(comparison: Comparison) -> list[Finding]:
    """Find a difference between two runs that is no more than the test set's noise.

    Examples
    --------
    >>> from pellucid.evaluation.comparison import compare
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> a, b = (predictions_of(name, [0, 1], [[0.9, 0.1], [0.2, 0.8]]) for name in "AB")
    >>> [finding] = within_noise(compare(a, b))
    >>> print(finding.message)
    The difference between A and B is within noise.
    """
    if comparison.significant():
        return []
    changed = counted(comparison.changed, "image")
    return [
        Finding(
            "within-noise",
            f"The difference between {comparison.a} and {comparison.b} is within noise.",
            f"It is {points_text(comparison.difference)}, {changed} changed sides, "
            f"{p_text(comparison.p_value)}.",
            "Take it for no difference, or measure with more test images and more seeds.",
        )
    ]
