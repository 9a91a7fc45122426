"""Keras's small helpers: one-hot labels, the global seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.keras.modules import lacking
from pellucid.utils.categorical import to_categorical
from pellucid.utils.seeds import set_random_seed

__all__ = ["set_random_seed", "to_categorical"]

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
