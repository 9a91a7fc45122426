"""Question 28: learning, told from cheating by values.

The test images may not change what is learned, and the accuracy that is reported must be that of the network
with the learned weights on the test images, whatever their labels are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.examiner.calling import reseed
from pellucid.examiner.cases import Array
from pellucid.examiner.exams.checks import Checks
from pellucid.examiner.exams.whole import (
    CLASSES,
    IMAGES,
    WEIGHTS,
    Functions,
    arrays_in,
    bound,
    kernels_in,
    pictures,
    sentence,
)
from pellucid.examiner.marks import QuestionResult
from pellucid.examiner.questions import find_question
from pellucid.examiner.student_errors import describe_exception

CYCLES, TRAINING, TEST = 4, 90, 45
ABOVE_CHANCE = 0.6  # chance is a third
ROLES = {
    "train_images": ("trainimages", "xtrain", "trainx"),
    "train_labels": ("trainlabels", "ytrain", "trainy"),
    "test_images": ("testimages", "xtest", "testx"),
    "test_labels": ("testlabels", "ytest", "testy"),
    "cycles": ("cycles", "epochs", "ncycles", "n"),
}
Pictures = tuple[Array, Array]
Measure = Callable[[Any, Pictures], float]  # (weights, images and labels) -> accuracy


@dataclass(frozen=True)
class Learned:
    """What came of one call of ``learn`` on a test set."""

    weights: Any
    accuracies: list[float]
    test: Pictures


def examine_learning(functions: Functions, seed: int) -> QuestionResult:
    """Examine question 28."""
    checks = Checks(find_question(28))
    test = pictures(TEST, seed + 1)
    others = pictures(TEST, seed + 3)
    mislabelled = others[0], (others[1] + 1) % CLASSES
    try:
        early, late = _learn(functions, seed, test, 1), _learn(functions, seed, test, CYCLES)
        elsewhere = _learn(functions, seed, mislabelled, 1)
        from_test = not _alike(early, elsewhere) and _alike(early, _learn(functions, seed, test, 1))
    except (Exception, SystemExit) as error:
        checks.lost("runs", sentence(describe_exception(error)), "stops")
        return checks.done("learn")
    measure = _measure(functions)
    untrue = _untrue(measure, early, late, elsewhere)
    checks.check("runs", not untrue, untrue, "not the test accuracy")
    _kernels(checks, early, late)
    share = measure(late.weights, late.test) if measure and untrue else None
    _learns(checks, late, share, from_test=from_test)
    if measure:
        _new_images(checks, measure, late.weights, seed)
    accuracies = ", ".join(f"{a:.2f}" for a in late.accuracies)
    return checks.done("learn", (f"Accuracy over {CYCLES} cycles: {accuracies}.",))


def _learn(functions: Functions, seed: int, test: Pictures, cycles: int) -> Learned:
    train = pictures(TRAINING, seed)
    reseed(functions["learn"], seed)
    returned = bound(functions["learn"], ROLES)(
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        cycles=cycles,
    )
    weights, accuracies = _weights_and_accuracies(returned, cycles)
    percent = max(accuracies) > 1.5
    return Learned(weights, [a / 100 if percent else a for a in accuracies], test)


def _alike(one: Learned, other: Learned) -> bool:
    """Return whether the same was learned."""
    pairs = zip(arrays_in(one.weights), arrays_in(other.weights), strict=False)
    return all(a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9) for (_, a), (_, b) in pairs)


def _measure(functions: Functions) -> Measure | None:
    """Return what measures the accuracy of weights with the student's own network; None without one."""
    if "network" not in functions:
        return None
    run = bound(functions["network"], {"image": IMAGES, "weights": WEIGHTS})

    def measure(weights: Any, test: Pictures) -> float:
        right = [np.argmax(run(image=i, weights=weights)) == t for i, t in zip(*test, strict=True)]
        return float(np.mean(right))

    return measure


