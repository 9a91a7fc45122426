"""Generalisation, read off the curves: how far training and validation are apart, since when, and what helps.

Both must have been measured alike: after the epoch, weights frozen, dropout off (``train_loss`` and
``train_accuracy``). Keras's running mean (``loss``, ``accuracy``) is never used for it. The errors on new
images are the errors that the network makes on its own training images plus the gap; which of the two
dominates tells over- from under-fitting (A. Ng (2018), "Machine Learning Yearning", chapters 20-24: bias and
variance). Every sentence is made from estimates; where they do not tell, the sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.evaluation import readings
from pellucid.evaluation.checks import checked_count
from pellucid.evaluation.comparison import mirrored, points_text
from pellucid.evaluation.curves import difference, gap, rose, series
from pellucid.evaluation.intervals import Estimate, proportion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEASURED = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class Accuracies:
    """Training and validation accuracy, measured alike, and the first minus the second."""

    train: Estimate
    validation: Estimate
    gap: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return the three estimates for JSON."""
        return {
            "train": self.train.as_dict(),
            "validation": self.validation.as_dict(),
            "gap": self.gap.as_dict(),
        }


@dataclass(frozen=True)
class Generalisation:
    """What the curves say; ``sentences`` say it with the evidence.

    ``end`` are the accuracies after the last epoch, None where they were not measured alike. ``opened`` is
    the epoch (from 1) from which on the gap's interval stays above zero, ``best_epoch`` the one of lowest
    validation loss; None where there is none or it cannot be told. ``more_epochs`` says what they would do,
    ``converged`` whether the training loss stands still, ``fit`` is the verdict.
    """

    epochs: int
    end: Accuracies | None
    opened: int | None
    best_epoch: int | None
    more_epochs: readings.Epochs
    converged: readings.Answer
    fit: readings.Fit
    sentences: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "epochs": self.epochs,
            "end": None if self.end is None else self.end.as_dict(),
            "opened": self.opened,
            "best_epoch": self.best_epoch,
            "more_epochs": self.more_epochs,
            "converged": self.converged,
            "fit": self.fit,
            "sentences": list(self.sentences),
        }


def read_curves(history: Mapping[str, Sequence[float]], *, n_train: int, n_validation: int) -> Generalisation:
    """Read generalisation off a history.

    Parameters
    ----------
    history
        ``train_loss``, ``train_accuracy``, ``val_loss``, ``val_accuracy``, one value an epoch.
    n_train, n_validation
        On how many images training and validation accuracy were measured.

    Raises
    ------
    ShapeError
        Columns of different lengths.
    ArgumentError
        Counts below 1.

    >>> history = {
    ...     "train_loss": [0.30, 0.15, 0.08, 0.04, 0.02, 0.01, 0.005, 0.003],
    ...     "train_accuracy": [0.91, 0.95, 0.97, 0.985, 0.993, 0.997, 0.999, 0.9995],
    ...     "val_loss": [0.31, 0.17, 0.12, 0.11, 0.115, 0.125, 0.135, 0.145],
    ...     "val_accuracy": [0.908, 0.948, 0.963, 0.966, 0.967, 0.966, 0.967, 0.967],
    ... }
    >>> reading = read_curves(history, n_train=12000, n_validation=12000)
    >>> reading.fit, reading.opened, reading.best_epoch, reading.more_epochs
    ('over', 3, 4, 'harm')
    >>> print(reading.sentences[1])
    The gap is open since epoch 3: from there on its 95 % interval stays above zero.
    """
    n_train, n_validation = checked_count(n_train, "n_train"), checked_count(n_validation, "n_validation")
    missing = [name for name in MEASURED if not len(history.get(name, ()))]
    if missing:
        return _not_measured_alike(history, missing)
    train_loss, train_accuracy, val_loss, val_accuracy = series(history, *MEASURED)
    if not np.isfinite([train_loss, train_accuracy, val_loss, val_accuracy]).all():
        return _cannot_tell(len(val_loss), "The history holds NaN or infinity: training broke down.")
    gaps = [gap(t, n_train, v, n_validation) for t, v in zip(train_accuracy, val_accuracy, strict=True)]
    train = proportion(round(train_accuracy[-1] * n_train), n_train)
    validation = proportion(round(val_accuracy[-1] * n_validation), n_validation)
    has_risen = rose(val_loss)
    standing = (
        f"After epoch {len(gaps)} the network reads {100 * train.value:.2f} % of {n_train:,} training and "
        f"{100 * validation.value:.2f} % of {n_validation:,} validation images right, both measured alike: "
        f"a gap of {points_text(gaps[-1])}."
    )
    opened, opened_sentence = readings.since_when(gaps)
    best_epoch, best_sentence = readings.best(val_loss, has_risen)
    more, more_sentence = readings.more_epochs(val_loss)
    converged, converged_sentence = readings.convergence(train_loss)
    fit, fit_sentence = readings.fit(gaps[-1], train, validation, has_risen)
    told = (standing, opened_sentence, best_sentence, more_sentence, converged_sentence, fit_sentence)
    end = Accuracies(train, validation, gaps[-1])
    return Generalisation(len(gaps), end, opened, best_epoch, more, converged, fit, told)


