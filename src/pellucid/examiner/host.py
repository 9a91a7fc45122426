"""The process that judges: for each job a student's process is started, asked, and ended.

It reads jobs as lines of JSON and answers each with one, which carries the job's nonce. No student's code
runs in it; arguments and results pass as plain data. It ends when nobody can send jobs any more, however the
command that started it came to its end, and takes with it whatever it started.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pellucid.examiner.beside import modules
from pellucid.examiner.borrowing import unlocked
from pellucid.examiner.judging import judge
from pellucid.examiner.student import Launcher, Student, StudentGone
from pellucid.examiner.student_errors import describe_exception
from pellucid.examiner.walls.system_calls import SET_DUMPABLE, process_control

LARGE_IMPORTS = ("matplotlib.pyplot", "scipy.signal", "scipy.ndimage")  # loaded once, where a file names them


class Launchers:
    """A launcher for each choice of libraries that files may read, started when the first such file comes."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self._without = without
        self.are_ending = False
        self._started: dict[frozenset[str], Launcher] = {}

    def of(self, libraries: frozenset[str]) -> Launcher:
        """Return the launcher for these libraries."""
        if libraries not in self._started:
            self._started[libraries] = Launcher(libraries, self._without)
        return self._started[libraries]

    def end(self) -> None:
        """End all launchers and what they started."""
        self.are_ending = True
        for launcher in list(self._started.values()):
            launcher.end()


def serve(without: Collection[str]) -> None:
    """Answer the jobs on standard input until it ends."""
    process_control(SET_DUMPABLE, 0)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    launchers, lines = Launchers(without), queue.SimpleQueue[str]()
    reading = threading.Thread(target=_read, args=(lines, launchers), daemon=True)
    reading.start()
    while True:
        job = json.loads(lines.get())
        nonce = job.pop("nonce")
        try:
            print(json.dumps({**run(job, launchers), "nonce": nonce}, default=str), file=answers, flush=True)
        except Exception:
            if launchers.are_ending:
                reading.join()  # which ends this process
            raise


def _read(lines: queue.SimpleQueue[str], launchers: Launchers) -> None:
    """Pass on the jobs; at their end, end everything, also in the middle of one."""
    for line in sys.stdin:
        lines.put(line)
    launchers.end()
    os._exit(0)


def run(job: dict[str, Any], launchers: Launchers) -> dict[str, Any]:
    """Run one job."""
    sources = [job["source"], *modules(job.get("beside", {})).values()]
    libraries = unlocked(sources)
    launcher = launchers.of(libraries)
    outcome = ask(job, launcher, _large_imports(" ".join(sources), libraries))
    return {**outcome, "left_open": launcher.left_open}


def _large_imports(source: str, libraries: Collection[str]) -> list[str]:
    names = [name for name in LARGE_IMPORTS if name.partition(".")[0] in source]
    return [name for name in names if not name.startswith("scipy") or "scipy" in libraries]


def ask(job: dict[str, Any], launcher: Launcher, imports: list[str]) -> dict[str, Any]:
    """Run one job in a process that the launcher starts."""
    beside = job.get("beside", {})
    for_student = {name: job[name] for name in ("name", "seconds", "megabytes", "definitions_only")}
    for_student["beside"] = {name: _content(path) for name, path in beside.items()}

    def start(source: str) -> Student:
        return Student(launcher.start(imports), {**for_student, "source": source})

    student: Student | None = None
    try:
        student = start(job["source"])
        outcome = judge(job, student, start, modules(beside))
    except StudentGone as gone:
        outcome = {"trouble": str(gone)}
    except Exception as error:  # the examiner's own, on an answer that nobody foresaw
        outcome = {"trouble": f"The examiner cannot judge it: {describe_exception(error)}."}
    finally:
        output = student.finish()[1] if student else ""
    return {**outcome, "output": output}


def _content(path: str) -> str:
    return base64.b64encode(Path(path).read_bytes()).decode()


if __name__ == "__main__":
    serve(sys.argv[1:])
