"""Threads that share out the pieces of a batch, each with one BLAS thread.

NumPy lets go of Python's lock inside its matrix products and elementwise loops, so plain threads work side by
side. A product split among the BLAS library's own threads would leave all that lies between two products to
one thread, and its bits could depend on how many there are; so the library is held to one thread, and pieces
go to our own.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from pellucid.errors import ArgumentError

ENVIRONMENT_VARIABLE = "PELLUCID_THREADS"


def default_threads() -> int:
    """Return how many threads a network works with when not told: PELLUCID_THREADS, or the CPUs it may use.

    Raises
    ------
    ArgumentError
        When PELLUCID_THREADS is not a whole number of at least 1.
    """
    asked = os.environ.get(ENVIRONMENT_VARIABLE)
    if asked is not None:
        return checked_threads(int(asked) if asked.strip().isdecimal() else asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_threads(threads: Any) -> int:
    """Return the number of threads asked for (None: the default), or raise ArgumentError."""
    if threads is None:
        return default_threads()
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ArgumentError(f"threads is a whole number of at least 1. Received: threads={threads!r}")
    return threads


class Workers:
    """A team of threads; the caller's own is one of them.

    Use it as a context: within it, the BLAS library is held to one thread.

    >>> squares = [0] * 5
    >>> def square(number):
    ...     squares[number] = number**2
    >>> with Workers(2) as workers:
    ...     workers.run(square, 5)
    >>> squares
    [0, 1, 4, 9, 16]
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = checked_threads(threads)
        self._helpers: list[_Helper] = []

    def run(self, task: Callable[[int], None], count: int) -> None:
        """Call ``task`` with 0 … count - 1, each once, on whichever thread is free; return when all are done.

        If a task raises, the others still finish, and the first exception is raised here.
        """
        share = _Share(task, count)
        helpers = self._helpers[: count - 1]
        for helper in helpers:
            helper.start_on(share)
        share.work()
        for helper in helpers:
            helper.wait()
        if share.error is not None:
            raise share.error

    def __enter__(self) -> Workers:
        self._blas = one_blas_thread()
        self._blas.__enter__()
        self._helpers = [_Helper(number) for number in range(1, self.threads)]
        return self

    def __exit__(self, *exception: object) -> None:
        for helper in self._helpers:
            helper.stop()
        self._helpers = []
        self._blas.__exit__(None, None, None)


class _Share:
    """One task for many numbers, from which any thread may take the next number."""

    def __init__(self, task: Callable[[int], None], count: int) -> None:
        self.task = task
        self.numbers = iter(range(count))  # next() on it is one step under Python's lock
        self.error: BaseException | None = None

    def work(self) -> None:
        import numpy as np

        try:
            # warnings of overflow would come from any thread at any time; who trains looks at the loss
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                for number in self.numbers:
                    self.task(number)
        except BaseException as error:
            self.error = self.error or error


class _Helper:
    """One thread that waits for a share, works on it, and says when it is done."""

    def __init__(self, number: int) -> None:
        self._share: _Share | None = None
        self._begin = threading.Lock()
        self._begin.acquire()
        self._done = threading.Lock()
        self._done.acquire()
        threading.Thread(target=self._loop, name=f"pellucid-{number}", daemon=True).start()

    def start_on(self, share: _Share) -> None:
        self._share = share
        self._begin.release()

    def wait(self) -> None:
        self._done.acquire()

    def stop(self) -> None:
        self._share = None
        self._begin.release()

    def _loop(self) -> None:
        while True:
            self._begin.acquire()
            share = self._share
            if share is None:
                return
            share.work()
            self._done.release()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold NumPy's BLAS library to one thread within the block."""
    controller = _blas_controller()
    if controller is None:
        yield
        return
    with controller.limit(limits=1, user_api="blas"):
        yield


@cache
def _blas_controller() -> Any:
    """Return what controls the BLAS library in use, or None (said once) where nothing does."""
    import numpy as np  # noqa: F401 - loads the library that is to be found
    from threadpoolctl import ThreadpoolController

    controller = ThreadpoolController().select(user_api="blas")
    if not controller.info():
        warnings.warn(
            "The BLAS library that NumPy uses here cannot be held to one thread: threadpoolctl does not know "
            "it. Results are right; training may be slower, and its last bits may depend on how many threads "
            "that library takes.",
            stacklevel=2,
        )
        return None
    return controller


def blas_info() -> list[dict[str, Any]]:
    """Return what threadpoolctl says of the BLAS libraries loaded: name, version, architecture, threads."""
    from threadpoolctl import threadpool_info

    return [entry for entry in threadpool_info() if entry.get("user_api") == "blas"]
