"""The warm process of :mod:`pellucid.examiner.host` as the command sees it: asked, ended, started again."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Collection
from types import TracebackType
from typing import Any

ENDING = 10.0  # seconds that the process may take to end what it started
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}


class Stopped(BaseException):
    """The host was stopped for good while it was asked."""


class Host:
    """The process that runs the jobs; started again if it dies.

    Parameters
    ----------
    without
        The walls around students' processes that are left out, for tests.
    """

    def __init__(self, without: Collection[str] = ()) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._without = without
        self._is_closed = False

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job and return what came of it."""
        for _ in range(2):
            process, nonce = self._started(), secrets.token_hex(8)
            try:
                print(json.dumps({**job, "nonce": nonce}), file=process.stdin, flush=True)
                line = process.stdout.readline() if process.stdout else ""
            except (BrokenPipeError, ValueError):
                line = ""
            answer = _read(line)
            if answer.pop("nonce", "") == nonce:
                return answer
            self.stop()
        return {"trouble": "The examiner's own process ended; the question was tried twice.", "output": ""}

    def close(self) -> None:
        """End the process for good, from any thread; a job that it is running raises :class:`Stopped`."""
        self._is_closed = True
        self.stop()

    def stop(self) -> None:
        """End the process, and with it whatever it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            if process.stdin:
                process.stdin.close()  # it ends as it sees that
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _started(self) -> subprocess.Popen[str]:
        if self._is_closed:
            raise Stopped
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pellucid.examiner.host", *self._without],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env={**os.environ, **ONE_THREAD, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"},
                start_new_session=True,  # Ctrl-C is for the command, which ends this process
            )
        return self._process


def _read(line: str) -> dict[str, Any]:
    """Return a line of JSON as a dictionary; an empty one where it is none."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
