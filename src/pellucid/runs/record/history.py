"""``history.json``: a list with an entry for each epoch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from pellucid.errors import ArgumentError
from pellucid.runs.record.json_form import from_json


@dataclass(frozen=True, kw_only=True)
class EpochRecord:
    """Measurements of one epoch; None means "not measured", NaN "not a finite number".

    Attributes
    ----------
    epoch
        Counted from 1.
    loss, accuracy
        Running means over the epoch's training, with dropout on.
    val_loss, val_accuracy
        Measured on the validation images after the epoch, with dropout off.
    train_loss, train_accuracy
        Measured in the same way on a sample of the training images.
    seconds
        Time of training, without the measurements.
    learning_rate
        Learning rate after the epoch.
    """

    epoch: int
    loss: float | None = None
    accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    train_loss: float | None = None
    train_accuracy: float | None = None
    seconds: float | None = None
    learning_rate: float | None = None


QUANTITIES = tuple(field.name for field in fields(EpochRecord) if field.name != "epoch")


@dataclass(frozen=True)
class History:
    """The epochs of a run, in order.

    Raises
    ------
    ArgumentError
        The epochs are not 1, 2, 3, ….

    Examples
    --------
    >>> history = History.of([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 0.5}])
    >>> history.column("loss"), history.whole_columns()
    ([0.5, 0.25], {'loss': [0.5, 0.25]})
    >>> history.measured("val_loss"), len(history)
    (True, 2)
    """

    epochs: tuple[EpochRecord, ...] = ()

    def __post_init__(self) -> None:
        numbers = [one.epoch for one in self.epochs]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ArgumentError(
                "A history has the epochs 1, 2, 3, … in order: number them from 1. "
                f"Received: epochs={numbers}"
            )

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, float | None]]) -> History:
        """Return the history from rows, one mapping per epoch."""
        return cls(tuple(from_json(EpochRecord, row, f"[{i}]") for i, row in enumerate(rows)))

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[EpochRecord]:
        return iter(self.epochs)

    def __getitem__(self, index: int) -> EpochRecord:
        return self.epochs[index]

    def and_then(self, epoch: EpochRecord) -> History:
        """Return the history with one more epoch appended."""
        return History((*self.epochs, epoch))

    def measured(self, *quantities: str) -> bool:
        """Return whether any epoch has any of these quantities."""
        return any(getattr(one, quantity) is not None for one in self.epochs for quantity in quantities)

    def column(self, quantity: str) -> list[float]:
        """Return a quantity epoch by epoch, NaN where it was not measured."""
        values = (getattr(one, quantity) for one in self.epochs)
        return [math.nan if value is None else float(value) for value in values]

    def columns(self) -> dict[str, list[float]]:
        """Return the quantities that were measured, by name."""
        return {name: self.column(name) for name in QUANTITIES if self.measured(name)}

    @property
    def history(self) -> dict[str, list[float]]:
        """The columns, under the attribute name of Keras's ``History``, so that plots take either."""
        return self.columns()

    def whole_columns(self) -> dict[str, list[float]]:
        """Return the quantities that were measured in every epoch, by name."""
        whole = [name for name in QUANTITIES if all(getattr(one, name) is not None for one in self.epochs)]
        return {name: self.column(name) for name in whole} if self.epochs else {}
