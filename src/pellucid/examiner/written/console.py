"""What Keras printed while a network learned, and what was printed of its test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

EPOCH = re.compile(r"Epoch (\d+)\s*/\s*(\d+)")
PAIR = re.compile(
    r"\b((?:val_)?(?:sparse_)?(?:categorical_)?(?:loss|accuracy|acc))\s*[:=]\s*"
    r"(nan|inf|\d+\.?\d*(?:e[-+]?\d+)?)",
    re.IGNORECASE,
)
SECONDS = re.compile(r"(?:-|━|\])\s*(\d+(?:\.\d+)?)\s*s\b|\b(\d+)m(?:in)?\s?(\d+)\s*s\b")
SEGMENT = re.compile(r"[\r\n\b]+")
LOSS = re.compile(r"\b(?:test[ _])?(?:loss|score)\b[^\d\n]{0,25}?(\d+\.\d+(?:e-?\d+)?)", re.IGNORECASE)
ACCURACY = re.compile(r"\b(?:test[ _])?acc(?:uracy)?\b[^\d\n]{0,25}?(\d+(?:\.\d+)?)\s*(%?)", re.IGNORECASE)
PAIR_OF_NUMBERS = re.compile(r"[\[(]\s*(?:np\.float\d+\()?(\d+\.\d+)\)?\s*,\s*(?:np\.float\d+\()?(\d?\.\d+)")


@dataclass(frozen=True)
class Curves:
    """Losses and accuracies by epoch, and its seconds where they are known; lists may be empty."""

    epochs: int
    values: dict[str, list[float]] = field(default_factory=dict)
    seconds: tuple[float, ...] = ()
    source: str = ""  # where they were read

    def last(self, name: str) -> float | None:
        """Return a curve's last value."""
        values = self.values.get(name)
        return values[-1] if values else None

    def first(self, name: str) -> float | None:
        """Return a curve's first value."""
        values = self.values.get(name)
        return values[0] if values else None


@dataclass(frozen=True)
class TestFigures:
    """Loss and accuracy on the test images, as printed."""

    __test__ = False  # tells pytest that this is not a test class

    loss: float | None
    accuracy: float | None
    source: str = ""


def read_training(printed: str, source: str = "") -> list[Curves]:
    r"""Return the curves of each training in what was printed.

    Examples
    --------
    >>> found = read_training("Epoch 1/1\n375/375 - 3s 8ms/step - loss: 0.5 - val_accuracy: 0.98")
    >>> found[0].values, found[0].seconds
    ({'loss': [0.5], 'val_accuracy': [0.98]}, (3.0,))
    """
    starts = list(EPOCH.finditer(printed))
    trainings: list[list[re.Match[str]]] = []
    for start in starts:
        if not trainings or int(start[1]) != int(trainings[-1][-1][1]) + 1:
            if trainings and int(start[1]) == int(trainings[-1][-1][1]):
                continue  # the same epoch, written again
            trainings.append([])
        trainings[-1].append(start)
    ends = {start.start(): end.start() for start, end in pairwise(starts)}
    return [_curves(training, printed, ends, source) for training in trainings]


def read_test(printed: str, source: str = "") -> TestFigures | None:
    r"""Return loss and accuracy of a test as printed; None where there are none.

    Examples
    --------
    >>> read_test("Test loss: 0.0345\nTest accuracy: 0.9896").accuracy
    0.9896
    >>> read_test("[0.0345, 0.9896]").loss, read_test("Accuracy: 98.96 %").accuracy
    (0.0345, 0.9896)
    """
    text = _without_epochs(printed)
    pair = PAIR_OF_NUMBERS.search(text)
    if pair and float(pair[2]) <= 1:
        return TestFigures(float(pair[1]), float(pair[2]), source)
    losses, accuracies = LOSS.findall(text), ACCURACY.findall(text)
    if not accuracies:
        return None
    value, sign = accuracies[-1]
    accuracy = round(float(value) / 100, 6) if sign or float(value) > 1 else float(value)
    return TestFigures(float(losses[-1]) if losses else None, accuracy, source) if accuracy <= 1 else None


def _curves(training: Sequence[re.Match[str]], printed: str, ends: dict[int, int], source: str) -> Curves:
    values: dict[str, list[float]] = {}
    seconds = []
    for start in training:
        line = _last_line(printed[start.end() : ends.get(start.start(), len(printed))])
        for name, value in PAIR.findall(line):
            values.setdefault(_modern(name), []).append(float(value))
        time = _seconds(line)
        seconds += [] if time is None else [time]
    n = len(training)
    whole = {name: found for name, found in values.items() if len(found) == n}
    return Curves(n, whole, tuple(seconds) if len(seconds) == n else (), source)


def _last_line(chunk: str) -> str:
    """Return the last state of an epoch's line: a progress bar writes over itself."""
    segments = [one for one in SEGMENT.split(chunk) if PAIR.search(one)]
    with_validation = [one for one in segments if "val_" in one]
    if with_validation:
        return with_validation[-1]
    total = re.match(r"\D*\d+/(\d+)", segments[0]) if segments else None
    same = [one for one in segments if total is None or f"/{total[1]}" in one]
    return same[-1] if same else ""


def _seconds(line: str) -> float | None:
    found = SECONDS.search(line)
    if found is None:
        return None
    return float(found[1]) if found[1] else 60 * float(found[2]) + float(found[3])


def _modern(name: str) -> str:
    plain = name.lower().replace("sparse_", "").replace("categorical_", "")
    return {"acc": "accuracy", "val_acc": "val_accuracy"}.get(plain, plain)


def _without_epochs(printed: str) -> str:
    """Return what was printed without the lines of training."""
    return "\n".join(one for one in SEGMENT.split(printed) if not EPOCH.search(one) and "val_" not in one)