def what_changed(name_a: str, a: Generalisation, name_b: str, b: Generalisation) -> str:
    """Say what run b (with dropout, say) changed in generalisation against run a (without).

    The two gaps are taken as independent, which on the same images makes the interval too wide rather than
    too narrow.

    >>> def history(train, validation):
    ...     columns = {"train_accuracy": train, "val_accuracy": validation, "train_loss": 1, "val_loss": 1}
    ...     return {name: [value] for name, value in columns.items()}
    >>> plain, dropout = (
    ...     read_curves(history(*accuracies), n_train=12000, n_validation=12000)
    ...     for accuracies in [(0.998, 0.983), (0.992, 0.989)]
    ... )
    >>> print(what_changed("plain", plain, "dropout", dropout))
    The gap of dropout is 0.3 points (0.1 to 0.5), that of plain 1.5 points (1.3 to 1.8): smaller by 1.2
    points (0.9 to 1.6). Validation accuracy went from 98.30 to 98.90 %, training accuracy from 99.80 to
    99.20 %.
    """
    before, after = a.end, b.end
    if before is None or after is None:
        unmeasured = name_a if before is None else name_b
        return (
            f"What changed between {name_a} and {name_b} cannot be told: {unmeasured} has no training and "
            "validation accuracy measured alike."
        )
    change = difference(after.gap, before.gap)
    if change.low > 0:
        verdict = f"larger by {points_text(change)}"
    elif change.high < 0:
        verdict = f"smaller by {points_text(mirrored(change))}"
    else:
        verdict = f"a change of {points_text(change)}, which may be noise"
    validation = f"{100 * before.validation.value:.2f} to {100 * after.validation.value:.2f} %"
    training = f"{100 * before.train.value:.2f} to {100 * after.train.value:.2f} %"
    return (
        f"The gap of {name_b} is {points_text(after.gap)}, that of {name_a} {points_text(before.gap)}: "
        f"{verdict}. Validation accuracy went from {validation}, training accuracy from {training}."
    )


def _not_measured_alike(history: Mapping[str, Sequence[float]], missing: list[str]) -> Generalisation:
    reason = f"Generalisation cannot be read off this history: it has no {', '.join(missing)}."
    if len(history.get("accuracy", ())):
        reason += (
            " Its accuracy is a running mean over the epoch, with dropout on and the weights still moving, "
            "and cannot be set against a validation accuracy measured after the epoch."
        )
    return _cannot_tell(max((len(column) for column in history.values()), default=0), reason)


def _cannot_tell(epochs: int, reason: str) -> Generalisation:
    return Generalisation(
        epochs, None, None, None, "cannot tell", "cannot tell", "cannot tell", sentences=(reason,)
    )