def _untrue(measure: Measure | None, early: Learned, late: Learned, elsewhere: Learned) -> str:
    """Say how the reported accuracies differ from those of the network; nothing where they do not."""
    if measure is None:
        return ""
    try:
        share = measure(elsewhere.weights, elsewhere.test)
        if _close(share, elsewhere.accuracies[0]):
            share, reported = measure(late.weights, late.test), late.accuracies[-1]
            if _close(share, reported) or _close(measure(early.weights, early.test), late.accuracies[1]):
                return ""
            return (
                f"It reports an accuracy of {reported:.2f} in the last cycle, where the network with the "
                f"weights that it returns classifies {share:.2f} of the test images rightly."
            )
        if _measured_before_learning(elsewhere, early):
            return ""
    except (Exception, SystemExit):  # the criterion on new images tells it
        return ""
    return (
        f"On test images with other labels it reports an accuracy of {elsewhere.accuracies[0]:.2f}, where "
        f"the network with the weights that it returns has {share:.2f}: is it the accuracy on the training "
        "images?"
    )


def _measured_before_learning(elsewhere: Learned, early: Learned) -> bool:
    """Return whether the first accuracy may be that of weights that have learned nothing."""
    return max(elsewhere.accuracies[0], early.accuracies[0]) < ABOVE_CHANCE


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 1.5 / TEST


def _kernels(checks: Checks, early: Learned, late: Learned) -> None:
    pairs = list(zip(kernels_in(early.weights), kernels_in(late.weights), strict=False))
    moved = sum(not np.allclose(a, b, rtol=1e-6, atol=1e-9) for (_, a), (_, b) in pairs)
    checks.check(
        "kernels",
        moved >= 2,
        f"Between cycle 1 and cycle {CYCLES}, {moved} of {len(pairs)} sets of kernels change: "
        "backpropagation should reach the kernels of both convolutions.",
        "kernels do not change",
    )


def _learns(checks: Checks, late: Learned, share: float | None, *, from_test: bool) -> None:
    """Judge the accuracy: the reported one, or ``share`` where that is not true."""
    if from_test:
        checks.lost(
            "learns",
            "With other test images it learns other weights: it learns from the test images, which are only "
            "there to measure the accuracy.",
            "learns from the test images",
        )
        return
    told = [share] if share is not None else late.accuracies
    checks.check(
        "learns",
        max(told) >= ABOVE_CHANCE,
        f"On {CLASSES} kinds of bars, which any network tells apart, the accuracy is "
        f"{', '.join(f'{a:.2f}' for a in told)} over {CYCLES} cycles; chance is {1 / CLASSES:.2f}. Is "
        "each weight moved against its gradient? Is the step so large that it jumps, or so small that "
        "nothing happens?",
        "does not learn",
    )


def _new_images(checks: Checks, measure: Measure, weights: Any, seed: int) -> None:
    try:
        share = measure(weights, pictures(24, seed + 2))
    except (Exception, SystemExit) as error:
        checks.lost("new images", sentence(describe_exception(error)), "stops")
        return
    checks.check(
        "new images",
        share >= ABOVE_CHANCE,
        f"Of 24 images that were never shown, the network with the learned weights classifies {share:.0%} "
        "rightly.",
        "not on new images",
    )


def _weights_and_accuracies(returned: Any, cycles: int) -> tuple[Any, list[float]]:
    """Tell the weights from the accuracies, whichever comes first."""
    parts = list(returned) if isinstance(returned, tuple) else [returned]
    for place, part in enumerate(parts):
        if np.ndim(part) == 1 and len(part) == cycles and all(np.ndim(v) == 0 for v in part):
            rest = [other for i, other in enumerate(parts) if i != place]
            if rest:
                return (rest[0] if len(rest) == 1 else rest), [float(v) for v in part]
    raise ValueError(
        f"learn should return (weights, accuracies) with {cycles} accuracies for {cycles} cycles"
    )
