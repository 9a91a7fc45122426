"""The same run with other seeds: how far apart the accuracies lie, and how much of that comes from the seed.

Runs with S seeds on the same N test images make a table (S, N) of right and wrong. Its two-way analysis of
variance with crossed random effects tells apart what the seed does, what the choice of test images does, and
what is left. Sources: J. Cornfield and J. W. Tukey (1956), "Average values of mean squares in factorials",
Annals of Mathematical Statistics 27; F. E. Satterthwaite (1946), "An approximate distribution of estimates of
variance components", Biometrics Bulletin 2; X. Bouthillier et al. (2021), "Accounting for variance in machine
learning benchmarks", MLSys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from pellucid.core.arguments import is_whole
from pellucid.errors import ArgumentError
from pellucid.evaluation.comparison import paired_difference
from pellucid.evaluation.intervals import Estimate, proportion
from pellucid.evaluation.predictions import Predictions, check_same_test_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation.checked_arrays import FloatArray


LEAST_TO_TEST = 3  # seeds: with two the test rejects too often, and the variance of the seed is a guess


@dataclass(frozen=True)
class SeedStudy:
    """The accuracies of one experiment over several seeds.

    ``mean`` holds for new seeds and new test images alike, if images are independent: where few people made
    them, its interval is too narrow. ``deviation`` is the standard deviation of the
    accuracies as measured. ``seed_deviation`` is what the seed alone does to a run's true accuracy,
    ``test_deviation`` what the choice of n test images does to one measured accuracy.
    ``seed_share_interval`` are the 95 % bounds of ``seed_share``, from the F distribution.
    """

    name: str
    accuracies: tuple[float, ...]
    n: int
    mean: Estimate
    deviation: float
    seed_deviation: float
    test_deviation: float
    seed_share_interval: tuple[float, float] = (0.0, 1.0)

    @property
    def seed_share(self) -> float:
        """The seed's part of the variance of one measured accuracy, the rest being the test set's; 0 to 1."""
        total = self.seed_deviation**2 + self.test_deviation**2
        return self.seed_deviation**2 / total if total else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "name": self.name,
            "accuracies": list(self.accuracies),
            "n": self.n,
            "mean": self.mean.as_dict(),
            "deviation": self.deviation,
            "range": [min(self.accuracies), max(self.accuracies)],
            "seed_deviation": self.seed_deviation,
            "test_deviation": self.test_deviation,
            "seed_share": self.seed_share,
            "seed_share_interval": list(self.seed_share_interval),
        }


@dataclass(frozen=True)
class SeedComparison:
    """Experiment ``b`` against ``a``, seed by seed on the same test images; ``difference`` is b minus a.

    ``differences`` are those of each seed; interval and p-value hold for new seeds and new test images. With
    two seeds there is no p-value: they cannot tell.
    """

    a: str
    b: str
    differences: tuple[float, ...]
    difference: Estimate
    p_value: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**vars(self), "difference": self.difference.as_dict()}


@dataclass(frozen=True)
class _Crossed:
    """Mean and variance components of a table (S, N) whose rows and columns are both random."""

    mean: float
    error: float
    freedom: float
    rows: float
    columns: float
    rest: float
    ratio: float

    def estimate(self, n: int, method: str, level: float = 0.95) -> Estimate:
        half = float(stats.t.ppf((1 + level) / 2, self.freedom)) * self.error
        return Estimate(self.mean, self.mean - half, self.mean + half, n, method, level)


def study_seeds(runs: Sequence[Predictions], *, name: str | None = None) -> SeedStudy:
    """Return what several seeds of one experiment gave, on the same test images.

    Raises
    ------
    ArgumentError
        Fewer than two runs: one seed is one seed, and says nothing about another.
    DataError
        Runs tested on different images.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> labels, right, wrong = np.zeros(4, int), [0.9, 0.1], [0.2, 0.8]
    >>> one = predictions_of("seed 0", labels, [right, right, right, wrong])
    >>> two = predictions_of("seed 1", labels, [right, right, wrong, wrong])
    >>> study = study_seeds([one, two], name="mnist-cnn")
    >>> study.accuracies, round(study.deviation, 4)
    ((0.75, 0.5), 0.1768)
    """
    check_seeds(len(runs))
    check_same_test_set(runs)
    table = np.stack([run.correct for run in runs]).astype(np.float64)  # (S, N)
    parts, n = _crossed(table), table.shape[1]
    accuracies = table.mean(axis=1)
    if parts.error:
        mean = parts.estimate(n, f"crossed seeds and images, {len(runs)} seeds")
        mean = replace(mean, low=max(0.0, mean.low), high=min(1.0, mean.high))
    else:  # all right or all wrong in every seed: what is left is the test set's size
        mean = proportion(round(parts.mean * n), n)
    return SeedStudy(
        name=name or runs[0].name,
        accuracies=tuple(accuracies.tolist()),
        n=n,
        mean=mean,
        deviation=float(accuracies.std(ddof=1)),
        seed_deviation=math.sqrt(parts.rows),
        test_deviation=math.sqrt((parts.columns + parts.rest) / n),
        seed_share_interval=_share_interval(parts, len(runs), n),
    )


def compare_over_seeds(a: Sequence[Predictions], b: Sequence[Predictions]) -> SeedComparison:
    """Compare two experiments, each run with the same seeds in the same order, on the same test images.

    Raises
    ------
    ArgumentError
        Fewer than two seeds, or not equally many.
    DataError
        Runs tested on different images.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> labels, generator = np.zeros(500, int), np.random.default_rng(0)
    >>> def runs(name, rate):
    ...     tables = [np.where(generator.random((500, 1)) < rate, [0.9, 0.1], [0.1, 0.9]) for _ in range(5)]
    ...     return [predictions_of(name, labels, table) for table in tables]
    >>> comparison = compare_over_seeds(runs("A", 0.8), runs("B", 0.9))
    >>> round(comparison.difference.value, 3), round(comparison.p_value, 4)
    (0.111, 0.0016)
    """
    if len(a) != len(b):
        raise ArgumentError(
            f"Both experiments need the same seeds. Received: len(a)={len(a)}, len(b)={len(b)}"
        )
    check_seeds(len(a))
    check_same_test_set([*a, *b])
    before, after = (np.stack([run.correct for run in runs]).astype(np.float64) for runs in (a, b))
    table = after - before  # (S, N)
    parts, n = _crossed(table), table.shape[1]
    if parts.error:
        p_value: float | None = 2 * float(stats.t.sf(abs(parts.mean) / parts.error, parts.freedom))
        difference = parts.estimate(n, f"crossed seeds and images, {len(a)} seeds")
    else:  # not one image changed sides in any seed: what is left is the test set's size
        p_value, difference = 1.0, paired_difference(0, 0, n)
    if len(a) < LEAST_TO_TEST:
        p_value = None
    return SeedComparison(a[0].name, b[0].name, tuple(table.mean(axis=1).tolist()), difference, p_value)


def check_seeds(seeds: int) -> None:
    """Raise ArgumentError unless ``seeds`` are enough to see what the seed does.

    Examples
    --------
    >>> check_seeds(1)
    Traceback (most recent call last):
    pellucid.errors.ArgumentError: What the seed does shows from two seeds on, better five. Received: seeds=1
    """
    if not is_whole(seeds, least=2):
        raise ArgumentError(
            f"What the seed does shows from two seeds on, better five. Received: seeds={seeds!r}"
        )


def _share_interval(parts: _Crossed, S: int, N: int, level: float = 0.95) -> tuple[float, float]:
    """Return bounds of the seed's share of the variance: the mean squares' ratio has an F distribution."""
    if math.isnan(parts.ratio):
        return 0.0, 1.0
    law = stats.f(S - 1, (S - 1) * (N - 1))
    of_test = (parts.columns + parts.rest) / N
    bounds = []
    for quantile in ((1 + level) / 2, (1 - level) / 2):
        of_seed = max(0.0, (parts.ratio / float(law.ppf(quantile)) - 1) * parts.rest / N)
        bounds.append(of_seed / (of_seed + of_test) if of_seed + of_test else 0.0)
    return bounds[0], bounds[1]


def _crossed(table: FloatArray) -> _Crossed:
    """Return mean, standard error (Satterthwaite's degrees of freedom) and variance components of (S, N)."""
    S, N = table.shape
    if N < 2:
        raise ArgumentError(f"At least two test images are needed. Received: N={N}")
    mean, of_row, of_column = table.mean(), table.mean(axis=1), table.mean(axis=0)
    row_square, column_square = N * of_row.var(ddof=1), S * of_column.var(ddof=1)
    rest = table - of_row[:, np.newaxis] - of_column + mean
    rest_square = float((rest**2).sum() / ((S - 1) * (N - 1)))
    # Expected mean squares: rows rest + N·rows', columns rest + S·columns', so the mean's variance is
    # (row_square + column_square - rest_square) / (S·N); estimated never below either of its parts alone.
    square = max(row_square + column_square - rest_square, row_square, column_square)
    freedom = row_square**2 / (S - 1) + column_square**2 / (N - 1) + rest_square**2 / ((S - 1) * (N - 1))
    return _Crossed(
        mean=float(mean),
        error=math.sqrt(square / (S * N)),
        # Satterthwaite's fails with two rows: then the rows' one degree of freedom is all that is known.
        freedom=1.0 if S < LEAST_TO_TEST else float(square**2 / freedom) if freedom else S - 1.0,
        ratio=float(row_square / rest_square) if rest_square else float("nan"),
        rows=max(0.0, float(row_square - rest_square) / N),
        columns=max(0.0, float(column_square - rest_square) / S),
        rest=rest_square,
    )
