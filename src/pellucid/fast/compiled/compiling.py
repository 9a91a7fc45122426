"""How kernels are compiled: to machine code of this processor, kept on disk, run without Python's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba import extending

Function = TypeVar("Function", bound=Callable[..., Any])

# No option that lets the compiler change the order of sums: so a kernel gives the same bits every time.
OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "boundscheck": False}


def kernel(function: Function) -> Function:
    """Compile what is called from Python, when it is first called with arguments of some types."""
    compiled: Function = numba.njit(nogil=True, **OPTIONS)(function)
    return compiled


def part(function: Function) -> Function:
    """Compile what kernels are made of, to stand where it is called."""
    compiled: Function = numba.njit(forceinline=True, **OPTIONS)(function)
    return compiled


def instruction(function: Callable[..., Any]) -> Any:
    """Make a function that writes instructions for the compiler callable from kernels.

    It takes a context and the types of its arguments, and returns the signature and what writes the code.
    """
    return extending.intrinsic(function)
