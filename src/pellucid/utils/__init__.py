"""Keras's small helpers: one-hot labels, the global seed."""

from __future__ import annotations

from pellucid.utils.categorical import to_categorical
from pellucid.utils.seeds import set_random_seed

__all__ = ["set_random_seed", "to_categorical"]
