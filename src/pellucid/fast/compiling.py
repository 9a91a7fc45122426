"""How functions are compiled: to machine code of this processor, kept on disk, run without Python's lock."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import extending
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache

from pellucid.fast.spin_wait import release_token, spin_for_token

Function = TypeVar("Function", bound=Callable[..., Any])

# No option that lets the compiler change the order of sums: so a function gives the same bits every time.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "boundscheck": False}
MAKERS = b"llvmlite", b"numba", b"pellucid.fast.compiling"  # a file that mentions one may be compiled
COMPILING = "pellucid: compiling functions for this processor, which takes some seconds, "


def compiled(function: Function) -> Function:
    """Compile what is called from Python, when it is first called with arguments of some types.

    It runs without Python's lock, and passes a token: see :mod:`pellucid.fast.spin_wait`.
    """
    work = numba.njit(**OPTIONS)(function)

    def with_token(*arguments: Any) -> Any:
        release_token()
        result = work(*arguments)
        spin_for_token()
        return result

    return _kept(numba.njit(nogil=True, **OPTIONS)(with_token), function)


def subroutine(function: Function) -> Function:
    """Compile what several compiled functions call."""
    return _kept(numba.njit(**OPTIONS)(function), function)


def inlined(function: Function) -> Function:
    """Compile what other functions are made of, to stand where it is called."""
    return _kept(numba.njit(forceinline=True, **OPTIONS)(function), function)


def instruction(function: Callable[..., Any]) -> Any:
    """Make a function that writes instructions for the compiler callable from compiled functions.

    It takes a context and the types of its arguments, and returns the signature and what writes the code.
    """
    return extending.intrinsic(function)


# --- What was compiled is kept ----------------------------------------------------------------------------


def _kept(dispatcher: Any, function: Function) -> Function:
    """Keep what is compiled: beside the source, or else among the user's cached files, or else not at all."""
    try:
        dispatcher._cache = _OnDisk(function)
    except (RuntimeError, OSError):  # Numba found no folder that it may write to
        dispatcher._cache = _Nowhere()
    kept: Function = dispatcher
    return kept


class _OnDisk(FunctionCache):
    """Numba's cache, but for two things.

    Numba compiles a function anew when its file has changed; ours are made of functions in other files.
    And where a file cannot be read or written, for a full disk say, the function works all the same.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp(), _stamp()
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for arguments of these types; None where it is to be compiled."""
        found = None
        try:
            found = super().load_overload(sig, target_context)
        except OSError:
            pass
        except (EOFError, pickle.UnpicklingError):  # a file that was cut short
            with suppress(OSError):
                self.flush()
        if found is None:
            _tell_once("once.")
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, if that can be."""
        with suppress(OSError):
            super().save_overload(sig, data)


class _Nowhere(NullCache):
    """No cache: compiled in every process."""

    def load_overload(self, sig: Any, target_context: Any) -> None:
        """Return nothing."""
        _tell_once("at every start: there is no folder to keep them in (NUMBA_CACHE_DIR may name one).")


@cache
def _stamp() -> str:
    """Return what changes whenever a file does that compiled functions are made from."""
    stamp = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        text = path.read_bytes()
        if path.stem == "processors" or any(word in text for word in MAKERS):
            stamp.update(text)
    return stamp.hexdigest()


# --- Who waits is told ------------------------------------------------------------------------------------

_told = False


def _tell_once(how_often: str) -> None:
    """Say on the terminal, or in the notebook, why nothing happens for a while; in a file nobody waits."""
    global _told
    stream = sys.stderr
    if _told or stream is None or not (stream.isatty() or "ipykernel" in sys.modules):
        return
    _told = True
    with suppress(OSError):
        # over a live line of progress, if there is one
        stream.write(("\r" if stream.isatty() else "") + f"{COMPILING + how_often:<79}\n")
        stream.flush()
