"""Checks of the arguments of ``fit``, ``evaluate`` and ``predict``."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.arguments import whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.engine.data import Data, classes_of
from pellucid.errors import ArgumentError
from pellucid.models.fitting import Schedule


def checked_schedule(
    x: Any, y: Any, batch_size: int | None, epochs: int, initial_epoch: int, *, shuffle: bool
) -> Schedule:
    """Return the number of epochs and the batch size, 32 by default."""
    if y is None:
        pair = isinstance(x, tuple | list) and len(x) == 2 and np.ndim(x[0]) > 1
        hint = ". x and y are two arguments: fit(x, y)" if pair else ""
        raise ArgumentError(f"fit needs labels. Received: y=None{hint}")
    return Schedule(
        32 if batch_size is None else whole_number("", "batch_size", batch_size),
        whole_number("", "epochs", epochs, least=0),
        whole_number("", "initial_epoch", initial_epoch, least=0),
        bool(shuffle),
    )


def warn_of_missing_classes(training: Data, validation: Data) -> None:
    """Warn when the last images, which ``validation_split`` takes, lack a class, as in sorted data."""
    known, measured = (set(classes_of(part.labels).tolist()) for part in (training, validation))
    lacking = sorted(known - measured)
    if lacking:
        explain_once(
            f"validation_split lacks {lacking}",
            f"validation_split takes the LAST images, before any shuffling, and these have none of class "
            f"{', '.join(map(str, lacking))}. Shuffle the images first, or give validation_data.",
        )


def checked_batch_size(batch_size: int | None) -> int | None:
    """Return the batch size; None leaves it to the engine."""
    return None if batch_size is None else whole_number("", "batch_size", batch_size)


def validation_parts(validation_data: Any) -> tuple[Any, Any, Any]:
    """Return (x, y, sample_weight) from ``validation_data``, whose sample_weight may be missing."""
    if not isinstance(validation_data, tuple | list) or len(validation_data) not in (2, 3):
        raise ArgumentError(
            "validation_data is (x, y) or (x, y, sample_weight), of arrays; generators and data loaders are "
            f"not taken. Received: validation_data of type {type(validation_data).__name__}"
        )
    x, y, *weights = validation_data
    return x, y, weights[0] if weights else None
