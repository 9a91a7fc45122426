"""Waiting for another thread for a moment without going to sleep.

To put a thread to sleep and wake it up takes the system some fifty microseconds, as long as a small network's
whole share of a step. So a thread that will soon be needed looks at a number in memory, over and over and
without Python's lock, until another thread changes it; after a while it gives up, and sleeps after all.
"""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from pellucid.fast.compiled.compiling import instruction, kernel, part
from pellucid.fast.compiled.vectors import start_of

LOOKS = 4_000  # some hundred microseconds


@instruction
def _look(_context: Any, start: Any, offset: Any) -> Any:  # noqa: ARG001 - the signature that Numba wants
    """Return the int64 at an offset as it is in memory now, after a short pause."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        if platform.machine().lower() in ("x86_64", "amd64"):
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
        return builder.load_atomic(_pointer(builder, arguments), ordering="acquire", align=8)

    return types.int64(types.intp, types.intp), codegen


def _pointer(builder: Any, arguments: Any) -> Any:
    start, offset = arguments
    place = builder.add(start, builder.mul(offset, ir.Constant(offset.type, 8)))
    return builder.inttoptr(place, ir.IntType(64).as_pointer())


@instruction
def _count(_context: Any, start: Any, offset: Any) -> Any:  # noqa: ARG001
    """Add 1 to the int64 at an offset, for other threads to see."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        builder.atomic_rmw("add", _pointer(builder, arguments), ir.Constant(ir.IntType(64), 1), "release")
        return context.get_dummy_value()

    return types.none(types.intp, types.intp), codegen


@part
def _changes(start: Any, place: Any, value: Any) -> bool:
    looks = 0
    while looks < LOOKS and _look(start, place) == value:
        looks += 1
    return looks < LOOKS


@kernel
def wait_while(board: Any, place: Any, value: Any) -> bool:
    """Wait while ``board[place]`` (int64) is ``value``, but not for long; return whether it changed."""
    start = start_of(board)
    return _changes(start, place, value)


@kernel
def count_and_wait_while(board: Any, own: Any, place: Any, value: Any) -> bool:
    """Add 1 to ``board[own]``, then wait while ``board[place]`` is ``value``.

    Who sees the one counted needs Python's lock next, and would go to sleep if it were not free yet.
    """
    start = start_of(board)
    _count(start, own)
    return _changes(start, place, value)
