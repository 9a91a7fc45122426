"""Worker threads that share the micro-batches of a batch, each with one BLAS thread.

NumPy releases the GIL inside matrix products and elementwise loops, so ordinary threads run in parallel. If
the BLAS library split each product among its own threads, everything between two products would run on one
thread, and the bits could depend on the number of threads. So the library is limited to one thread, and
micro-batches are distributed to these workers.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from queue import SimpleQueue
from typing import Any, Protocol

from pellucid.core import settings
from pellucid.core.arguments import whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.errors import ArgumentError
from pellucid.fast.processors import LINE_OF_COUNTS

EVEN = 4
GIVEN, DONE = 0, LINE_OF_COUNTS


def default_threads() -> int:
    """Return the default number of threads: PELLUCID_THREADS, or the CPUs the process may use.

    Raises
    ------
    ArgumentError
        When PELLUCID_THREADS is not a whole number of at least 1.
    """
    asked = settings.THREADS.value()
    return _cpus() if asked is None else _checked(asked, settings.THREADS.name)


def checked_threads(threads: Any) -> int:
    """Return the number of threads asked for (None: the default), or raise ArgumentError.

    More threads than CPUs are allowed, with one warning.
    """
    return default_threads() if threads is None else _checked(threads, "threads")


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _checked(threads: Any, name: str) -> int:
    number, cpus = whole_number("", name, threads), _cpus()
    if number > cpus:
        explain_once(
            f"{number} threads",
            f"{name}={number} is more than the {cpus} CPUs that this process may use: the results are the "
            f"same, and training is commonly slower than with {name}={cpus}.",
        )
    return number


def evenly(count: int) -> int:
    """Return a number of tasks, rounded up so that two or four threads share them evenly.

    Examples
    --------
    >>> evenly(5), evenly(8)
    (8, 8)
    """
    return -(-count // EVEN) * EVEN


class HandOff(Protocol):
    """Lets threads spin on a counter briefly before they sleep; it only saves time."""

    def spinning(self) -> AbstractContextManager[None]:
        """Enable spinning for this thread, and those that it computes together with, within the block."""

    def wait_while(self, counts: Any, place: int, value: int) -> bool:
        """Spin briefly while ``counts[place]`` is ``value``; return whether it changed."""

    def count_and_wait_while(self, counts: Any, own: int, place: int, value: int) -> bool:
        """Add 1 to ``counts[own]``, then spin briefly while ``counts[place]`` is ``value``."""


class Workers:
    """A team of threads; the calling thread is one of them.

    Use it as a context manager: within it, the BLAS library is limited to one thread.

    Parameters
    ----------
    threads
        Number of threads; by default PELLUCID_THREADS, or the CPUs that the process may use.
    hand_off
        Returns the hand-off by which threads spin before they sleep, if any.

    Examples
    --------
    >>> squares = [0] * 5
    >>> def square(number):
    ...     squares[number] = number**2
    >>> with Workers(2) as workers:
    ...     workers.run(square, 5)
    >>> squares
    [0, 1, 4, 9, 16]
    """

    def __init__(
        self, threads: int | None = None, hand_off: Callable[[], HandOff | None] = lambda: None
    ) -> None:
        self.threads = checked_threads(threads)
        self._hand_off = hand_off
        self._helpers: list[_Helper] = []

    def run(self, task: Callable[[int], None], count: int) -> None:
        """Call ``task`` with 0 … count - 1, each once, on any free thread; return when all are done.

        If tasks may overflow, call it within :func:`no_warnings`.

        If a task raises, no other task is started, running ones are finished, and the exception is raised
        here.
        """
        if count == 1:
            task(0)
            return
        share = _Share(task, count)
        helpers = self._team(min(self.threads, count) - 1)
        for helper in helpers:
            helper.give(share)
        share.work()
        for helper in helpers:
            helper.wait_for(share)
        if share.error is not None:
            raise share.error

    def _team(self, size: int) -> list[_Helper]:
        """Return that many helpers, starting those that are not running yet."""
        while len(self._helpers) < size:
            # with more threads than CPUs, a spinning thread would keep another from working
            hand_off = self._hand_off() if self.threads <= _cpus() else None
            self._helpers.append(_Helper(len(self._helpers) + 1, hand_off))
            try:
                self._helpers[-1].thread.start()
            except RuntimeError as error:  # "can't start new thread"
                self._helpers.pop()
                raise ArgumentError(
                    f"The system gave {1 + len(self._helpers)} of the threads asked for ({error}). "
                    f"Received: threads={self.threads}"
                ) from None
        return self._helpers[: max(0, size)]

    def __enter__(self) -> Workers:
        try:
            _blas.hold(self)
        except BaseException:  # Ctrl-C can arrive at any point
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            self._stop()
        except BaseException:
            self._stop()
            raise
        finally:
            self._helpers = []
            _release_blas(self)

    def _stop(self) -> None:
        for helper in self._helpers:
            helper.give(None)
        for helper in self._helpers:
            if helper.thread.is_alive():
                helper.thread.join()


class _Share:
    """One task for many numbers; each thread takes the next number."""

    def __init__(self, task: Callable[[int], None], count: int) -> None:
        self.task = task
        self.numbers = iter(range(count))  # next() on it is atomic under the GIL
        self.error: BaseException | None = None
        self.done: SimpleQueue[None] = SimpleQueue()  # gets an entry from each helper that is done

    def work(self) -> None:
        try:
            for number in self.numbers:
                if self.error is not None:
                    return
                self.task(number)
        except BaseException as error:
            self.error = self.error or error


class _Helper:
    """A thread that waits for a share, works on it, signals that it is done, and stops at None.

    It is fed by a queue, so that Ctrl-C can safely interrupt the caller's wait. If the engine has a hand-off,
    both sides spin on a counter briefly before they sleep on a queue.
    """

    def __init__(self, number: int, hand_off: HandOff | None) -> None:
        import numpy as np

        self.shares: SimpleQueue[_Share | None] = SimpleQueue()
        self.counts = np.zeros(2 * LINE_OF_COUNTS, np.int64)  # shares given, and shares done
        self.hand_off = hand_off
        self.thread = threading.Thread(target=self._loop, name=f"pellucid-{number}", daemon=True)

    def give(self, share: _Share | None) -> None:
        """Put a share in the queue, or None to stop the thread."""
        self.shares.put(share)
        self.counts[GIVEN] += 1

    def wait_for(self, share: _Share) -> None:
        """Wait until the share is done."""
        if self.hand_off is not None and share.done.empty():
            self.hand_off.wait_while(self.counts, DONE, int(self.counts[GIVEN]) - 1)
        share.done.get()

    def _loop(self) -> None:
        spinning = nullcontext() if self.hand_off is None else self.hand_off.spinning()
        with spinning, no_warnings():
            self._work_on_shares()

    def _work_on_shares(self) -> None:
        done = 0
        while (share := self.shares.get()) is not None:
            share.work()
            share.done.put(None)
            done += 1
            if self.hand_off is not None:
                self.hand_off.count_and_wait_while(self.counts, DONE, GIVEN, done)


def no_warnings() -> AbstractContextManager[None]:
    """Return a context in which NumPy does not warn of overflow; helper threads are always in one.

    Warnings could come from any thread at any time; training checks the loss instead.
    """
    import numpy as np

    return np.errstate(over="ignore", invalid="ignore", divide="ignore")


class _BlasLimit:
    """Limits NumPy's BLAS library to one thread while any holder needs it.

    Several networks may run at the same time, in threads of one program; the last holder restores the
    previous thread count.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: set[object] = set()
        self._before: list[tuple[Any, int]] = []  # (library, its number of threads)

    def hold(self, holder: object) -> None:
        with self._lock:
            libraries = _blas_libraries()
            if not self._holders:
                self._before = [(library, library.num_threads) for library in libraries]
            self._holders.add(holder)  # from here on, release undoes it, even after Ctrl-C
            for library in libraries:
                library.set_num_threads(1)

    def release(self, holder: object) -> None:
        with self._lock:
            self._holders.discard(holder)
            if not self._holders:
                for library, threads in self._before:
                    library.set_num_threads(threads)
                self._before = []


