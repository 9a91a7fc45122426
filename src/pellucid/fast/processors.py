"""The processor's vector widths and cache sizes that fast functions assume, in one table.

All sizes are shares that worked well, not data-sheet values: several arrays and several threads share a
cache. They were measured on x86-64 processors with AVX-512 and AVX2. On a processor with shorter vectors the
compiler splits each vector of sixteen into two or four registers.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass


@dataclass(frozen=True)
class VectorShape:
    """The vector width and the cache sizes of a kind of processor.

    Attributes
    ----------
    lanes
        Number of float32 values in a vector.
    cache_line
        Size of a cache line, in bytes.
    nearest_cache, core_cache, dense_cache, thread_cache
        Bytes of working data that fit in the first-level cache; in a core's own cache, for Winograd's
        convolution and for a dense layer's weights; and in a thread's share of the caches, for NumPy's loops.
    """

    lanes: int = 16
    cache_line: int = 64
    nearest_cache: int = 8 << 10
    core_cache: int = 512 << 10
    dense_cache: int = 256 << 10
    thread_cache: int = 3 << 20

    def filled_up(self, number: int) -> int:
        """Return a number rounded up to a multiple of the lanes.

        Examples
        --------
        >>> VectorShape().filled_up(10), VectorShape().filled_up(32)
        (16, 32)
        """
        return -(-number // self.lanes) * self.lanes

    def whole(self, *numbers: int) -> bool:
        """Return whether each number fills vectors exactly.

        Examples
        --------
        >>> VectorShape().whole(16, 48), VectorShape().whole(16, 8)
        (True, False)
        """
        return all(number % self.lanes == 0 for number in numbers)


PROCESSORS = {
    "x86_64": VectorShape(),
    "amd64": VectorShape(),
    "aarch64": VectorShape(),
    "arm64": VectorShape(),
}
SHAPE = PROCESSORS.get(platform.machine().lower(), VectorShape())

FLOAT = 4  # bytes of a float32
LANES = SHAPE.lanes
LINE_OF_COUNTS = SHAPE.cache_line // 8  # int64 counters this far apart are in separate cache lines
