"""Curves, several comparisons, check digits and sources of images."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from covering.case import Case, Generator, holds
from pellucid.evaluation import compare_all, compare_sources, confusion_matrix, predictions_of
from pellucid.evaluation.check_digits import known_check, undetected_errors
from pellucid.evaluation.curves import trend
from pellucid.evaluation.sources import BY_FEW


def trends() -> Iterator[Case]:
    """Return the slope of the end of a curve."""
    for epochs in (8, 40):

        def covers(generator: Generator, epochs: int = epochs) -> bool:
            found = trend(generator.normal(0, 0.1, epochs) - 0.01 * np.arange(epochs))
            return found is not None and holds(found, -0.01)

        yield Case("slope of a curve, least squares", f"{epochs} epochs, noise", "covers", 0.95, covers)


def several() -> Iterator[Case]:
    """Return how often one of several equal runs is called different."""

    def called(generator: Generator) -> bool:
        tables = np.where((generator.random((4, 300)) < 0.9)[..., None], [0.9, 0.1], [0.1, 0.9])
        runs = [predictions_of(f"{i}", np.zeros(300, int), one) for i, one in enumerate(tables)]
        return any(one.significant() for one in compare_all(runs))

    yield Case("any of six pairs, Holm", "4 equal runs, n = 300", "errs", 0.05, called)


def checks() -> Iterator[Case]:
    """Return the bound of the errors that a check digit lets pass; here all misreadings are alike."""

    def below(generator: Generator, error: float = 0.01) -> bool:
        labels = generator.integers(0, 10, 2000)
        wrong = generator.random(2000) < error
        read = np.where(wrong, (labels + generator.integers(1, 10, 2000)) % 10, labels)
        check = known_check("mod-11", 7)
        truth = undetected_errors(expected, check).accepted_error
        return undetected_errors(confusion_matrix(labels, read, 10), check).bound >= truth

    expected = np.full((10, 10), 100) + 99_000 * np.eye(10, dtype=int)  # 0.9 % of each digit are misread
    yield Case("bound of errors that pass a check", "2,000 digits, 99 % right", "covers", 0.95, below)


def sources() -> Iterator[Case]:
    """Return how often images from the same source are called different."""

    def answers(generator: Generator, n: int, scale: npt.ArrayLike = 1.0) -> npt.NDArray[np.float64]:
        logits = generator.normal(size=(n, 10))
        logits[np.arange(n), generator.integers(0, 10, n)] += scale * generator.gamma(9, 1, n)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def called(generator: Generator) -> bool:
        return compare_sources(answers(generator, 2000), answers(generator, 100)).differs

    def by_few(generator: Generator) -> bool:
        scales = np.repeat(generator.uniform(0.6, 1.4, 104), 40)
        both = answers(generator, len(scales), scales)
        return compare_sources(both[160:], both[:160]).differs

    yield Case("same source, called another", "2,000 and 100 images", "errs", 0.01, called)
    yield Case("same source, called another", "100 writers and 4 others, x 40", "errs", BY_FEW, by_few)


OTHERS: dict[str, Callable[[], Iterator[Case]]] = {
    "trend": trends,
    "several": several,
    "check": checks,
    "source": sources,
}
