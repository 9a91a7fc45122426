"""The reject option: read the fields one is sure of, hand the rest to a person, and guarantee the error.

The guarantee. Let thresholds t_1, t_2, … be fixed before the tested fields are seen, from strict to loose. Of
the n_j tested fields with confidence t_j or more, e_j are wrong; given n_j, e_j is binomial with the true
error R(t_j), so p_j = P(Binomial(n_j, target) <= e_j) is a valid p-value for "R(t_j) > target": Clopper and
Pearson's upper bound turned round. Testing in the fixed order and stopping at the first p_j above
1 - confidence keeps the chance of accepting any threshold with R(t) > target at 1 - confidence or less,
whatever the model, its calibration and the distribution of the data, as long as the tested fields are
independent draws of those to come.

Sources: A. N. Angelopoulos, S. Bates, E. J. Candès, M. I. Jordan and L. Lei (2021), "Learn then test:
calibrating predictive algorithms to achieve risk control" (fixed sequence testing); P. Bauer (1991),
"Multiple testing in clinical trials", Statistics in Medicine 10; Y. Geifman and R. El-Yaniv (2017),
"Selective classification for deep neural networks", NeurIPS.

The thresholds are laid out at quantiles of the confidences of other fields, which need no labels: those of
the test set, or those to be read. Where there are none, a fifth of the calibration fields is set aside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from pellucid.core.randomness import stream
from pellucid.errors import ShapeError
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, IntArray, checked_count, checked_share
from pellucid.evaluation.intervals import Estimate, proportion, upper_bound

LAYOUT_SHARE = 0.2
MOST_ERRORS_AT_FIRST = 3
STEPS = 50
LEAST_READ = 0.05  # a machine that reads less than one field in twenty is of no use
TOO_MANY = 1e9  # more fields than anyone will label
ACCEPT_ALL = 0.0  # every confidence is 0 or more; a rejected field has a negative one


@dataclass(frozen=True)
class Guarantee:
    """A threshold that keeps the error of accepted fields at or below ``target``, with ``confidence``.

    ``threshold`` is None where none could be guaranteed. Of ``tested`` calibration fields ``accepted``
    reached the threshold and ``errors`` of these were wrong; ``bound`` is the upper bound of the error that
    follows. ``fields_needed`` is how many tested fields a guarantee takes at least, at the error seen; None
    where there is one already, or where no threshold was seen to keep the target. ``floor`` is the least
    target that so many fields can guarantee, for a machine that misreads none. ``exceeded`` says that a test
    rejects the target at every threshold that reads enough (:func:`exceeded_everywhere`).

    Where the guarantee is for new writers, ``tested`` and ``fields_needed`` count writers, and ``fields``
    how many fields these made (:mod:`pellucid.evaluation.writer_guarantee`).
    """

    target: float
    confidence: float
    threshold: float | None
    tested: int
    accepted: int
    errors: int
    bound: float
    fields_needed: int | None
    floor: float = 0.0
    exceeded: bool = False
    fields: int | None = None

    @property
    def beyond_reach(self) -> bool:
        """Whether no machine whatever could be guaranteed to keep the target with so few fields."""
        return self.floor > self.target

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class ThresholdOutcome:
    """What a threshold does to test fields: a share ``read`` is accepted, ``error`` of that wrong.

    ``kept`` is False where the whole interval of the error lies above the target: then the test fields are
    not of the kind the threshold was chosen on.
    """

    threshold: float
    read: Estimate
    error: Estimate
    kept: bool

    @property
    def to_person(self) -> Estimate:
        """The share of fields that goes to a person."""
        read = self.read
        return Estimate(1 - read.value, 1 - read.high, 1 - read.low, read.n, read.method, read.level)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "threshold": self.threshold,
            "read": self.read.as_dict(),
            "to_person": self.to_person.as_dict(),
            "error": self.error.as_dict(),
            "kept": self.kept,
        }


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """At ``thresholds[i]`` a share ``coverage[i]`` of the fields is accepted, ``risk[i]`` of that wrong."""

    coverage: FloatArray
    risk: FloatArray
    thresholds: FloatArray


def guarantee(
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    *,
    target: float,
    confidence: float = 0.95,
    layout: npt.ArrayLike | None = None,
    seed: int = 0,
) -> Guarantee:
    """Find the loosest threshold whose error is at most ``target``, with probability ``confidence``.

    Parameters
    ----------
    confidences
        How sure the network is of each calibration field (F,), the fields being independent of each other;
        a negative one rejects its field (a check digit that does not fit).
    wrong
        Whether each field was misread (F,).
    layout
        Confidences of other fields, to lay the thresholds out on; by default those of a fifth of the
        calibration fields, drawn by ``seed`` and then not tested.

    Raises
    ------
    ArgumentError
        A target or confidence outside (0, 1).
    ShapeError
        Arrays of different lengths.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> confidences = generator.random(5000)
    >>> wrong = generator.random(5000) < np.where(confidences < 0.1, 0.3, 0.001)
    >>> found = guarantee(confidences, wrong, target=0.01)       # keeps its target from 0.07 on
    >>> round(found.threshold, 2), round(found.bound, 3)
    (0.09, 0.005)
    >>> guarantee(confidences[:100], wrong[:100], target=0.001).fields_needed > 3000
    True
    """
    target, confidence = checked_share(target, "target"), checked_share(confidence, "confidence")
    sure, errors = _checked(confidences, wrong)
    if layout is None:
        order = stream(seed, "layout").permutation(len(sure))
        laid, tested = np.split(order, [round(LAYOUT_SHARE * len(sure))])
        others = sure[laid]
    else:
        others, tested = np.asarray(layout, np.float64), np.arange(len(sure))
    sequence = _sequence(others, len(tested), target, confidence)
    floor = float(upper_bound(0, len(tested), confidence=confidence))
    accepted = _reaching(sure[tested], sequence)
    misread = _reaching(sure[tested][errors[tested]], sequence)
    p_values = np.where(accepted > 0, stats.binom.cdf(misread, accepted, target), 1.0)
    passed = passed_in_order(p_values, confidence)
    if not passed:
        needed = fields_needed(sure, errors, target=target, confidence=confidence)
        exceeded = exceeded_everywhere(
            sure[tested], errors[tested], target=target, confidence=confidence, layout=others
        )
        return Guarantee(target, confidence, None, len(tested), 0, 0, 1.0, needed, floor, exceeded)
    last, n, e = float(sequence[passed - 1]), int(accepted[passed - 1]), int(misread[passed - 1])
    bound = float(upper_bound(e, n, confidence=confidence))
    return Guarantee(target, confidence, last, len(tested), n, e, bound, None, floor)


def passed_in_order(p_values: FloatArray, confidence: float) -> int:
    """Return how many thresholds pass before the first that does not: no further one is tested.

    Examples
    --------
    >>> passed_in_order(np.array([0.01, 0.03, 0.2, 0.01]), 0.95)
    2
    """
    return int(np.append(p_values > 1 - confidence, True).argmax())


def exceeded_everywhere(
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    *,
    target: float,
    confidence: float = 0.95,
    layout: npt.ArrayLike,
) -> bool:
    """Return whether the error is above ``target`` at each threshold that reads one field in twenty or more.

    At every threshold of the grid a one-sided binomial test rejects "R(t) <= target", at 1 - ``confidence``
    divided by the number of thresholds (Bonferroni). If any of them keeps the target, the chance of saying
    so is at most 1 - ``confidence`` (an intersection-union test alone would give that; the correction also
    covers thresholds between those of the grid).

    Examples
    --------
    >>> confidences = np.linspace(0, 1, 1000)
    >>> never, always = np.zeros(1000, bool), np.ones(1000, bool)
    >>> [exceeded_everywhere(confidences, one, target=0.1, layout=confidences) for one in (never, always)]
    [False, True]
    """
    target, confidence = checked_share(target, "target"), checked_share(confidence, "confidence")
    sure, errors = _checked(confidences, wrong)
    others = np.asarray(layout, np.float64)
    useful = useful_thresholds(others)
    if not len(useful):
        return False
    accepted, misread = _reaching(sure, useful), _reaching(sure[errors], useful)
    p_values = stats.binom.sf(misread - 1, accepted, target)
    return bool(np.all(p_values <= (1 - confidence) / len(useful)))


def outcome(
    confidences: npt.ArrayLike, wrong: npt.ArrayLike, threshold: float, *, target: float
) -> ThresholdOutcome:
    """Return what the threshold does to test fields that had no part in choosing it.

    Examples
    --------
    >>> result = outcome([0.9, 0.8, 0.7, 0.2], [False, False, True, True], 0.5, target=0.01)
    >>> result.read.value, round(result.error.value, 3), result.to_person.value
    (0.75, 0.333, 0.25)
    """
    sure, errors = _checked(confidences, wrong)
    inside = sure >= threshold
    n, e = int(inside.sum()), int(errors[inside].sum())
    error = proportion(e, n, method="clopper-pearson")
    kept = not (error.defined and error.low > checked_share(target, "target"))
    return ThresholdOutcome(float(threshold), proportion(n, len(sure)), error, kept)


def risk_coverage(confidences: npt.ArrayLike, wrong: npt.ArrayLike) -> RiskCoverage:
    """Return the share of wrong fields among the accepted, at each threshold that the data has.

    From strict to loose; rejected fields count for coverage and are never accepted.

    Examples
    --------
    >>> curve = risk_coverage([0.9, 0.8, 0.8, 0.1], [False, True, False, True])
    >>> curve.coverage, curve.risk.round(3)
    (array([0.25, 0.75, 1.  ]), array([0.   , 0.333, 0.5  ]))
    """
    sure, errors = _checked(confidences, wrong)
    order = np.argsort(-sure, kind="stable")[: int((sure >= ACCEPT_ALL).sum())]
    accepted = np.arange(1, len(order) + 1)
    risk, coverage = np.cumsum(errors[order]) / accepted, accepted / len(sure)
    last_of_equals = np.append(np.diff(sure[order]) != 0, True)[: len(order)]
    return RiskCoverage(coverage[last_of_equals], risk[last_of_equals], sure[order][last_of_equals])


def fields_to_pass(errors: int, target: float, confidence: float = 0.95) -> int:
    """Return how many accepted fields it takes to guarantee ``target``, with ``errors`` of them wrong.

    Examples
    --------
    >>> [fields_to_pass(errors, 0.01) for errors in range(4)], fields_to_pass(0, 0.001)
    ([299, 473, 628, 773], 2995)
    """
    errors = checked_count(errors, "errors", least=0)
    target, confidence = checked_share(target, "target"), checked_share(confidence, "confidence")
    # More than n fields until error number e + 1 means at most e errors in n.
    return int(stats.nbinom.ppf(confidence, errors + 1, target)) + errors + 1


def fields_needed(
    confidences: npt.ArrayLike, wrong: npt.ArrayLike, *, target: float, confidence: float = 0.95
) -> int | None:
    """Return how many calibration fields a guarantee takes at least, if the error stays what it is here.

    The least over the coverages from 5 % on at which the error seen is below the target; None where there is
    none: among fewer fields an error of zero is luck, and to read so few would be of no use. With as many new
    fields the guarantee is obtained half of the time or less: the least of many errors seen is a lucky one.

    Examples
    --------
    >>> fields_needed(np.linspace(0, 1, 100), np.zeros(100), target=0.01)
    299
    >>> fields_needed([0.5] * 10, [True] * 10, target=0.01) is None
    True
    """
    curve = risk_coverage(confidences, wrong)
    useful = np.flatnonzero((curve.coverage >= LEAST_READ) & (curve.risk < target))
    places = np.linspace(0, len(useful) - 1, STEPS).round().astype(np.int64)
    hopeful = useful[np.unique(places)] if len(useful) else useful
    accepted = _accepted_needed(curve.risk[hopeful], target, confidence)
    total = float((accepted / curve.coverage[hopeful]).min(initial=math.inf))
    return math.ceil(total) if total < TOO_MANY else None


def _accepted_needed(risks: FloatArray, target: float, confidence: float) -> FloatArray:
    """Return how many accepted fields, with each of ``risks`` wrong, have an upper bound of ``target``."""
    low = np.full(len(risks), fields_to_pass(0, target, confidence) - 1.0)
    high = np.full(len(risks), TOO_MANY)
    for _ in range(40):  # halving on a logarithmic scale, down to rounding
        middle = np.sqrt(low * high)
        enough = upper_bound(risks * middle, middle, confidence=confidence) <= target
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(np.ceil(high - 1e-6))


def _sequence(others: FloatArray, tested: int, target: float, confidence: float) -> FloatArray:
    """Return the thresholds to test, strict to loose: quantiles of the confidences of other fields.

    The first accepts enough fields to pass with three errors among them, if half of the fields are enough for
    that, else with two, one or none: so that one unlucky error at the start does not end it all.
    """
    acceptable = others[others >= ACCEPT_ALL]
    if not len(acceptable):
        return np.array([ACCEPT_ALL])
    thresholds = _grid(acceptable)
    share = _reaching(others, thresholds) / len(others)  # (T,)
    # How many of the tested fields will be accepted is itself uncertain: allow for 1.5 standard deviations.
    spread = np.sqrt(tested * share * (1 - share) * (1 + tested / len(others)))
    counts = [fields_to_pass(errors, target, confidence) for errors in range(MOST_ERRORS_AT_FIRST + 1)]
    count = max([one for one in counts if one <= tested / 2], default=counts[0])
    begin = np.flatnonzero(tested * share - 1.5 * spread >= count)
    return np.asarray(thresholds[begin[0] :] if len(begin) else thresholds[-1:])


def useful_thresholds(others: FloatArray) -> FloatArray:
    """Return the thresholds, strict to loose, that accept one in twenty of the other fields or more.

    Examples
    --------
    >>> useful_thresholds(np.linspace(0, 1, 101))[[0, -1]]
    array([0.94, 0.  ])
    """
    grid = _grid(others[others >= ACCEPT_ALL])
    return np.asarray(grid[_reaching(others, grid) >= LEAST_READ * len(others)])


def _grid(acceptable: FloatArray) -> FloatArray:
    """Return thresholds at quantiles of the confidences, strict to loose, the last of them accepting all."""
    if not len(acceptable):
        return np.array([ACCEPT_ALL])
    quantiles = np.quantile(acceptable, np.arange(1, STEPS) / STEPS)
    return np.unique(np.append(quantiles, ACCEPT_ALL))[::-1]


def _reaching(confidences: FloatArray, thresholds: FloatArray) -> IntArray:
    """Return how many of the confidences (F,) reach each threshold (T,), (T,)."""
    return np.asarray(len(confidences) - np.searchsorted(np.sort(confidences), thresholds))


def _checked(confidences: npt.ArrayLike, wrong: npt.ArrayLike) -> tuple[FloatArray, BoolArray]:
    sure, errors = np.asarray(confidences, np.float64), np.asarray(wrong, np.bool_)
    if sure.ndim != 1 or sure.shape != errors.shape or not len(sure):
        raise ShapeError(
            "confidences and wrong must have one value a field, and at least one. "
            f"Received: confidences.shape={sure.shape}, wrong.shape={errors.shape}"
        )
    return sure, errors
