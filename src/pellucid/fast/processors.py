"""What fast functions assume of a processor: the one table of vector widths and cache sizes.

All sizes are shares that worked well, not what data sheets say: several arrays and several threads live in
the same cache. They were measured on x86-64 processors with AVX-512 and AVX2. On a processor with shorter
vectors the compiler splits each vector of sixteen into two or four registers.
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
        How many float32 a vector has.
    cache_line
        Bytes that the processor reads at a time.
    nearest_cache, core_cache, dense_cache, thread_cache
        Bytes of working data that stay in the first-level cache; in a core's own cache, for Winograd's
        convolution and for a dense layer's weights; and in what a thread has of the caches in NumPy's loops.
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
LINE_OF_COUNTS = SHAPE.cache_line // 8  # int64 counters that far apart lie in cache lines of their own
