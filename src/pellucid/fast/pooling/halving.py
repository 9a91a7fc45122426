"""The pooling that fast forms can compute: adjacent 2×2 windows."""

from __future__ import annotations

from typing import Any


def halves(pooling: Any) -> bool:
    """Return whether this is max pooling with adjacent 2×2 windows, which fit into 4×4 tiles."""
    return bool(pooling.pool_size == pooling.strides == (2, 2) and pooling.padding == "valid")
