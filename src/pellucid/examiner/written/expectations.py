"""The range in which a recipe's results lie, and the likely cause where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, log, sqrt

from pellucid.core.wording.plurals import counted
from pellucid.datasets import describe
from pellucid.examiner.written.console import Curves, TestFigures
from pellucid.examiner.written.findings import Finding
from pellucid.experiments import Experiment, find

STANDARD_ERRORS = 3
OWN = {  # test accuracy of pellucid's own full runs with seed 0, as in README.md
    "mnist-linear": 0.9253,
    "mnist-relu": 0.9793,
    "mnist-cnn": 0.9904,
    "mnist-cnn-dropout": 0.9899,
    "cifar10-cnn": 0.6956,
    "digits-cnn": 0.9311,
    "digits-cnn-64": 0.9867,
    "digits-perceptron": 0.9378,
}
DIGITS_TEST = 450
UNSCALED = "Did the pixels go in unscaled (0 to 255 instead of 0 to 1)?"
SLOW_ADADELTA = "Adadelta with its default rate of 0.001 learns so slowly: was learning_rate=1.0 set?"
HIGH = "Was it tested on images that it had learned from, or is the network another one?"


@dataclass(frozen=True)
class Range:
    """The test accuracies to be expected of a recipe, and where the range comes from."""

    low: float
    high: float
    trainings: int
    images: int

    def has(self, accuracy: float) -> bool:
        """Return whether an accuracy is within the range."""
        return self.low <= accuracy <= self.high

    def __str__(self) -> str:
        return f"{self.low:.3f} to {self.high:.3f}"

    @property
    def origin(self) -> str:
        """Where the range comes from, in words."""
        return (
            f"the range of {counted(self.trainings, 'full training')} with this recipe (lab reports, Keras, "
            f"pellucid), widened by {STANDARD_ERRORS} standard errors on {self.images:,} test images"
        )


def accuracy_range(name: str) -> Range:
    """Return the range for an experiment: what was measured, widened by the error of measuring.

    Examples
    --------
    >>> print(accuracy_range("mnist-cnn"))
    0.985 to 0.993
    """
    experiment = find(name)
    measured = [one.test_accuracy for one in experiment.reported if one.test_accuracy is not None]
    measured.append(OWN[name])
    n = describe(experiment.dataset).test_images or DIGITS_TEST
    low, high = min(measured), max(measured)
    below, above = (STANDARD_ERRORS * sqrt(one * (1 - one) / n) for one in (low, high))
    return Range(round(low - below, 3), round(min(1.0, high + above), 3), len(measured), n)


def judge_test(figures: TestFigures, experiment: Experiment, line: int = 0) -> Finding | None:
    """Return how a test accuracy compares with the range of its recipe."""
    accuracy = figures.accuracy
    if accuracy is None or isnan(accuracy):
        return None
    expected = accuracy_range(experiment.name)
    words = f"The test accuracy {accuracy:.4f}"
    if expected.has(accuracy):
        return Finding("test", f"{words} is within {expected}: {expected.origin}.", line)
    where = "below" if accuracy < expected.low else "above"
    cause = _cause(accuracy, experiment, expected)
    text = f"{words} is {where} {expected} ({expected.origin}). {cause}".strip()
    return Finding("test", text, line, False)


def judge_curves(curves: Curves, experiment: Experiment, line: int = 0) -> list[Finding]:
    """Return how the curves of a training compare with its recipe's: epochs, first loss, last accuracy."""
    found = []
    if curves.epochs != experiment.epochs:
        words = (
            f"The output shows {counted(curves.epochs, 'epoch')}, where {experiment.epochs} are asked for."
        )
        found.append(Finding("curves", words, line, False))
    guessing = log(len(describe(experiment.dataset).classes))
    first = curves.first("loss")
    if first is not None and (isnan(first) or first > 2 * guessing) and experiment.scaled:
        words = f"The loss of the first epoch is {first:g}, far above that of guessing, {guessing:.2f}."
        words = f"{words} {UNSCALED}"
        found.append(Finding("curves", words, line, False))
    last = curves.last("val_accuracy")
    if last is None or isnan(last):
        return found
    expected = accuracy_range(experiment.name)
    if expected.has(last):
        words = f"The validation accuracy {last:.4f} at the end is within {expected}, as for test images."
        return [*found, Finding("curves", words, line)]
    where = "below" if last < expected.low else "above"
    cause = _cause(last, experiment, expected)
    words = f"The validation accuracy {last:.4f} at the end is {where} {expected}, as for test images."
    return [*found, Finding("curves", f"{words} {cause}".strip(), line, False)]


def likely_experiments(curves: Curves, names: Sequence[str]) -> list[str]:
    """Return the experiments that curves may belong to, the likeliest first, by epochs and accuracy.

    Examples
    --------
    >>> likely_experiments(Curves(12, {"val_accuracy": [0.9] * 11 + [0.977]}), list(OWN))
    ['mnist-relu', 'mnist-linear']
    """
    last = curves.last("val_accuracy")
    fitting = [name for name in names if find(name).epochs == curves.epochs]
    if last is None:
        return fitting

    def off(name: str) -> float:
        expected = accuracy_range(name)
        return 0.0 if expected.has(last) else min(abs(last - expected.low), abs(last - expected.high))

    return sorted(fitting, key=off)


def _cause(accuracy: float, experiment: Experiment, expected: Range) -> str:
    """Return the likely cause of an accuracy outside the range."""
    chance = 1 / len(describe(experiment.dataset).classes)
    if accuracy < 2 * chance:
        return (
            f"That is about guessing ({chance:g}): the network learned nothing. {_slow(experiment)}".strip()
        )
    others = [
        name
        for name in OWN
        if name != experiment.name
        and find(name).dataset == experiment.dataset
        and accuracy_range(name).has(accuracy)
    ]
    if others:
        return f"It is what {others[0]} reaches: was another network trained or tested?"
    if accuracy > expected.high:
        return HIGH
    slow = _slow(experiment) if accuracy < expected.low - 0.05 else ""
    return slow or "Fewer epochs, fewer images or another learning rate than asked for give such results."


def _slow(experiment: Experiment) -> str:
    return SLOW_ADADELTA if type(experiment.optimizer).__name__ == "Adadelta" else ""
