"""Memory addresses in instructions for the compiler."""

from __future__ import annotations

from typing import Any

from llvmlite import ir


def pointer(builder: Any, arguments: Any, kind: Any, size: int) -> Any:
    """Return the address ``offset`` times ``size`` bytes after ``start``."""
    start, offset = arguments[:2]
    place = builder.add(start, builder.mul(offset, ir.Constant(offset.type, size)))
    return builder.inttoptr(place, kind.as_pointer())
