"""Fast forms compiled by Numba, where it is installed (``pip install pellucid[fast]``).

NumPy makes a pass over memory for every operation; a compiled kernel does all that is to be done to a value
while it is in a register, and lets go of Python's lock meanwhile. What is done is the same as in the NumPy
forms beside this folder, to rounding.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from importlib.util import find_spec

from pellucid.core.old_spellings import explain_once

COMPILED = "PELLUCID_COMPILED"  # environment variable: 0 does without


def available() -> bool:
    """Return whether Numba is there, and the environment variable PELLUCID_COMPILED is not 0."""
    return os.environ.get(COMPILED, "1") not in ("", "0") and _numba_is_there()


@cache
def _numba_is_there() -> bool:
    if find_spec("numba") is None:
        return False
    global _loading
    loading = _loading = _loading or _Loading()
    loading.thread.join()
    if loading.error is not None:  # most commonly: it is older than the NumPy beside it, and refuses
        explain_once(
            "numba",
            f"Numba is installed, but cannot be imported ({loading.error}): pellucid works without compiled "
            "kernels, and more slowly. A newer Numba may do; PELLUCID_COMPILED=0 leaves it alone.",
        )
        return False
    import numba

    return not numba.config.DISABLE_JIT


class _Loading:
    """A thread that imports Numba and makes it ready.

    Ctrl-C halfway through would leave Numba broken until the program ends; and it comes to the main thread
    only, which can stop waiting.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._load, name="loading Numba", daemon=True)
        self.thread.start()

    def _load(self) -> None:
        try:
            import numba  # noqa: F401 - whether it can be imported is the question
            from numba.core.compiler_lock import global_compiler_lock
            from numba.core.registry import cpu_target

            from pellucid.fast import vectors  # noqa: F401 - it teaches Numba what a vector is

            with global_compiler_lock:
                cpu_target.typing_context.refresh()
                cpu_target.target_context.refresh()
        except Exception as error:
            self.error = error


_loading: _Loading | None = None
