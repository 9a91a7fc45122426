"""A process that stays warm and runs each job in a fork of its own: a job costs milliseconds, not a start.

It reads jobs as lines of JSON and answers each with one. Where there is no fork (Windows) each job gets a
process started for it instead.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LARGE_IMPORTS = ("matplotlib.pyplot", "scipy.signal", "scipy.ndimage")  # loaded once, where a file names them
KEPT_OUTPUT = 2000  # bytes of what a student's code prints
GRACE = 1.0  # seconds after the child's own clock


def serve() -> None:
    """Answer the jobs on standard input until it ends."""
    from pellucid.examiner import child  # noqa: F401 - loaded here once, for all forks

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        job = json.loads(line)
        _load_what_is_large(job["source"])
        print(json.dumps(run(job)), file=answers, flush=True)


def _load_what_is_large(source: str) -> None:
    """Import installed packages that a student's file asks for, so that not every question waits for them."""
    for name in LARGE_IMPORTS:
        if name not in sys.modules and name.partition(".")[0] in source:
            os.environ["MPLBACKEND"] = "Agg"
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run one job in a child process, in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pellucid-check-", ignore_cleanup_errors=True) as temporary:
        folder, result = Path(temporary) / "work", Path(temporary) / "result.json"
        folder.mkdir()
        if hasattr(os, "fork"):
            output, end = _forked(job, folder, result)
        else:
            output, end = _started(job, folder, result)
        try:
            outcome: dict[str, Any] = json.loads(result.read_text("utf-8"))
        except (OSError, ValueError):
            outcome = {"trouble": end or "The process ended without an answer."}
    return {**outcome, "output": output}


def _forked(job: dict[str, Any], folder: Path, result: Path) -> tuple[str, str]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_child(job, folder, result, reading, writing)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        kept, status = _watch(child, pipe.fileno(), job["seconds"] + GRACE)
    return kept.decode("utf-8", "replace"), _how_it_ended(status, job)


def _be_the_child(job: dict[str, Any], folder: Path, result: Path, reading: int, writing: int) -> None:
    """Do the job and leave the process without any of the parent's clean-up."""
    from pellucid.examiner.child import work

    try:
        os.setsid()
        os.close(reading)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - open as long as the process
        sys.stdout = open(1, "w", closefd=False, errors="replace")  # noqa: SIM115 - open as long as the process
        sys.stderr = sys.stdout
        with result.open("w", encoding="utf-8") as file:
            work(job, folder, file)
        sys.stdout.flush()
    finally:
        os._exit(0)


def _watch(child: int, pipe: int, seconds: float) -> tuple[bytes, int | None]:
    """Read what a child prints, keep its beginning, and end it when its time is over. None: it was ended."""
    kept, end, status = b"", time.monotonic() + seconds, None
    try:
        while time.monotonic() < end:
            ready, _, _ = select.select([pipe], [], [], 0.005)
            piece = os.read(pipe, 1 << 16) if ready else b""
            kept += piece[: KEPT_OUTPUT - len(kept)]
            if not piece:
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    return kept, status
                if ready:
                    time.sleep(0.002)
        return kept, None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _how_it_ended(status: int | None, job: dict[str, Any]) -> str:
    if status is None:
        return f"It had not come to an end after {job['seconds']:g} s, and was ended."
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"Python itself crashed ({signal.Signals(number).name})."
    return "It ended the whole process (os._exit)."


def _started(job: dict[str, Any], folder: Path, result: Path) -> tuple[str, str]:
    """Run a job in a process started for it, where there is no fork."""
    code = "from pellucid.examiner.host import one; one()"
    message = json.dumps({"job": job, "folder": str(folder), "result": str(result)})
    with tempfile.TemporaryFile() as printed:
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                input=message.encode(),
                stdout=printed,
                stderr=printed,
                timeout=job["seconds"] + GRACE + 10,
                check=False,
            )
            end = "" if done.returncode == 0 else f"The process ended with code {done.returncode}."
        except subprocess.TimeoutExpired:
            end = _how_it_ended(None, job)
        printed.seek(0)
        return printed.read(KEPT_OUTPUT).decode("utf-8", "replace"), end


def one() -> None:
    """Do the one job on standard input, in this process."""
    from pellucid.examiner.child import work

    message = json.load(sys.stdin)
    with Path(message["result"]).open("w", encoding="utf-8") as file:
        work(message["job"], Path(message["folder"]), file)


if __name__ == "__main__":
    serve()
