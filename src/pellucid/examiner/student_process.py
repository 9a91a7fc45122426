"""What runs in the process of a student's code: it loads the file and calls its functions as it is asked.

Nothing here knows what is right: arguments come in, results go out.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from pellucid.examiner import guard
from pellucid.examiner.counting import count_lines
from pellucid.examiner.loading import is_own, load, parameters
from pellucid.examiner.student_errors import describe_exception, is_students, note_folder
from pellucid.examiner.submission import Submission, from_source
from pellucid.examiner.wire import WireError, decode, encode, read_frame, write_frame


class Channel:
    """The student's end: reads requests and writes one reply to each, with the request's nonce."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO, nonce: str) -> None:
        self._reader, self._writer, self._nonce = reader, writer, nonce
        self._kept: list[Any] = []

    def receive(self) -> dict[str, Any] | None:
        """Return the next request; None when there are no more."""
        frame = read_frame(self._reader)
        if frame is None:
            return None
        message, blob = frame
        self._nonce = message["nonce"]
        body: dict[str, Any] = decode(message["body"], blob, lambda opaque: self._kept[opaque.number])
        return body

    def reply(self, body: dict[str, Any]) -> None:
        """Answer the request that was received last."""
        with contextlib.suppress(Exception):  # sys.stdout may be anything by now
            sys.stdout.flush()
        tree, blob = encode(body, self._keep)
        write_frame(self._writer, {"nonce": self._nonce, "body": tree}, blob)

    def _keep(self, value: Any) -> int:
        self._kept.append(value)
        return len(self._kept) - 1


def work(job: dict[str, Any], reader: BinaryIO, writer: BinaryIO) -> None:
    """Load the job's file inside limits, say what is in it, and answer requests until there are no more."""
    prepare(Path(job["folder"]), job.get("beside", {}))
    channel = Channel(reader, writer, job["nonce"])
    try:
        guard.limit_resources(job["seconds"], job["megabytes"])
        _serve(job, channel)
    except guard.TimeUp as error:
        channel.reply({"trouble": f"It had not come to an end after {job['seconds']:g} s{_where(error)}."})
    except MemoryError:
        channel.reply({"trouble": f"It asked for more than {job['megabytes']} MB of memory."})
    except BaseException as error:  # also SystemExit: whatever a student's file does, there is an answer
        channel.reply({"trouble": f"{describe_exception(error)}."})


def prepare(folder: Path, beside: dict[str, str]) -> None:
    """Make the process ready for a student's code: a folder with its files, no windows, no byte code."""
    warnings.simplefilter("ignore")
    os.chdir(folder)
    for name, content in beside.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(base64.b64decode(content))
    sys.path.insert(0, str(folder))
    note_folder(str(folder))
    sys.dont_write_bytecode = True
    set_folders(folder)
    guard.keep_inside(folder)


def set_folders(folder: Path) -> None:
    """Say where libraries may write, also to tempfile, which may have found another place before."""
    tempfile.tempdir = str(folder)
    os.environ.update(MPLBACKEND="Agg", MPLCONFIGDIR=str(folder), HOME=str(folder), TMPDIR=str(folder))


def _serve(job: dict[str, Any], channel: Channel) -> None:
    submission = from_source(job["name"], job["source"])
    names, notes = load(submission, definitions_only=job["definitions_only"])
    functions = _functions(submission, names)
    told = [
        {"name": name, "own": is_own(function), "parameters": parameters(function)}
        for name, function in functions.items()
    ]
    channel.reply({"functions": told, "notes": notes})
    while (request := channel.receive()) is not None:
        channel.reply(_answer(request, functions))


def _functions(submission: Submission, names: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the file's own functions, and those that its header names."""
    wanted = {declared.name for declared in submission.header.values()}
    return {name: one for name, one in names.items() if callable(one) and (is_own(one) or name in wanted)}


def _answer(request: dict[str, Any], functions: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    if request["do"] == "seed":
        np.random.seed(request["seed"])  # noqa: NPY002 - the generator that students use
        return {}
    function, arguments, keywords = functions[request["name"]], request["arguments"], request["keywords"]
    if request["do"] == "count":
        count = count_lines(lambda: function(*arguments, **keywords))
        return {"lines": dict(count.lines), "result": count.result, "error": count.error}
    before = copy.deepcopy([*arguments, *keywords.values()])
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments, **keywords)
    except (Exception, SystemExit) as error:
        return {"error": describe_exception(error)}
    after = [*arguments, *keywords.values()]
    return {"result": result, "changed": [i for i, old in enumerate(before) if not unchanged(old, after[i])]}


def unchanged(before: Any, after: Any) -> bool:
    """Return whether an argument is what it was, bit for bit."""
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if isinstance(before, np.ndarray):
        return bool(before.shape == after.shape and before.tobytes() == after.tobytes())
    return True


def _where(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    if not frames:
        return ""
    return f"; it was in line {frames[-1].lineno}{f': {frames[-1].line.strip()}' if frames[-1].line else ''}"


def main() -> None:
    """Do the one job on standard input, where there is no fork."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    frame = read_frame(reader)
    if frame is None:
        raise WireError("There is no job")
    work(frame[0], reader, writer)


if __name__ == "__main__":
    main()
