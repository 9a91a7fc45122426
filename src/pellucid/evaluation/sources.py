"""Whether images come from the source of those that a network was tested on, by its answers alone: no labels.

Two scores of each image are compared with those of the test images taken for the same class, so that another
mix of classes is no difference: how far the most probable class is ahead of the next, and how unusual the
probabilities of all classes are (Mahalanobis's distance between their logarithms and those of the class). If
the source is the same, the rank of each score among those of the test images is uniform; Kolmogorov and
Smirnov's test asks that.

That test takes images as independent. A person's own images are often by one writer, or by few, and then
differ from the test images without being from another source. So the new images are also compared with as
many test images that stand together, stretch by stretch: in files such as MNIST's these are by few writers
too. Where stretches differ from all test images more than independent images would, the test allows for as
much (as for the design effect of a cluster sample), and the p-value is never below the share of stretches
that differ as much as the new images do. A small one shows another source, or a writer unlike the others; a
large one does not show the same source. What is noticed among how many images, and how often falsely, is
measured by ``benchmarks/other_sources.py``.

Sources: S. Rabanser, S. Günnemann and Z. C. Lipton (2019), "Failing loudly: an empirical study of methods for
detecting dataset shift", NeurIPS (tests on a network's outputs); K. Lee, K. Lee, H. Lee and J. Shin (2018),
"A simple unified framework for detecting out-of-distribution samples and adversarial attacks", NeurIPS
(Mahalanobis's distance for each class).
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
BY_FEW = 0.06  # false alarms measured on MNIST's test images that stand together: few people wrote them
LEAST_PROBABILITY = 1e-12
MEAN_SQUARE = math.pi**2 / 12  # of Kolmogorov's distribution
MOST_STRETCHES = 300
LONGEST_STRETCH = 0.25  # of the test images: longer ones differ little from all of them
Score = Callable[[FloatArray, FloatArray], FloatArray]


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
        """Whether another source, or an unlike writer, is shown, with one false alarm in a hundred."""
        return self.p_value is not None and self.p_value <= FALSE_ALARMS

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**vars(self), "differs": self.differs}


def compare_sources(tested: npt.ArrayLike, new: npt.ArrayLike, *, seed: int = 0) -> SourceComparison:
    """Compare a network's probabilities (M, U) of new images with those (N, U) of its test images.

    Parameters
    ----------
    tested
        In the order of the file, so that images by one writer stand together if they do so there.

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
    halves = np.array_split(stream(seed, "sources").permutation(len(reference)), 2)
    fitted, ranked = (reference[half] for half in halves)
    of_new, of_tested = (
        np.stack([_ranks_by(score, fitted, ranked, one) for score in (_lead, _strangeness)])
        for one in (table, reference)
    )
    effects = math.sqrt(1 / (1 / sizes[0] + 1 / len(ranked))) * _from_uniform(of_new)  # of each score, (2,)
    stretches = _effects_of_stretches(of_tested, sizes[0])
    spread = np.maximum(1.0, np.sqrt((stretches**2).mean(axis=1) / MEAN_SQUARE))
    as_far = (1 + (stretches.max(axis=0) >= effects.max()).sum()) / (1 + stretches.shape[1])
    p_value = max(2 * float(stats.kstwobign.sf(effects / spread).min()), float(as_far))  # 2: two scores
    return SourceComparison(*sizes, min(1.0, p_value), *map(float, np.median(of_new, axis=1)))


def _effects_of_stretches(ranks: FloatArray, n: int) -> FloatArray:
    """Return how far n test images that stand together differ from all: ranks (2, N) to B stretches (2, B).

    A stretch is a part of what it is compared with; the scale allows for that, as for a finite population.
    """
    of_all = ranks.shape[1]
    length = min(n, max(LEAST_IMAGES, int(LONGEST_STRETCH * of_all)))
    starts = np.unique(np.linspace(0, of_all - length, MOST_STRETCHES).round().astype(np.int64))
    scale = math.sqrt(1 / (1 / length - 1 / of_all)) if length < of_all else 0.0
    inside = ranks[:, starts[:, np.newaxis] + np.arange(length)]  # (2, stretches, length)
    return np.asarray(scale * _from_uniform(inside))


def _from_uniform(ranks: FloatArray) -> FloatArray:
    """Return Kolmogorov and Smirnov's distance of values (…, n) from the uniform distribution on 0 to 1."""
    steps = np.arange(ranks.shape[-1] + 1) / ranks.shape[-1]
    ordered = np.sort(ranks, axis=-1)
    above, below = (steps[1:] - ordered).max(axis=-1), (ordered - steps[:-1]).max(axis=-1)
    return np.asarray(np.maximum(above, below))


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


def _ranks_by(score: Score, fitted: FloatArray, ranked: FloatArray, table: FloatArray) -> FloatArray:
    """Return the share of the ranked test images of its class that each image exceeds in a score, (M,)."""
    groups = _groups(fitted, ranked), _groups(fitted, table)
    return _ranks(score(fitted, ranked), score(fitted, table), *groups)


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
