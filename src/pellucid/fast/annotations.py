"""What the arguments of compiled functions are, for readers; Numba takes the types from the calls."""

from __future__ import annotations

from typing import Any, TypeAlias

Address: TypeAlias = int  # of the first element of an array; 0 where there is none
Count: TypeAlias = int  # of elements, not bytes: offsets, distances, sizes, numbers of things
Vector: TypeAlias = Any  # as many float32 as the processor's lanes, which mypy knows nothing of
Vectors: TypeAlias = Any  # a tuple of vectors, or of rows of them
