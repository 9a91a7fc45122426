"""The plain conclusion that an answer begins with: how the curves run, and what that says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.evaluation import curves
from pellucid.evaluation.intervals import Estimate, proportion
from pellucid.evaluation.wording.values import p_text
from pellucid.lab.adapters import column, known
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.evaluation import Comparison
    from pellucid.report.rundata import RunData

SMALL_GAP = 0.01  # below one point a gap is called small
MOST = 0.8  # share of all that is learned above chance; a first epoch with as much is said to teach most
MANY_MISREAD = 0.02  # share of training images; above it the network has not learned them well


@dataclass(frozen=True)
class Curves:
    """Training and validation accuracy after each epoch, the validation loss, and how sure the last ones are.

    ``gap`` is training minus validation accuracy after the last epoch, ``validation`` the accuracy itself.
    """

    train: tuple[float, ...]
    val: tuple[float, ...]
    val_loss: tuple[float, ...]
    gap: Estimate
    validation: Estimate
    chance: float

    @property
    def best_loss(self) -> int:
        """The epoch, from 1, of the lowest validation loss."""
        return int(np.argmin(self.val_loss)) + 1

    @property
    def at_chance(self) -> bool:
        """Whether the network may as well be guessing."""
        return self.validation.low <= self.chance

    @property
    def learned_at_once(self) -> float:
        """The share of all that is learned above chance that is there after the first epoch, at most 1."""
        learned = max(self.val) - self.chance
        return max(0.0, (self.val[0] - self.chance) / learned) if learned > 0 else 0.0

    @property
    def misread(self) -> float:
        """The share of training images that are misread after the last epoch."""
        return 1 - self.train[-1]

    @property
    def generalises_well(self) -> bool:
        """Whether the gap is noise, or small beside what is misread of the training images themselves."""
        return self.gap.low <= 0 or self.gap.value < max(SMALL_GAP, self.misread / 2)

    def results(self) -> dict[str, Any]:
        """Return all numbers that the sentences contain."""
        return {
            "train": list(self.train), "val": list(self.val), "val_loss": list(self.val_loss),
            "epochs": list(range(1, len(self.train) + 1)), "gap": self.gap.as_dict(),
            "validation": self.validation.as_dict(), "chance": self.chance,
            "classes": round(1 / self.chance), "misread": self.misread, "level": 0.95,
        }  # fmt: skip


def curves_of(run: RunData) -> Curves:
    """Return the curves of a run, training and validation measured alike."""
    train, val, loss = (tuple(column(run, name)) for name in ("train_accuracy", "val_accuracy", "val_loss"))
    dataset = run.configuration.dataset
    images = known(dataset.counts.validation)
    return Curves(
        train, val, loss,
        gap=curves.gap(train[-1], dataset.sampled, val[-1], images),
        validation=proportion(round(val[-1] * images), images),
        chance=1 / len(run.classes),
    )  # fmt: skip


def conclusion(found: Curves) -> str:
    """Return how the curves run and what that says about generalisation, in two to four sentences."""
    return " ".join([course(found.train, found.val), *generalisation(found)])


def brief(found: Curves) -> str:
    """Return how the curves run and whether the network generalises, without more about why."""
    return " ".join([course(found.train, found.val), generalisation(found)[0]])


def course(train: Sequence[float], val: Sequence[float]) -> str:
    """Return how training and validation accuracy run over the epochs, in one sentence.

    Examples
    --------
    >>> course([0.8, 0.9, 0.95], [0.8, 0.85, 0.84])
    'Training accuracy rises in every epoch, from 80.00 % to 95.00 %; validation accuracy rises from 80.00 %
    to 85.00 % in epoch 2 and is 84.00 % after that.'
    >>> course([0.8, 0.9], [0.8, 0.85])
    'Training accuracy rises in every epoch, from 80.00 % to 90.00 %, and so does validation accuracy, from
    80.00 % to 85.00 %.'
    """
    if len(train) == 1:
        return f"After its one epoch training accuracy is {percent(train[0])}, validation {percent(val[0])}."
    both = f"from {percent(val[0])} to {percent(val[-1])}"
    if _rises(train) and _rises(val):
        return f"{_course_of('Training accuracy', train)}, and so does validation accuracy, {both}."
    if _ends_highest(train) and _ends_highest(val):
        rise = f"Training accuracy rises from {percent(train[0])} to {percent(train[-1])}"
        return f"{rise} and validation accuracy {both}, neither in every epoch."
    return f"{_course_of('Training accuracy', train)}; {_course_of('validation accuracy', val)}."


def _ends_highest(values: Sequence[float]) -> bool:
    """Whether values end at their highest, after a fall on the way."""
    return not _rises(values) and int(np.argmax(values)) == len(values) - 1


def _course_of(name: str, values: Sequence[float]) -> str:
    first, last, best = values[0], values[-1], int(np.argmax(values))
    if _rises(values):
        return f"{name} rises in every epoch, from {percent(first)} to {percent(last)}"
    if _ends_highest(values):
        return f"{name} rises from {percent(first)} to {percent(last)}, though not in every epoch"
    low, high = min(values[best + 1 :]), max(values[best + 1 :])
    after = percent(low) if percent(low) == percent(high) else f"between {percent(low)} and {percent(high)}"
    if best == 0:
        return f"{name} is highest after epoch 1 ({percent(first)}) and {after} later"
    stays = "is" if low == high else "stays"
    return (
        f"{name} rises from {percent(first)} to {percent(values[best])} in epoch {best + 1} and {stays} "
        f"{after} after that"
    )


def learning(found: Curves, train_loss: Sequence[float]) -> str:
    """Return how a training went: when most was learned, and how the two losses run, in two sentences."""
    epochs = len(found.val)
    last = f"{percent(found.val[-1])} of the validation images right"
    losses = _descents(train_loss, found.val_loss)
    if found.at_chance:
        return (
            f"The network has hardly begun to learn: after {epochs} epochs it reads {last}, and guessing "
            f"among {round(1 / found.chance)} classes gives {percent(found.chance, 0)}. {losses}"
        )
    if epochs == 1:
        return f"After its one epoch the network reads {last}."
    first = percent(found.val[0])
    if found.learned_at_once >= MOST:
        return (
            f"The network learns most in its first epoch, after which it reads {first} of the validation "
            f"images right; after {epochs} epochs it reads {percent(found.val[-1])}. {losses}"
        )
    return (
        f"The network learns step by step: it reads {first} of the validation images right after epoch 1, "
        f"and {percent(found.val[-1])} after epoch {epochs}. {losses}"
    )


def _descents(train: Sequence[float], val: Sequence[float]) -> str:
    """Return how training and validation loss run, in one sentence.

    Examples
    --------
    >>> _descents([0.5, 0.4, 0.3], [0.5, 0.4, 0.35])
    'Training loss falls in every epoch, from 0.5000 to 0.3000, and so does validation loss, from 0.5000 to
    0.3500.'
    """
    falling = [[-one for one in losses] for losses in (train, val)]
    both = f"from {val[0]:.4f} to {val[-1]:.4f}"
    if all(map(_rises, falling)):
        return f"{_descent('Training loss', train)}, and so does validation loss, {both}."
    if all(map(_ends_highest, falling)):
        fall = f"Training loss falls from {train[0]:.4f} to {train[-1]:.4f}"
        return f"{fall} and validation loss {both}, neither in every epoch."
    return f"{_descent('Training loss', train)}; {_descent('validation loss', val)}."


def _descent(name: str, losses: Sequence[float]) -> str:
    """Return how a loss runs, as a clause.

    Examples
    --------
    >>> _descent("training loss", [0.5, 0.4, 0.3]), _descent("training loss", [0.5, 0.3, 0.4])
    ('training loss falls in every epoch, from 0.5000 to 0.3000', 'training loss is lowest after epoch 2, \
0.3000, and ends at 0.4000')
    """
    first, last, lowest = losses[0], losses[-1], int(np.argmin(losses))
    if len(losses) == 1:
        return f"{name} is {last:.4f}"
    if _rises([-one for one in losses]):
        return f"{name} falls in every epoch, from {first:.4f} to {last:.4f}"
    if lowest == len(losses) - 1:
        return f"{name} falls from {first:.4f} to {last:.4f}, though not in every epoch"
    return f"{name} is lowest after epoch {lowest + 1}, {losses[lowest]:.4f}, and ends at {last:.4f}"


def generalisation(found: Curves) -> list[str]:
    """Return what the last epoch says about generalisation, and why, in one to three sentences."""
    if found.at_chance:
        return [
            f"This is chance: guessing among {round(1 / found.chance)} classes gives "
            f"{percent(found.chance, 0)}, and {percent(found.val[-1])} of {count(found.validation.n)} "
            "validation images is within the noise of that.",
            "The network has learned next to nothing yet, so these curves say nothing about generalisation; "
            "a training with more images or more epochs would.",
        ]
    size = f"{points(found.gap)} between training and validation accuracy after the last epoch"
    sentences = []
    if found.gap.low <= 0:
        sentences.append(
            f"It generalises well, as far as {count(found.validation.n)} validation images can tell: it "
            f"reads new images about as well as those that it learned from. The gap may be noise: {size}."
        )
    elif found.generalises_well:
        sentences.append(f"It generalises well: the gap is more than noise but small, {size}.")
    else:
        sentences.append(
            f"It generalises less well than it learns: there is a gap of {size}, because part of what it has "
            "learned holds for the training images alone."
        )
        if found.val_loss[-1] > min(found.val_loss):
            sentences.append(
                f"Validation loss is lowest in epoch {found.best_loss} ({min(found.val_loss):.4f}) and "
                f"{found.val_loss[-1]:.4f} at the end: more epochs no longer help on new images."
            )
    if found.misread > max(MANY_MISREAD, found.gap.value):
        sentences.append(
            "Most of its errors are not a matter of generalisation: it also misreads "
            f"{percent(found.misread, 1)} of the training images."
        )
    return sentences


def points(difference: Estimate) -> str:
    """Return a difference of shares in points with its interval.

    Examples
    --------
    >>> points(curves.gap(0.95, 1000, 0.92, 1000))
    '3.0 points (95 % interval 0.8 to 5.2)'
    """
    value, low, high = (100 * one for one in (difference.value, difference.low, difference.high))
    return f"{value:.1f} points (95 % interval {low:.1f} to {high:.1f})"


def beside(gap: float) -> str:
    """Return how far validation loss lies above or below training loss.

    Examples
    --------
    >>> beside(0.1), beside(-0.02)
    ('0.1000 above training loss', '0.0200 below training loss')
    """
    return f"{abs(gap):.4f} {'above' if gap >= 0 else 'below'} training loss"


def verdict(pair: Comparison) -> str:
    """Return which of two networks reads the test images better, or that no difference is seen."""
    accuracies = (
        f"{percent(pair.accuracy_b.value)} of the {count(pair.difference.n)} test images right, `{pair.a}` "
        f"{percent(pair.accuracy_a.value)}"
    )
    evidence = f"{points(pair.difference)}, {p_text(pair.p_value)} by McNemar's mid-p test"
    if not pair.significant():
        return (
            f"`{pair.b}` and `{pair.a}` read new images about equally well: `{pair.b}` reads {accuracies}, "
            f"and the difference, {evidence}, may be noise."
        )
    better = "better" if pair.difference.value > 0 else "worse"
    return (
        f"`{pair.b}` reads new images {better} than `{pair.a}`: it reads {accuracies}. The difference is "
        f"more than noise: {evidence}."
    )


def gap_verdict(names: Sequence[str], curves: tuple[Curves, Curves], change: Estimate) -> str:
    """Return with which of two networks the gap between training and validation accuracy is smaller.

    ``change`` is the second one's gap minus the first one's.
    """
    one, other = (f"{100 * found.gap.value:.1f} points" for found in curves)
    gap = "the gap between training and validation accuracy after the last epoch"
    if change.low <= 0 <= change.high:
        if one == other:
            return f"{gap.capitalize()} is {one} with both."
        return (
            f"{gap.capitalize()} is {one} with `{names[0]}` and {other} with `{names[1]}`, a change of "
            f"{points(change)}, which may be noise."
        )
    smaller = "smaller" if change.value < 0 else "larger"
    return (
        f"With `{names[1]}` {gap} is {smaller}, {other} instead of {one}, a change of "
        f"{points(change)}, which is more than noise."
    )


def lead_words(names: Sequence[str], val: Sequence[Sequence[float]]) -> str:
    """Return which of two networks is ahead on the validation images in which epochs, in one sentence.

    Only the epochs that both have count.

    Examples
    --------
    >>> lead_words(["a", "b"], [[0.8, 0.85, 0.86], [0.6, 0.88, 0.9]])
    'On the validation images `b` is behind after epoch 1 (60.00 % against 80.00 %) and ahead from epoch 2
    on.'
    >>> lead_words(["a", "b"], [[0.8, 0.85], [0.9, 0.95]])
    'On the validation images `b` is ahead in each of the 2 epochs.'
    """
    one, other = (list(each[: min(map(len, val))]) for each in val)
    ahead = [b > a for a, b in zip(one, other, strict=True)]
    where = f"On the validation images `{names[1]}` is"
    if not any(ahead):
        return f"{where} never ahead."
    if all(ahead):
        return f"{where} ahead in {_each_of(len(ahead))}."
    if sorted(ahead) == ahead:
        first = f"behind after epoch 1 ({percent(other[0])} against {percent(one[0])})"
        return f"{where} {first} and ahead from epoch {ahead.index(True) + 1} on."
    end = "ahead" if ahead[-1] else "not ahead"
    return f"{where} ahead in {sum(ahead)} of {len(ahead)} epochs, and {end} at the end."


def _each_of(epochs: int) -> str:
    return f"each of the {epochs} epochs" if epochs > 1 else "the one epoch"


def _rises(values: Sequence[float]) -> bool:
    return len(values) > 1 and bool((np.diff(values) > 0).all())
