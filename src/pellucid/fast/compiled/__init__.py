"""Fast forms compiled by Numba, where it is installed (``pip install pellucid[fast]``).

NumPy makes a pass over memory for every operation; a compiled kernel does all that is to be done to a value
while it is in a register, and lets go of Python's lock meanwhile. What is done is the same as in the NumPy
forms beside this folder, to rounding. The products of matrices of dense layers stay NumPy's: its library does
them as fast as the processor can.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec

from pellucid.old_spellings import explain_once

COMPILED = "PELLUCID_COMPILED"  # environment variable: 0 does without
LANES = 16  # kernels compute so many channels at a time


def available() -> bool:
    """Return whether Numba is there, and the environment variable PELLUCID_COMPILED is not 0."""
    return os.environ.get(COMPILED, "1") not in ("", "0") and _numba_is_there()


@cache
def _numba_is_there() -> bool:
    if find_spec("numba") is None:
        return False
    try:
        import numba
    except Exception as error:
        # most commonly: it is older than the NumPy beside it, and refuses
        explain_once(
            "numba",
            f"Numba is installed, but cannot be imported ({error}): pellucid works without compiled kernels, "
            "and more slowly. A newer Numba may do; PELLUCID_COMPILED=0 leaves it alone.",
        )
        return False
    return not numba.config.DISABLE_JIT


def takes(*channels: int) -> bool:
    """Return whether there are compiled kernels, and they can do so many channels."""
    return all(number % LANES == 0 for number in channels) and available()
