"""Whether Numba is there (``pip install pellucid[fast]``), which compiles the functions in ``compiled_*.py``.

NumPy makes a pass over memory for every operation; a compiled function does all that is to be done to a value
while it is in a register, and releases Python's lock meanwhile. The results are the same, to rounding.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.util import find_spec

from pellucid.core.old_spellings import explain_once


@cache
def available() -> bool:
    """Return whether Numba is there, can be imported, and is not told to leave compiling alone."""
    if find_spec("numba") is None:
        return False
    global _loading
    loading = _loading = _loading or _Loading()
    loading.thread.join()
    if loading.error is not None:  # most commonly: it is older than the NumPy beside it, and refuses
        explain_once(
            "numba",
            f"Numba is installed, but cannot be imported ({loading.error}): pellucid works without compiled "
            "functions, and more slowly. A newer Numba may do; PELLUCID_ENGINE=numpy leaves it alone.",
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
