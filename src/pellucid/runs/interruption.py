"""Signals that ask a process to end, as exceptions: a run then ends so that it can be resumed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The signals that end a process unless it handles them; SIGINT (Ctrl-C) is KeyboardInterrupt already.
SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Interrupted(KeyboardInterrupt):
    """A signal other than Ctrl-C that asked the process to end; ``signal`` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.signal = number


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM and SIGHUP interrupt the block as Ctrl-C does, by an exception.

    Signals that are ignored, as ``nohup`` has it, or that the program handles itself, are left alone.

    Examples
    --------
    >>> with interruptible():
    ...     try:
    ...         signal.raise_signal(signal.SIGTERM)
    ...     except KeyboardInterrupt as interruption:
    ...         print(interruption)
    SIGTERM
    """
    ours = [number for number in SIGNALS if _is_default(number)]
    for number in ours:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def is_interruption(error: BaseException | None) -> bool:
    """Return whether ``error`` is an interruption, or was raised while one was handled.

    Examples
    --------
    >>> is_interruption(KeyboardInterrupt()), is_interruption(OSError())
    (True, False)
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _is_default(number: int) -> bool:
    """Return whether the signal has its default effect; only the main thread can change that."""
    return threading.current_thread() is threading.main_thread() and (
        signal.getsignal(number) == signal.SIG_DFL
    )


def _interrupt(number: int, frame: Any) -> None:
    del frame
    raise Interrupted(number)
