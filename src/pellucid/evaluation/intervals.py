"""An estimate and its interval: Wilson's or Clopper and Pearson's for proportions, otherwise a bootstrap.

Sources: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22;
C. J. Clopper and E. S. Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of
the binomial", Biometrika 26; B. Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of
Statistics 7. Which to choose for a proportion: L. D. Brown, T. T. Cai and A. DasGupta (2001), "Interval
estimation for a binomial proportion", Statistical Science 16 (Wilson's covers 95 % on average, at some shares
next to 0 and 1 less, such as 87 % of 450 images at 99.9 %; Clopper and Pearson's covers at least 95 % always,
and is wider for it: guarantees and costs use that).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError
from pellucid.evaluation.checked_arrays import FloatArray, IntArray, checked_count, checked_share

Statistic = Callable[[IntArray], npt.NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Estimate:
    """A measured value with its interval.

    ``value`` is NaN where it is not defined (the precision of a class that was never predicted); the interval
    then is (NaN, NaN) and ``n`` is 0. ``n`` counts what the estimate was measured on, ``level`` is the
    confidence level of the interval from ``low`` to ``high``, ``method`` says how the interval was made.

    Examples
    --------
    >>> Estimate(0.9896, 0.987412, 0.991412, 10000, "Wilson")
    Estimate(value=0.9896, low=0.987412, high=0.991412, n=10000, method='Wilson', level=0.95)
    >>> print(Estimate(0.9896, 0.987412, 0.991412, 10000, "Wilson"))
    0.9896 (95 % interval 0.9874 to 0.9914, n = 10,000)
    >>> print(undefined("Wilson"))
    not defined (n = 0)
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    level: float = 0.95

    @property
    def defined(self) -> bool:
        """Whether there was anything to measure."""
        return not math.isnan(self.value)

    def __neg__(self) -> Estimate:
        """Return the estimate of the opposite difference: b minus a, where this one is a minus b.

        Examples
        --------
        >>> -Estimate(-2.0, -3.0, -1.0, 5, "exact")
        Estimate(value=2.0, low=1.0, high=3.0, n=5, method='exact', level=0.95)
        """
        return replace(self, value=-self.value, low=-self.high, high=-self.low)

    def __str__(self) -> str:
        if not self.defined:
            return "not defined (n = 0)"
        places = decimals(self.high - self.low)
        return (
            f"{self.value:.{places}f} ({self.level * 100:g} % interval "
            f"{self.low:.{places}f} to {self.high:.{places}f}, n = {self.n:,})"
        )

    def percent(self) -> str:
        """Return value and interval as percentages, for a sentence.

        Examples
        --------
        >>> Estimate(0.9896, 0.987412, 0.991412, 10000, "Wilson").percent()
        '98.96 % (98.74 to 99.14)'
        """
        if not self.defined:
            return "not defined"
        places = max(0, decimals(self.high - self.low) - 2)
        return (
            f"{100 * self.value:.{places}f} % ({100 * self.low:.{places}f} to {100 * self.high:.{places}f})"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the estimate for JSON, which knows no NaN: what is not defined is None.

        Examples
        --------
        >>> undefined("Wilson").as_dict()
        {'value': None, 'low': None, 'high': None, 'n': 0, 'method': 'Wilson', 'level': 0.95}
        """
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        finite = {name: None if math.isnan(number) else number for name, number in numbers.items()}
        return {**finite, "n": self.n, "method": self.method, "level": self.level}


def undefined(method: str, level: float = 0.95) -> Estimate:
    """Return the estimate of something that was never there to be measured.

    Examples
    --------
    >>> undefined("Wilson").defined
    False
    """
    return Estimate(math.nan, math.nan, math.nan, 0, method, level)


def decimals(width: float) -> int:
    """Return how many decimals show an interval of this width: two significant digits of it, 2 to 6 places.

    Examples
    --------
    >>> decimals(0.004), decimals(0.3), decimals(0.0)
    (4, 2, 4)
    """
    if not width > 0 or not math.isfinite(width):
        return 4
    return min(6, max(2, 1 - math.floor(math.log10(width))))


def proportion(
    successes: int, n: int, *, level: float = 0.95, method: Literal["wilson", "clopper-pearson"] = "wilson"
) -> Estimate:
    """Return ``successes`` of ``n`` as a proportion with its interval; not defined where n is 0.

    Raises
    ------
    ArgumentError
        Counts that are negative or not whole, more successes than n, a level outside (0, 1), another method.

    Examples
    --------
    >>> print(proportion(9896, 10000))
    0.9896 (95 % interval 0.9874 to 0.9914, n = 10,000)
    >>> print(proportion(0, 300, method="clopper-pearson"))
    0.000 (95 % interval 0.000 to 0.012, n = 300)
    """
    names = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson"}
    if method not in names:
        raise ArgumentError(f"method must be 'wilson' or 'clopper-pearson'. Received: method={method!r}")
    checked_share(level, "level")
    n = checked_count(n, "n", least=0)
    successes = checked_count(successes, "successes", least=0)
    if successes > n:
        raise ArgumentError(f"There cannot be more successes than n. Received: successes={successes}, n={n}")
    if n == 0:
        return undefined(names[method], level)
    limits = _wilson if method == "wilson" else _clopper_pearson
    low, high = limits(successes, n, level)
    return Estimate(successes / n, low, high, n, names[method], level)


# SciPy's binomtest(k, n).proportion_ci(...) is the same, but searches for a p-value first, which takes some
# milliseconds; a run needs hundreds of intervals.


def _wilson(successes: int, n: int, level: float) -> tuple[float, float]:
    """Return the limits of Wilson's interval."""
    z = float(special.ndtri(0.5 + level / 2))
    centre = (successes + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * math.sqrt(successes * (n - successes) / n + z**2 / 4)
    return (centre - half if successes else 0.0), (centre + half if successes < n else 1.0)


def _clopper_pearson(successes: int, n: int, level: float) -> tuple[float, float]:
    """Return the limits of Clopper and Pearson's interval: quantiles of beta distributions."""
    tail, wrong = (1 - level) / 2, n - successes
    low = float(special.betaincinv(successes, wrong + 1, tail)) if successes else 0.0
    high = float(special.betaincinv(successes + 1, wrong, 1 - tail)) if wrong else 1.0
    return low, high


def upper_bound(errors: npt.ArrayLike, n: npt.ArrayLike, *, confidence: float = 0.95) -> FloatArray:
    """Return the exact one-sided upper bound of an error rate after ``errors`` in ``n`` (Clopper-Pearson).

    Works on arrays. Whatever the true rate is, the bound lies below it with probability at most
    1 - ``confidence``. Where n is 0 the bound is 1.

    Examples
    --------
    >>> upper_bound([0, 0, 3], [0, 299, 100]).round(4)
    array([1.    , 0.01  , 0.0757])
    """
    checked_share(confidence, "confidence")
    wrong, total = np.broadcast_arrays(np.asarray(errors, np.float64), np.asarray(n, np.float64))
    all_wrong = wrong >= total
    right = np.where(all_wrong, 1.0, total - wrong)
    # The bound is a quantile of the beta distribution with these parameters.
    return np.where(all_wrong, 1.0, special.betaincinv(wrong + 1, right, confidence))


def bootstrap(
    statistic: Statistic, n: int, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Estimate:
    """Return a statistic of n things with its percentile bootstrap interval.

    Parameters
    ----------
    statistic
        Takes row numbers of shape (B, n), each row one sample of the n things with replacement, and returns
        the B values. NaN (a statistic not defined on that sample) is left out of the interval.
    n
        How many things there are: images, or writers where images of one writer go together.
    seed
        The interval is a random quantity; the same seed gives the same interval.

    Examples
    --------
    >>> losses = np.array([0.1, 0.2, 0.9, 0.4])
    >>> estimate = bootstrap(lambda rows: losses[rows].mean(axis=1), n=4)
    >>> estimate.value, estimate.low < 0.4 < estimate.high
    (0.4, True)
    """
    checked_share(level, "level")
    n, resamples = checked_count(n, "n"), checked_count(resamples, "resamples")
    value = float(statistic(np.arange(n)[np.newaxis])[0])
    samples = bootstrap_samples(statistic, n, resamples=resamples, seed=seed)
    low, high = percentile_interval(samples, level)
    return Estimate(value, low, high, n, f"bootstrap, {resamples} resamples", level)


def bootstrap_samples(statistic: Statistic, n: int, *, resamples: int = 1000, seed: int = 0) -> FloatArray:
    """Return the statistic of ``resamples`` samples with replacement, as :func:`bootstrap` draws them.

    Examples
    --------
    >>> bootstrap_samples(lambda rows: rows.mean(axis=1), n=3, resamples=5).shape
    (5,)
    """
    generator = stream(seed, "bootstrap")
    at_once = max(1, 2_000_000 // n)  # keeps the row numbers to about 16 MB
    values = [
        np.asarray(statistic(generator.integers(n, size=(min(at_once, resamples - done), n))), np.float64)
        for done in range(0, resamples, at_once)
    ]
    return np.concatenate(values)


def percentile_interval(samples: FloatArray, level: float = 0.95) -> tuple[float, float]:
    """Return the middle ``level`` of the samples, NaN left out; (NaN, NaN) where nothing is left.

    Examples
    --------
    >>> percentile_interval(np.array([1.0, 2.0, 3.0, np.nan]), 0.5)
    (1.5, 2.5)
    """
    defined = samples[~np.isnan(samples)]
    if defined.size == 0:
        return math.nan, math.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
