"""Is one run better than another? The same test images decide, one by one.

Sources: Q. McNemar (1947), "Note on the sampling error of the difference between correlated proportions or
percentages", Psychometrika 12; its mid-p form: M. W. Fagerland, S. Lydersen and P. Laake (2013), "The McNemar
test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional", BMC Medical
Research Methodology 13; T. G. Dietterich (1998), "Approximate statistical tests for comparing supervised
classification learning algorithms", Neural Computation 10; the interval of a product: R. G. Newcombe (2011),
"Propagating imprecision: combining confidence intervals from independent sources", Communications in
Statistics 40; S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal
of Statistics 6.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from pellucid.errors import ArgumentError
from pellucid.evaluation.checked_arrays import FloatArray, checked_count, checked_share
from pellucid.evaluation.intervals import Estimate, proportion
from pellucid.evaluation.predictions import Predictions, check_same_test_set

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Comparison:
    """Run ``b`` against run ``a`` on the same n test images.

    ``gained`` images are read right by b alone, ``lost`` by a alone; these changed sides. ``difference``
    is the accuracy of b minus that of a. ``p_value`` is McNemar's (mid-p), two-sided; with
    ``comparisons`` above 1 it, and the level of the interval, are corrected for that many by Holm's
    method. Images are taken as independent: where few people made them, less is shown than it says.
    """

    a: str
    b: str
    accuracy_a: Estimate
    accuracy_b: Estimate
    difference: Estimate
    gained: int
    lost: int
    p_value: float
    comparisons: int = 1

    @property
    def changed(self) -> int:
        """How many images are read right by one run and wrong by the other."""
        return self.gained + self.lost

    def significant(self, level: float = 0.95) -> bool:
        """Return whether the difference is more than the test set's noise."""
        return self.p_value <= 1 - checked_share(level, "level")

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "accuracy_a": self.accuracy_a.as_dict(),
            "accuracy_b": self.accuracy_b.as_dict(),
            "difference": self.difference.as_dict(),
            "gained": self.gained,
            "lost": self.lost,
            "p_value": self.p_value,
            "comparisons": self.comparisons,
            "significant": self.significant(),
        }


def compare(a: Predictions, b: Predictions) -> Comparison:
    """Compare two runs on the same test images.

    Raises
    ------
    DataError
        Runs that were not tested on the same images; the message says why.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> labels = np.zeros(1000, int)
    >>> weak = predictions_of("A", labels, [[0.4, 0.6]] * 150 + [[0.9, 0.1]] * 850)
    >>> good = predictions_of("B", labels, [[0.8, 0.2]] * 90 + [[0.4, 0.6]] * 60 + [[0.9, 0.1]] * 850)
    >>> comparison = compare(weak, good)
    >>> print(comparison.difference)
    0.090 (95 % interval 0.073 to 0.109, n = 1,000)
    >>> comparison.gained, comparison.lost, comparison.significant()
    (90, 0, True)
    """
    check_same_test_set([a, b])
    n = len(a.labels)
    gained, lost = int((b.correct & ~a.correct).sum()), int((a.correct & ~b.correct).sum())
    return Comparison(
        a=a.name,
        b=b.name,
        accuracy_a=proportion(int(a.correct.sum()), n),
        accuracy_b=proportion(int(b.correct.sum()), n),
        difference=paired_difference(gained, lost, n),
        gained=gained,
        lost=lost,
        p_value=mcnemar(gained, lost),
    )


def compare_all(runs: Sequence[Predictions]) -> list[Comparison]:
    """Compare every run with every later one, the p-values corrected for that many comparisons.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> runs = [predictions_of(name, [0, 1], [[0.9, 0.1], [0.2, 0.8]]) for name in "ABC"]
    >>> [(one.a, one.b, one.p_value, one.comparisons) for one in compare_all(runs)]
    [('A', 'B', 1.0, 3), ('A', 'C', 1.0, 3), ('B', 'C', 1.0, 3)]
    """
    if len(runs) < 2:
        raise ArgumentError(f"A comparison needs two runs or more. Received: len(runs)={len(runs)}")
    check_same_test_set(runs)
    pairs = [compare(a, b) for a, b in itertools.combinations(runs, 2)]
    corrected = holm([pair.p_value for pair in pairs])
    return [_corrected(pair, float(p), len(pairs)) for pair, p in zip(pairs, corrected, strict=True)]


