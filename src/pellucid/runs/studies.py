"""Statistics of one experiment over several seeds: how much the accuracy varies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from pellucid.errors import DataError
from pellucid.evaluation.intervals import Estimate
from pellucid.evaluation.predictions import check_same_test_set
from pellucid.evaluation.seeds import study_seeds
from pellucid.evaluation.wording import sentence
from pellucid.runs.record.study import StudyResults
from pellucid.runs.sufficiency import predictions_of_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation.predictions import Predictions
    from pellucid.runs.folder import RunFolder


def study_of_runs(runs: Sequence[RunFolder], *, vary_split: bool = False) -> StudyResults:
    """Return the statistics of the runs' accuracies, with a ``sentence`` that says them.

    If each split has different test images, the effects of seed and images cannot be separated; only mean,
    deviation and range are then given.

    Raises
    ------
    ArgumentError
        Fewer than two runs.
    DataError
        A run without predictions.
    """
    name = runs[0].info.name if runs else ""
    tested = [predictions_of_test(run) for run in runs]
    if vary_split and not _same_images(tested):
        learned = runs[0].configuration.dataset.counts.train
        return spread(name, [float(one.correct.mean()) for one in tested], len(tested[0].labels), learned)
    found = study_seeds(tested, name=name)
    both = (
        " The split differed as well, so the seed's share includes that of the split." if vary_split else ""
    )
    return StudyResults(
        name=found.name,
        accuracies=found.accuracies,
        n=found.n,
        mean=found.mean,
        deviation=found.deviation,
        range=(min(found.accuracies), max(found.accuracies)),
        seed_deviation=found.seed_deviation,
        test_deviation=found.test_deviation,
        seed_share=found.seed_share,
        sentence=sentence(found) + both,
    )


def spread(name: str, accuracies: Sequence[float], n: int, n_train: int | None = None) -> StudyResults:
    """Return mean, deviation and range of accuracies, each measured on ``n`` different images.

    The splits overlap, so more of them know less than independent ones would: the variance of the mean is
    corrected for the share of test images, with ``n_train`` images learned from (C. Nadeau and Y. Bengio
    (2003), "Inference for the generalization error", Machine Learning 52; by default as many as are tested).

    Examples
    --------
    >>> print(spread("mine", [0.90, 0.94, 0.92], 450, n_train=1347).sentence)
    Another split can give another accuracy: over 3 seeds and splits mine read 92 % (85 to 99) of 450 test
    images right on average, from 90.0 to 94.0 % (standard deviation 2.0 points). Each split has
    different test images, so the effects of seed and images cannot be separated.
    """
    values = np.asarray(accuracies, np.float64)
    deviation, mean = float(values.std(ddof=1)), float(values.mean())
    half = (
        float(stats.t.ppf(0.975, len(values) - 1)) * deviation * (1 / len(values) + n / (n_train or n)) ** 0.5
    )
    estimate = Estimate(
        mean,
        max(0.0, mean - half),
        min(1.0, mean + half),
        n,
        f"Nadeau-Bengio t, {len(values)} seeds and splits",
    )
    return StudyResults(
        name=name,
        accuracies=tuple(values.tolist()),
        n=n,
        mean=estimate,
        deviation=deviation,
        range=(float(values.min()), float(values.max())),
        sentence=(
            f"Another split can give another accuracy: over {len(values)} seeds and splits {name} read "
            f"{estimate.percent()} of {n:,} test images right on average, from {100 * values.min():.1f} to "
            f"{100 * values.max():.1f} % (standard deviation {100 * deviation:.1f} points). Each split has "
            "different test images, so the effects of seed and images cannot be separated."
        ),
    )


def _same_images(tested: Sequence[Predictions]) -> bool:
    try:
        check_same_test_set(tested)
    except DataError:
        return False
    return True
