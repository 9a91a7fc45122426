"""The process that judges: for each job a student's process is started, asked, and ended.

It reads jobs as lines of JSON and answers each with one, which carries the job's nonce. No student's code
runs in it; arguments and results pass as plain data.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from pellucid.examiner.judging import judge
from pellucid.examiner.launcher import SET_DUMPABLE, process_control
from pellucid.examiner.student import Launcher, Student, StudentGone
from pellucid.examiner.student_errors import describe_exception

LARGE_IMPORTS = ("matplotlib.pyplot", "scipy.signal", "scipy.ndimage")  # loaded once, where a file names them


def serve() -> None:
    """Answer the jobs on standard input until it ends."""
    process_control(SET_DUMPABLE, 0)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with Launcher() as launcher:
        for line in sys.stdin:
            job = json.loads(line)
            nonce = job.pop("nonce")
            print(json.dumps({**run(job, launcher), "nonce": nonce}, default=str), file=answers, flush=True)


def run(job: dict[str, Any], launcher: Launcher) -> dict[str, Any]:
    """Run one job, in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pellucid-check-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / "work"
        folder.mkdir()
        imports = [name for name in LARGE_IMPORTS if name.partition(".")[0] in job["source"]]
        return ask({**job, "folder": str(folder)}, launcher, imports)


def ask(job: dict[str, Any], launcher: Launcher, imports: list[str]) -> dict[str, Any]:
    """Run one job in the folder that it names."""
    process = launcher.start(imports)
    student: Student | None = None
    try:
        for_student = ("name", "source", "seconds", "megabytes", "definitions_only", "folder")
        student = Student(process, {name: job[name] for name in for_student})
        outcome = judge(job, student)
    except StudentGone as gone:
        outcome = {"trouble": str(gone)}
    except Exception as error:  # the examiner's own, on an answer that nobody foresaw
        outcome = {"trouble": f"The examiner cannot judge it: {describe_exception(error)}."}
    finally:
        output = student.finish()[1] if student else ""
    return {**outcome, "output": output}


if __name__ == "__main__":
    serve()
