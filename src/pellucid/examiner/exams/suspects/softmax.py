"""Possible causes of wrong values in softmax."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect
from pellucid.examiner.exams.suspects.changes import Right


def _of_scores(compute: Callable[[Array, Array], Array]) -> Callable[[Case, Right], Array]:
    """Return another formula of the scores and of their exponentials, the largest of which is 1."""

    def computed(case: Case, _: Right) -> Array:
        x = case.arrays["scores"]
        return np.asarray(compute(x, np.exp(x - x.max())))

    return computed


def _shares(x: Array) -> Array:
    return np.asarray(x / x.sum())


SUSPECTS = [
    Suspect(
        "divided by itself",
        lambda case, _: np.ones_like(case.arrays["scores"]),
        "Every probability is 1: each exponential is divided by itself. Divide by the sum of all, "
        "np.exp(z).sum().",
    ),
    Suspect(
        "mean",
        _of_scores(lambda x, e: e / e.mean()),
        "The exponentials are divided by their mean: divide by their sum, so that the probabilities sum "
        "to 1.",
    ),
    Suspect(
        "largest",
        _of_scores(lambda x, e: np.exp(x) / np.exp(x).max()),
        "The exponentials are divided by the largest, not by their sum, or not divided once the largest "
        "score is "
        "subtracted: the probabilities do not sum to 1.",
    ),
    Suspect(
        "base 10",
        _of_scores(lambda x, e: _shares(10.0 ** (x - x.max()))),
        "Powers of 10 are taken: softmax takes powers of e, np.exp.",
    ),
    Suspect(
        "sigmoid",
        _of_scores(lambda x, e: _shares(1 / (1 + np.exp(-x)))),
        "The sigmoid of each score is divided by their sum: softmax is exp(z) / Σ exp(z).",
    ),
    Suspect(
        "absolute",
        _of_scores(lambda x, e: _shares(np.exp(np.abs(x) - np.abs(x).max()))),
        "The absolute values of the scores are taken: a negative score means a small probability.",
    ),
    Suspect(
        "squares",
        _of_scores(lambda x, e: _shares(x**2)),
        "The squares of the scores are divided by their sum: softmax takes exp(z) in place of z².",
    ),
    Suspect(
        "absolute shares",
        _of_scores(lambda x, e: _shares(np.abs(x))),
        "The absolute scores are divided by their sum without exponential: softmax is exp(z) / Σ exp(z).",
    ),
    Suspect(
        "one-hot",
        _of_scores(lambda x, e: (x == x.max()) * 1.0),
        "It gives 1 for the largest score and 0 for the others (one-hot): softmax gives every class a share.",
    ),
    Suspect(
        "argmax",
        _of_scores(lambda x, e: np.argmax(x, axis=-1)),
        "It gives the position of the largest score (argmax): softmax gives a probability for each score.",
    ),
    Suspect(
        "scores over exponentials",
        _of_scores(lambda x, e: x / np.exp(x).sum()),
        "The scores themselves are divided by the sum: the numerator is exp(z) too.",
    ),
    Suspect(
        "scores over exponentials",
        _of_scores(lambda x, e: (x - x.max()) / e.sum()),
        "The scores themselves are divided by the sum: the numerator is exp(z) too.",
    ),
    Suspect(
        "scores over exponentials",
        _of_scores(lambda x, e: x / e.sum()),
        "The scores themselves are divided by the sum: the numerator is exp(z) too.",
    ),
    Suspect(
        "sum of scores",
        _of_scores(lambda x, e: np.exp(x) / x.sum()),
        "The exponentials are divided by the sum of the scores: divide by the sum of the exponentials.",
    ),
    Suspect(
        "sorted",
        _of_scores(lambda x, e: np.sort(_shares(e))),
        "The probabilities come in sorted order: each must stay at the place of its score.",
    ),
    Suspect(
        "the others",
        _of_scores(lambda x, e: 1 - _shares(e)),
        "It gives 1 - p for each class: give p.",
    ),
    Suspect(
        "twice",
        _of_scores(lambda x, e: _shares(np.exp(_shares(e)))),
        "Softmax is taken twice.",
    ),
    *[
        Suspect(
            f"temperature {t:g}",
            _of_scores(lambda x, e, t=t: _shares(np.exp((x - x.max()) / t))),  # type: ignore[misc]  # mypy does not see defaults of a lambda
            f"The scores are divided by {t:g} first (a temperature): softmax takes them as they are.",
        )
        for t in (0.1, 0.5, 2, 10)
    ],
    Suspect(
        "divided by the largest score",
        _of_scores(lambda x, e: _shares(np.exp(x / x.max()))),
        "The scores are divided by the largest: subtract it, z - max(z), which leaves the result as it is.",
    ),
    Suspect(
        "shifted by hand",
        _of_scores(lambda x, e: np.exp(x) / e.sum()),
        "The largest score is subtracted below the line only: subtract it above, too.",
    ),
    Suspect(
        "shifted by hand",
        _of_scores(lambda x, e: e / np.exp(x).sum()),
        "The largest score is subtracted above the line only: subtract it below, too.",
    ),
]
