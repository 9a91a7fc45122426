"""Small helpers, under Keras's name for the place."""

from __future__ import annotations

from pellucid.utils.categorical import to_categorical
from pellucid.utils.seeds import set_random_seed

__all__ = ["set_random_seed", "to_categorical"]
