"""Annotations of the arguments of compiled functions, for readers; Numba infers the types from the calls."""

from __future__ import annotations

from typing import Any, TypeAlias

Address: TypeAlias = int  # of an array's first element; 0 if there is none
Count: TypeAlias = int  # in elements, not bytes: offsets, strides, sizes, counts
Vector: TypeAlias = Any  # as many float32 as there are lanes; unknown to mypy
Vectors: TypeAlias = Any  # a tuple of vectors, or of rows of them
