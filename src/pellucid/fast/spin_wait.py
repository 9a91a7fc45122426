"""Spinning while waiting for the GIL, so that threads do not sleep.

A thread that leaves a compiled function needs the GIL. If another thread holds it, the system puts the first
to sleep and takes about thirty microseconds to wake it, often longer than the GIL was held. So threads that
compute together pass a token. A thread releases the token before it enters a compiled function and spins on
it briefly after leaving, so it usually finds the GIL free. This is purely an optimisation: after
``MOST_SPINS`` spins a thread acquires the GIL without the token.
"""

from __future__ import annotations

import ctypes
import platform
from typing import Any

import numba
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from pellucid.fast.addresses import pointer
from pellucid.fast.processors import LINE_OF_COUNTS

MOST_SPINS = 4_000  # after which a thread stops spinning: some hundred microseconds
TOKEN = LINE_OF_COUNTS  # 1 while a thread has the token
THREADS = 2 * LINE_OF_COUNTS  # number of threads that pass the token

INT64 = ir.IntType(64)
COUNTERS = "pellucid_counters"  # the symbol by which cached machine code refers to the counters

counters = (ctypes.c_int64 * (3 * LINE_OF_COUNTS))()
binding.add_symbol(COUNTERS, ctypes.addressof(counters))


# --- Within compiled functions ----------------------------------------------------------------------------


@numba.njit(forceinline=True)
def release_token() -> None:
    """Release the token, whichever thread has it."""
    _write(_start(), TOKEN, 0)


@numba.njit(forceinline=True)
def spin_for_token() -> None:
    """Spin briefly until no thread has the token, and take it."""
    start, spins = _start(), 0
    if read_after_pause(start, THREADS) == 0:
        return
    while spins < MOST_SPINS and not (
        read_after_pause(start, TOKEN) == 0 and _write_one_over_zero(start, TOKEN)
    ):
        spins += 1


@intrinsic
def read_after_pause(_context: Any, start: Any, offset: Any) -> Any:
    """Return the current int64 in memory at an offset, after a short pause."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if platform.machine().lower() in ("x86_64", "amd64"):
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
        return builder.load_atomic(pointer(builder, arguments, INT64, 8), ordering="acquire", align=8)

    return types.int64(types.intp, types.intp), codegen


@intrinsic
def count(_context: Any, start: Any, offset: Any) -> Any:
    """Atomically add 1 to the int64 at an offset."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.atomic_rmw("add", pointer(builder, arguments, INT64, 8), ir.Constant(INT64, 1), "release")
        return context.get_dummy_value()

    return types.none(types.intp, types.intp), codegen


@intrinsic
def _write(_context: Any, start: Any, offset: Any, number: Any) -> Any:
    """Atomically write an int64 to an offset."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[2], pointer(builder, arguments, INT64, 8), ordering="release", align=8)
        return context.get_dummy_value()

    return types.none(types.intp, types.intp, types.int64), codegen


@intrinsic
def _write_one_over_zero(_context: Any, start: Any, offset: Any) -> Any:
    """Atomically replace 0 by 1 at an offset; return whether this thread did."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero, one = ir.Constant(INT64, 0), ir.Constant(INT64, 1)
        swapped = builder.cmpxchg(pointer(builder, arguments, INT64, 8), zero, one, "acquire", "monotonic")
        return builder.extract_value(swapped, 1)

    return types.boolean(types.intp, types.intp), codegen


@intrinsic
def _start(_context: Any) -> Any:
    """Return the address of the counters."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        first = cgutils.add_global_variable(builder.module, INT64, COUNTERS)
        return builder.ptrtoint(first, INT64)

    return types.intp(), codegen
