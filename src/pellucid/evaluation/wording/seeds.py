"""What several seeds of an experiment gave, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.evaluation.wording.values import p_text, points_text

if TYPE_CHECKING:
    from pellucid.evaluation.seeds import SeedComparison, SeedStudy


def seed_study_sentence(study: SeedStudy) -> str:
    """Say whether every seed gives the same accuracy, and how much of the spread comes from the seed.

    Examples
    --------
    >>> from pellucid.evaluation import predictions_of, study_seeds
    >>> runs = [predictions_of("A", [0, 1], [[0.9, 0.1], [0.2, 0.8]]) for _ in range(2)]
    >>> seed_study_sentence(study_seeds(runs))
    'All 2 seeds gave the same test accuracy, 100.00 %, on 2 images.'
    """
    low, high = min(study.accuracies), max(study.accuracies)
    runs = f"{len(study.accuracies)} seeds"
    low_share, high_share = study.seed_share_interval
    untold = "; an effect of the seed is not shown" if low_share == 0 else ""
    if low == high:
        return f"All {runs} gave the same test accuracy, {100 * low:.2f} %, on {study.n:,} images."
    return (
        f"Another seed can give another accuracy: over {runs} {study.name} read "
        f"{100 * study.mean.value:.2f} % of {study.n:,} test images right on average, from {100 * low:.2f} "
        f"to {100 * high:.2f} % (standard deviation {100 * study.deviation:.2f} points). The seed alone "
        f"moves the accuracy by {100 * study.seed_deviation:.2f} points, another test set of this size by "
        f"{100 * study.test_deviation:.2f} (standard deviations): {100 * study.seed_share:.0f} % of the "
        f"variance comes from the seed ({100 * low_share:.0f} to {100 * high_share:.0f} %{untold})."
    )


def seed_comparison_sentence(comparison: SeedComparison) -> str:
    """Say which of two experiments is better over the seeds.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid.evaluation import compare_over_seeds, predictions_of
    >>> labels, generator = np.zeros(500, int), np.random.default_rng(0)
    >>> def runs(name, rate):
    ...     tables = [np.where(generator.random((500, 1)) < rate, [0.9, 0.1], [0.1, 0.9]) for _ in range(5)]
    ...     return [predictions_of(name, labels, table) for table in tables]
    >>> seed_comparison_sentence(compare_over_seeds(runs("A", 0.8), runs("B", 0.9)))
    'Over 5 seeds B is better by 11.1 points (7.1 to 15.1); B was ahead in 5 of 5 seeds (p = 0.0016, paired
    over seeds and images).'
    """
    a, b, difference = comparison.a, comparison.b, comparison.difference
    seeds = len(comparison.differences)
    won = sum(one > 0 for one in comparison.differences)
    if comparison.p_value is None:
        return (
            f"Over {seeds} seeds {b} minus {a} is {points_text(difference)}; two seeds cannot tell whether "
            "there is a difference: run three or more, better five."
        )
    test = f"{p_text(comparison.p_value)}, paired over seeds and images"
    ahead = f"{b} was ahead in {won} of {seeds} seeds ({test})."
    if comparison.p_value > 0.05:
        return (
            f"Over {seeds} seeds no difference between {a} and {b} is shown: {b} minus {a} is "
            f"{points_text(difference)}; {ahead}"
        )
    if difference.value > 0:
        return f"Over {seeds} seeds {b} is better by {points_text(difference)}; {ahead}"
    return f"Over {seeds} seeds {b} is worse by {points_text(-difference)}; {ahead}"
