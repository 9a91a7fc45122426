"""Whether images come from the source of those that a network was tested on, by its answers alone: no labels.

Two scores of each image are compared with those of the test images taken for the same class, so that another
mix of classes is no difference: how far the most probable class is ahead of the next, and how unusual the
probabilities of all classes are (Mahalanobis's distance between their logarithms and those of the class). If
the source is the same, the rank of each score among those of the test images is uniform; Kolmogorov and
Smirnov's test asks that. A small p-value shows another source; a large one does not show the same. What is
noticed among how many images is measured by ``benchmarks/other_sources.py``.

Sources: S. Rabanser, S. Günnemann and Z. C. Lipton (2019), "Failing loudly: an empirical study of methods for
detecting dataset shift", NeurIPS (tests on a network's outputs); K. Lee, K. Lee, H. Lee and J. Shin (2018),
"A simple unified framework for detecting out-of-distribution samples and adversarial attacks", NeurIPS
(Mahalanobis's distance for each class).
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
from pellucid.evaluation.checked_arrays import FloatArray, IntArray, checked_probabilities

LEAST_IMAGES = 20  # fewer are not compared
LEAST_OF_CLASS = 40  # test images of a class, below which it is compared with all classes together
FALSE_ALARMS = 0.01
LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True)
class SourceComparison:
    """New images against the test images; ``p_value`` is None with fewer than 20 of either.

    ``surer`` and ``stranger`` are the shares of the test images (taken for the same class) that the middle
    new image exceeds, in how sure and in how unusual the network's answer is; 0.5 where nothing differs.
    """

    images: int
    compared_with: int
    p_value: float | None
    surer: float
    stranger: float

    @property
    def differs(self) -> bool:
        """Whether another source is shown, with one false alarm in a hundred."""
        return self.p_value is not None and self.p_value <= FALSE_ALARMS

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**vars(self), "differs": self.differs}


def compare_sources(tested: npt.ArrayLike, new: npt.ArrayLike, *, seed: int = 0) -> SourceComparison:
    """Compare a network's probabilities (M, U) of new images with those (N, U) of its test images.

    Raises
    ------
    ShapeError
        Tables of different numbers of classes.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> def answers(n, sharpness):
    ...     return generator.dirichlet([sharpness, 1, 1], n)
    >>> tested = answers(2000, 20)
    >>> [compare_sources(tested, answers(200, sharpness)).differs for sharpness in (20, 5)]
    [False, True]
    """
    reference, table = checked_probabilities(tested), checked_probabilities(new)
    if reference.shape[1] != table.shape[1]:
        raise ShapeError(
            "Both tables must have the same classes. "
            f"Received: tested.shape={reference.shape}, new.shape={table.shape}"
        )
    sizes = len(table), len(reference)
    if min(sizes) < LEAST_IMAGES:
        return SourceComparison(*sizes, None, 0.5, 0.5)
    order = stream(seed, "sources").permutation(len(reference))
    fitted, ranked = (reference[half] for half in np.array_split(order, 2))
    p_values, middles = [], []
    for score in (_lead, _strangeness):
        ranks = _ranks(
            score(fitted, ranked), score(fitted, table), _groups(fitted, ranked), _groups(fitted, table)
        )
        distance = _from_uniform(ranks)
        pairs = len(ranks) * len(ranked) / (len(ranks) + len(ranked))
        p_values.append(float(stats.kstwobign.sf(math.sqrt(pairs) * distance)))
        middles.append(float(np.median(ranks)))
    return SourceComparison(*sizes, min(1.0, 2 * min(p_values)), *middles)


def _from_uniform(ranks: FloatArray) -> float:
    """Return Kolmogorov and Smirnov's distance of values from 0 to 1 from the uniform distribution."""
    steps = np.arange(len(ranks) + 1) / len(ranks)
    ordered = np.sort(ranks)
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def _logs(table: FloatArray) -> FloatArray:
    return np.log(np.maximum(table, LEAST_PROBABILITY))


def _groups(fitted: FloatArray, table: FloatArray) -> IntArray:
    """Return the class that each image is taken for, -1 where too few test images are taken for it."""
    counts = np.bincount(fitted.argmax(axis=1), minlength=fitted.shape[1])
    chosen = table.argmax(axis=1)
    return np.where(counts[chosen] >= LEAST_OF_CLASS, chosen, -1)


def _lead(fitted: FloatArray, table: FloatArray) -> FloatArray:
    """Return how far the logarithm of the highest probability is above that of the next, (N,)."""
    highest = np.sort(_logs(table), axis=1)[:, -2:]
    return np.asarray(highest[:, 1] - highest[:, 0])


def _strangeness(fitted: FloatArray, table: FloatArray) -> FloatArray:
    """Return Mahalanobis's distance between each image's log probabilities and those fitted for its class."""
    of_fitted, groups, logs = _groups(fitted, fitted), _groups(fitted, table), _logs(table)
    found = np.zeros(len(table))
    for group in np.unique(groups):
        same = fitted[of_fitted == group] if group >= 0 else fitted
        usual = _logs(same)
        spread = np.cov(usual, rowvar=False) + 1e-3 * np.eye(usual.shape[1])
        away = logs[groups == group] - usual.mean(axis=0)
        found[groups == group] = np.einsum("nu,uv,nv->n", away, np.linalg.inv(spread), away)
    return found


def _ranks(usual: FloatArray, scores: FloatArray, usual_groups: IntArray, groups: IntArray) -> FloatArray:
    """Return the share of the test images of its group that each score exceeds, (M,), ties broken at random.

    For the same source these are uniform, however many scores are equal.
    """
    found, generator = np.empty(len(scores)), stream(0, "ties")
    for group in np.unique(groups):
        beside = np.sort(usual[usual_groups == group] if group >= 0 else usual)
        inside = scores[groups == group]
        below, up_to = np.searchsorted(beside, inside), np.searchsorted(beside, inside, side="right")
        place = below + generator.random(len(inside)) * (up_to - below + 1)
        found[groups == group] = place / (len(beside) + 1)
    return found
