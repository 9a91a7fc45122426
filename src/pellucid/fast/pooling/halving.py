"""Which pooling fast forms can compute: 2×2 windows side by side."""

from __future__ import annotations

from typing import Any


def halves(pooling: Any) -> bool:
    """Return whether max pooling is of 2×2 windows side by side, which 4×4 tiles hold whole."""
    return bool(pooling.pool_size == pooling.strides == (2, 2) and pooling.padding == "valid")
