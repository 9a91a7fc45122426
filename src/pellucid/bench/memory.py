"""The peak memory of this process."""

from __future__ import annotations

import sys
from pathlib import Path


def peak_bytes() -> int | None:
    """Return the largest resident size of this process so far; None where the system does not report it.

    On Linux it is read from /proc, because ``getrusage`` there includes the peak of the parent process.

    Examples
    --------
    >>> peak = peak_bytes()
    >>> peak is None or peak > 1_000_000
    True
    """
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak
