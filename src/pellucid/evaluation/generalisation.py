"""Generalisation, read off the curves: how far training and validation are apart, since when, and what helps.

Both must have been measured alike: after the epoch, weights frozen, dropout off (``train_loss`` and
``train_accuracy``). Keras's running mean (``loss``, ``accuracy``) is never used for it. The errors on new
images are the errors that the network makes on its own training images plus the gap; which of the two
dominates tells over- from under-fitting (A. Ng (2018), "Machine Learning Yearning", chapters 20-24: bias and
variance).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.evaluation import curve_answers
from pellucid.evaluation.checked_arrays import FloatArray, checked_count
from pellucid.evaluation.curve_answers import Convergence, Fit, MoreEpochs
from pellucid.evaluation.curves import gap, rose, series, trend
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
class LossCurve:
    """A loss over the epochs: its ``lowest`` and ``last`` value, and its ``trend`` per epoch at the end.

    ``rose`` says whether it ends above its lowest point by more than noise. ``trend`` and ``rose`` are None
    where there are too few epochs to tell.
    """

    lowest: float
    last: float
    trend: Estimate | None
    rose: bool | None


@dataclass(frozen=True)
class Generalisation:
    """What the curves say; :mod:`pellucid.evaluation.wording` puts it into words.

    ``end`` are the accuracies after the last epoch, None where they were not measured alike. ``opened`` is
    the epoch (from 1) from which on the gap's interval stays above zero, ``best_epoch`` the one of lowest
    validation loss; None where there is none or it cannot be told. ``kept`` is the epoch whose network was
    kept, and which ``end``, ``opened`` and ``fit`` are about; None: the last one. ``more_epochs`` says what
    they would do, ``converged`` whether the training loss stands still, ``fit`` is the verdict. Where nothing
    can be told, ``missing`` are the columns that the history lacks (none where a value is NaN or infinite),
    and ``running_mean`` says whether it has Keras's running mean instead.
    """

    epochs: int
    end: Accuracies | None = None
    opened: int | None = None
    best_epoch: int | None = None
    kept: int | None = None
    more_epochs: MoreEpochs = "cannot tell"
    converged: Convergence = "cannot tell"
    fit: Fit = "cannot tell"
    train_loss: LossCurve | None = None
    val_loss: LossCurve | None = None
    missing: tuple[str, ...] = ()
    running_mean: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the answers for JSON."""
        return {
            "epochs": self.epochs,
            "end": None if self.end is None else self.end.as_dict(),
            "opened": self.opened,
            "best_epoch": self.best_epoch,
            "more_epochs": self.more_epochs,
            "converged": self.converged,
            "fit": self.fit,
        }


def read_curves(
    history: Mapping[str, Sequence[float]], *, n_train: int, n_validation: int, kept: int | None = None
) -> Generalisation:
    """Read generalisation off a history.

    Parameters
    ----------
    history
        ``train_loss``, ``train_accuracy``, ``val_loss``, ``val_accuracy``, one value an epoch.
    n_train, n_validation
        On how many images training and validation accuracy were measured.
    kept
        The epoch (from 1) whose network was kept, as early stopping does; the last one by default.

    Raises
    ------
    ShapeError
        Columns of different lengths.
    ArgumentError
        Counts below 1.

    Examples
    --------
    >>> history = {
    ...     "train_loss": [0.30, 0.15, 0.08, 0.04, 0.02, 0.01, 0.005, 0.003],
    ...     "train_accuracy": [0.91, 0.95, 0.97, 0.985, 0.993, 0.997, 0.999, 0.9995],
    ...     "val_loss": [0.31, 0.17, 0.12, 0.11, 0.115, 0.125, 0.135, 0.145],
    ...     "val_accuracy": [0.908, 0.948, 0.963, 0.966, 0.967, 0.966, 0.967, 0.967],
    ... }
    >>> found = read_curves(history, n_train=12000, n_validation=12000)
    >>> found.fit, found.opened, found.best_epoch, found.more_epochs
    ('over', 3, 4, 'harm')
    """
    n_train, n_validation = checked_count(n_train, "n_train"), checked_count(n_validation, "n_validation")
    missing = tuple(name for name in MEASURED if not len(history.get(name, ())))
    if missing:
        epochs = max((len(column) for column in history.values()), default=0)
        return Generalisation(epochs, missing=missing, running_mean=len(history.get("accuracy", ())) > 0)
    train_loss, train_accuracy, val_loss, val_accuracy = series(history, *MEASURED)
    if not np.isfinite([train_loss, train_accuracy, val_loss, val_accuracy]).all():
        return Generalisation(len(val_loss))
    all_gaps = [gap(t, n_train, v, n_validation) for t, v in zip(train_accuracy, val_accuracy, strict=True)]
    gaps = all_gaps[:kept]
    end = len(gaps) - 1
    train = proportion(round(train_accuracy[end] * n_train), n_train)
    validation = proportion(round(val_accuracy[end] * n_validation), n_validation)
    return Generalisation(
        epochs=len(all_gaps),
        kept=kept,
        end=Accuracies(train, validation, gaps[-1]),
        opened=curve_answers.gap_open_since(gaps),
        best_epoch=int(val_loss.argmin()) + 1,
        more_epochs=curve_answers.more_epochs(val_loss),
        converged=curve_answers.convergence(train_loss),
        fit=curve_answers.fit(gaps[-1], train, validation, rose(val_loss[:kept])),
        train_loss=_loss_curve(train_loss),
        val_loss=_loss_curve(val_loss, kept),
    )


def _loss_curve(losses: FloatArray, kept: int | None = None) -> LossCurve:
    return LossCurve(float(losses.min()), float(losses[-1]), trend(losses), rose(losses[:kept]))
