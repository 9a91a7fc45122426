"""How kernels are compiled: to machine code of this processor, kept on disk, run without Python's lock."""

from __future__ import annotations

from typing import Any

from numba import njit

# No option that lets the compiler change the order of sums: so a kernel gives the same bits every time.
_options: dict[str, Any] = {"cache": True, "error_model": "numpy", "boundscheck": False}

kernel: Any = njit(nogil=True, **_options)  # what is called from Python
part: Any = njit(forceinline=True, **_options)  # what kernels are made of