_blas = _BlasLimit()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit NumPy's BLAS library to one thread within the block."""
    holder = object()
    try:
        _blas.hold(holder)
        yield
    finally:
        _release_blas(holder)


def _release_blas(holder: object) -> None:
    try:
        _blas.release(holder)
    except BaseException:  # Ctrl-C
        _blas.release(holder)
        raise


@cache
def _blas_libraries() -> list[Any]:
    """Return threadpoolctl's controllers of the loaded BLAS libraries; none, with one warning, if unknown."""
    import numpy as np  # noqa: F401 - loads the BLAS library
    from threadpoolctl import ThreadpoolController

    libraries: list[Any] = ThreadpoolController().select(user_api="blas").lib_controllers
    if not libraries:
        warnings.warn(
            "The BLAS library that NumPy uses here cannot be limited to one thread: threadpoolctl does "
            "not know it. Results are correct; training may be slower, and its last bits may depend on the "
            "number of threads that the library uses.",
            stacklevel=2,
        )
    return libraries


def blas_info() -> list[dict[str, Any]]:
    """Return what threadpoolctl says of the loaded BLAS libraries: name, version, architecture, threads."""
    from threadpoolctl import threadpool_info

    return [entry for entry in threadpool_info() if entry.get("user_api") == "blas"]