def _corrected(pair: Comparison, p_value: float, comparisons: int) -> Comparison:
    """Return a comparison with its p-value corrected, and its interval at the level that belongs to that."""
    times = p_value / pair.p_value if pair.p_value else comparisons
    difference = paired_difference(
        pair.gained, pair.lost, pair.difference.n, level=1 - 0.05 / max(1.0, times)
    )
    return replace(pair, p_value=p_value, comparisons=comparisons, difference=difference)


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p-value of McNemar's mid-p test.

    If neither run is better, an image that changed sides went either way like a fair coin. The outcome seen
    counts half: the exact test, which counts it whole, rejects far less often than its level says.

    Examples
    --------
    >>> mcnemar(9, 1).__round__(4), mcnemar(0, 0)
    (0.0117, 1.0)
    """
    gained, lost = checked_count(gained, "gained", least=0), checked_count(lost, "lost", least=0)
    if gained + lost == 0:
        return 1.0
    fewer, changed = min(gained, lost), gained + lost
    tail = stats.binom.cdf(fewer, changed, 0.5) - 0.5 * stats.binom.pmf(fewer, changed, 0.5)
    return min(1.0, 2 * float(tail))


def paired_difference(gained: int, lost: int, n: int, *, level: float = 0.95) -> Estimate:
    """Return (gained - lost) / n with the interval that belongs to McNemar's mid-p test.

    The difference is a product: the share of images that changed sides, times how one-sidedly they did. Each
    factor has its interval (Wilson's, and the mid-p one); that of the product is the widest over all ways to
    divide the uncertainty among them. It excludes 0 exactly where the test rejects at this level.

    Examples
    --------
    >>> print(paired_difference(150, 60, 10000))
    0.0090 (95 % interval 0.0062 to 0.0119, n = 10,000)
    """
    n = checked_count(n, "n")
    if gained + lost > n:
        raise ArgumentError(f"gained + lost cannot exceed n. Received: gained={gained}, lost={lost}, n={n}")
    z = float(stats.norm.ppf((1 + checked_share(level, "level")) / 2))
    angles = np.linspace(0, np.pi / 2, 31)  # all the uncertainty of one factor, …, all of the other
    share = _wilson(gained + lost, n, z * np.sin(angles))  # two arrays: low and high
    side = [2 * one - 1 for one in _mid_p(gained, gained + lost, z * np.cos(angles))]
    products = np.array([one * other for one in share for other in side])
    value = (gained - lost) / n
    low, high = min(value, float(products.min())), max(value, float(products.max()))
    return Estimate(value, low, high, n, "mid-p, paired", level)


def _wilson(successes: int, n: int, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's bounds of a proportion for each number of standard deviations z."""
    share, square = successes / n, z**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * np.sqrt(share * (1 - share) / n + square / (4 * n**2)) / (1 + square / n)
    return middle - half, middle + half


def _mid_p(successes: int, n: int, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the bounds of a proportion that the mid-p test does not reject, for each z."""
    if n == 0:
        return np.zeros_like(z), np.ones_like(z)
    risk = stats.norm.sf(z)  # of each side

    def bound(count: int) -> FloatArray:
        """Return the proportion at which ``count`` or fewer of n are as improbable as ``risk``."""
        low, high = np.zeros_like(z), np.ones_like(z)
        for _ in range(50):
            middle = (low + high) / 2
            tail = stats.binom.cdf(count, n, middle) - 0.5 * stats.binom.pmf(count, n, middle)
            low, high = np.where(tail > risk, middle, low), np.where(tail > risk, high, middle)
        return high

    return 1 - bound(n - successes), bound(successes)


def holm(p_values: npt.ArrayLike) -> FloatArray:
    """Return p-values corrected for being several: the chance of even one false alarm stays at the level.

    The smallest of m is multiplied by m, the next by m - 1, and so on, never falling below the one before.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p_values, np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ArgumentError(
            f"p_values must be a list of numbers from 0 to 1. Received: p_values={p_values!r}"
        )
    order = np.argsort(p, kind="stable")
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return corrected
