"""How functions are compiled: to this processor's machine code, cached on disk, run without the GIL."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import extending
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache

from pellucid.core.terminal import fitted, in_notebook, is_terminal, progress_stream, say, tells
from pellucid.fast.spin_wait import release_token, spin_for_token

Function = TypeVar("Function", bound=Callable[..., Any])

# No option lets the compiler reorder sums, so a function gives the same bits every time.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "boundscheck": False}
# A file that mentions one of these may hold compiled functions.
MAKERS = b"llvmlite", b"numba", b"pellucid.fast.compiling"
COMPILING = "pellucid: compiling functions for this processor, which takes some seconds; "


def compiled(function: Function) -> Function:
    """Compile a function that Python calls, at its first call with arguments of some types.

    It releases the GIL, and passes a token: see :mod:`pellucid.fast.spin_wait`.
    """
    work = numba.njit(**OPTIONS)(function)

    def with_token(*arguments: Any) -> Any:
        release_token()
        result = work(*arguments)
        spin_for_token()
        return result

    return _kept(numba.njit(nogil=True, **OPTIONS)(with_token), function)


def subroutine(function: Function) -> Function:
    """Compile a function that several compiled functions call."""
    return _kept(numba.njit(**OPTIONS)(function), function)


def inlined(function: Function) -> Function:
    """Compile a function that is inlined where it is called."""
    return _kept(numba.njit(forceinline=True, **OPTIONS)(function), function)


def instruction(function: Callable[..., Any]) -> Any:
    """Make a function that emits LLVM instructions callable from compiled functions.

    It takes a context and the types of its arguments, and returns the signature and the code generator.
    """
    return extending.intrinsic(function)


# --- The cache of compiled functions ----------------------------------------------------------------------


def _kept(dispatcher: Any, function: Function) -> Function:
    """Cache the compiled code: beside the source, or else in the user's cache folder, or else not at all."""
    try:
        dispatcher._cache = _OnDisk(function)
    except (RuntimeError, OSError):  # Numba found no folder that it can write to
        dispatcher._cache = _Nowhere()
    kept: Function = dispatcher
    return kept


class _OnDisk(FunctionCache):
    """Numba's cache, with two differences.

    Numba recompiles a function when its own file has changed; ours also depend on functions in other files.
    And if a file cannot be read or written, for example on a full disk, the function still works.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp(), _stamp()
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code compiled for arguments of these types; None if it must be compiled."""
        found = None
        try:
            found = super().load_overload(sig, target_context)
        except OSError:
            pass
        except (EOFError, pickle.UnpicklingError):  # a file that was cut short
            with suppress(OSError):
                self.flush()
        if found is None:
            _tell_once("they are kept for later.")
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Cache the compiled code, if possible.

        Numba raises RuntimeError ("no compiled object yet") now and then, when several threads compile.
        """
        with suppress(OSError, RuntimeError):
            super().save_overload(sig, data)


class _Nowhere(NullCache):
    """No cache: compiled in every process."""

    def load_overload(self, sig: Any, target_context: Any) -> None:
        """Return nothing."""
        _tell_once("at every start, as there is no folder to keep them in (NUMBA_CACHE_DIR may name one).")


@cache
def _stamp() -> str:
    """Return a stamp that changes with any file from which functions are compiled."""
    stamp = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        text = path.read_bytes()
        if path.stem == "processors" or any(word in text for word in MAKERS):
            stamp.update(text)
    return stamp.hexdigest()


# --- Messages while compiling -----------------------------------------------------------------------------

_told = False


def _tell_once(how_often: str) -> None:
    """Explain the delay once: on a terminal, in a notebook, and in a file if what is being done is told."""
    global _told
    stream = progress_stream()
    if _told or stream is None or not (is_terminal(stream) or in_notebook() or tells()):
        return
    _told = True
    message = COMPILING + how_often
    with suppress(OSError):
        say(fitted(message, stream), stream)
