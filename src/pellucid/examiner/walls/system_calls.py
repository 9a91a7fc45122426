"""Functions of Linux's C library that Python does not offer."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from typing import Any

IS_LINUX = sys.platform.startswith("linux")
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_SUBREAPER, SET_NO_NEW_PRIVILEGES = 1, 4, 36, 38


@functools.cache
def _library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library; whole numbers are passed as long.

    Raises
    ------
    OSError
        When it fails, or this platform does not have it.
    """
    try:
        function = getattr(_library(), name)
    except (AttributeError, TypeError) as error:
        raise OSError(f"this platform has no {name}. Received: name={name!r}") from error
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    function.restype = ctypes.c_long
    result = int(function(*passed))
    if result & 0xFFFFFFFF == 0xFFFFFFFF:  # an int or a long of -1
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def process_control(option: int, value: int) -> bool:
    """Set an attribute of this process where Linux's prctl is; return whether it was set."""
    if not IS_LINUX:
        return False
    try:
        return call("prctl", option, value, 0, 0, 0) == 0
    except OSError:
        return False
