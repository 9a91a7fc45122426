"""What is trained on what, as far as it is known: where pitfalls are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pellucid.datasets.splits import ValidationSource


@dataclass(frozen=True, kw_only=True)
class TrainingSetup:
    """A training as it is declared; what is None or empty is not looked at.

    Attributes
    ----------
    layers
        Serialised, ``{"class_name": …, "config": {…}}``.
    loss
        A name, or serialised in the same way.
    optimizer, learning_rate
        The optimizer's class, and its learning rate where that is a number.
    batch_size, training_images
        Their numbers.
    classes
        Their names.
    validation, validation_share
        Where the validation images come from, and which share of the training images they are.
    """

    layers: Sequence[Mapping[str, Any]] = ()
    loss: str | Mapping[str, Any] | None = None
    optimizer: str | None = None
    learning_rate: Any = None
    batch_size: int | None = None
    training_images: int | None = None
    classes: Sequence[str] | None = None
    validation: ValidationSource | None = None
    validation_share: float | None = None
