"""Whether Numba, which compiles the functions in ``compiled_*.py``, is available (``pellucid[fast]``).

NumPy makes a pass over memory for every operation. A compiled function does everything to a value while it is
in a register, and releases the GIL meanwhile. The results are the same, up to rounding.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pellucid.core.old_spellings import explain_once


@cache
def available() -> bool:
    """Return whether Numba is installed, can be imported and compile, and is not disabled by the settings."""
    if find_spec("numba") is None or not _has_working_folder():
        return False
    global _loading
    loading = _loading = _loading or _Loading()
    loading.thread.join()
    if loading.error is not None:  # usually because it is too old for the installed NumPy
        explain_once(
            "numba",
            f"Numba is installed, but cannot be imported ({loading.error}): pellucid works without compiled "
            "functions, and more slowly. A newer Numba may help; PELLUCID_ENGINE=numpy does not use it.",
        )
        return False
    import numba

    return not numba.config.DISABLE_JIT


def _has_working_folder() -> bool:
    """Return whether the working folder exists: Numba cannot compile without one."""
    try:
        Path.cwd()
    except OSError as error:
        explain_once(
            "working folder",
            f"The working folder cannot be read ({error.strerror}), and Numba compiles only in one: pellucid "
            "works without compiled functions, and more slowly. Change to a folder that exists.",
        )
        return False
    return True


class _Loading:
    """A thread that imports Numba and registers the vector types.

    Ctrl-C halfway through an import would leave Numba broken until the program ends; but it is delivered only
    to the main thread, which just stops waiting.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._load, name="loading Numba", daemon=True)
        self.thread.start()

    def _load(self) -> None:
        try:
            import numba  # noqa: F401 - only checks that it can be imported
            from numba.core.compiler_lock import global_compiler_lock
            from numba.core.registry import cpu_target

            from pellucid.fast import vectors  # noqa: F401 - registers the vector types with Numba

            with global_compiler_lock:
                cpu_target.typing_context.refresh()
                cpu_target.target_context.refresh()
        except Exception as error:
            self.error = error


_loading: _Loading | None = None
