"""The examiner's view of a student's process: its functions are called here, and run there."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO

from pellucid.examiner.counting import Count
from pellucid.examiner.student_errors import StudentError
from pellucid.examiner.wire import WireError, decode, encode, read_frame, write_frame

GRACE = 1.0  # seconds after the student's process's own clock
KEPT_OUTPUT = 2000  # bytes of what a student's code prints
NO_ANSWER = "Its process answered with something that is no answer."
ENVIRONMENT = (  # the variables that a student's process may see begin so
    *("LANG", "LC_", "TZ", "PATH", "PYTHON", "LD_LIBRARY", "DYLD_", "SYSTEMROOT", "NUMBA_"),
    *("OMP_", "OPENBLAS_", "MKL_", "VECLIB_"),
)
CRASHING = 1.0  # seconds in which a process that closed its channel may end by itself


class StudentGone(BaseException):
    """The student's process has ended, or answers with something that is no answer."""


@dataclass(frozen=True)
class Process:
    """A student's process: the two ends of its channel, what it prints, and how to end it."""

    reader: BinaryIO
    writer: BinaryIO
    output: BinaryIO
    interrupt: Callable[[], None]  # hang up, from any thread
    end: Callable[[float], int | None]  # wait so long, end it, and return the status of an end of its own
    folder: str = ""  # where the submission's files are, for it


class Launcher:
    """Starts students' processes, from a warm process where there is fork.

    Parameters
    ----------
    libraries
        The libraries with ready answers that the files may read.
    without
        The walls that are left out, for tests.

    Attributes
    ----------
    left_open
        What the machine cannot keep a student's process from, in words.
    """

    def __init__(self, libraries: Collection[str] = (), without: Collection[str] = ()) -> None:
        self._control: socket.socket | None = None
        self._warm: subprocess.Popen[bytes] | None = None
        self.left_open = ["whatever Python can do"]
        if hasattr(os, "fork") and hasattr(socket, "send_fds"):
            try:
                self._start(libraries, without)
            except (OSError, ValueError):  # namespaces that can be had in part only
                self.end()
                self._start(libraries, {*without, "namespaces"})

    def _start(self, libraries: Collection[str], without: Collection[str]) -> None:
        self._control, theirs = socket.socketpair()
        options = json.dumps({"libraries": sorted(libraries), "without": sorted(without)})
        command = [sys.executable, "-P", "-m", "pellucid.examiner.launcher", str(theirs.fileno()), options]
        self._warm = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=2,
            pass_fds=[theirs.fileno()],
            env={name: value for name, value in os.environ.items() if name.startswith(ENVIRONMENT)},
        )
        theirs.close()
        self.left_open = list(json.loads(self._control.recv(4096))["open"])

    def end(self) -> None:
        """End the warm process, from any thread, and whatever it started."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.shutdown(socket.SHUT_RDWR)
        if self._warm is not None:
            self._warm.wait()
        if self._control is not None:
            self._control.close()

    def start(self, imports: Sequence[str] = ()) -> Process:
        """Start a process."""
        return start_alone() if self._control is None else self._forked(imports)

    def _forked(self, imports: Sequence[str]) -> Process:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        try:
            told = self._told({"imports": list(imports)}, [theirs.fileno(), writing])
        finally:
            theirs.close()
            os.close(writing)

        def interrupt() -> None:
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)

        def end(wait: float) -> int | None:
            status: int | None = self._told({"end": told["pid"], "wait": wait}, [])["status"]
            ours.close()
            return status

        output = os.fdopen(reading, "rb", buffering=0)
        return Process(ours.makefile("rb"), ours.makefile("wb"), output, interrupt, end, told["folder"])

    def _told(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        if self._control is None:
            raise RuntimeError("there is no warm process")
        socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        answer: dict[str, Any] = json.loads(self._control.recv(4096))
        return answer


def start_alone() -> Process:
    """Start a process of its own for one job, where there is no fork."""
    command = [sys.executable, "-P", "-m", "pellucid.examiner.student_process"]
    folder = tempfile.mkdtemp(prefix="pellucid-check-")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("a process was started without its pipes")
    writer, reader, output = process.stdin, process.stdout, process.stderr

    def end(wait: float) -> int | None:
        with contextlib.suppress(OSError):
            writer.close()
        try:
            code = process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return -code if code < 0 else code << 8

    return Process(reader, writer, output, process.kill, end, folder)  # type: ignore[arg-type]  # Popen's IO[bytes]


class Student:
    """A student's file, loaded in a process of its own. Leave it as a context manager."""

    def __init__(self, process: Process, job: dict[str, Any]) -> None:
        self._process, self._seconds = process, job["seconds"]
        self._printed = b""
        self._late = False
        self._hung_up = False
        self._drain = threading.Thread(target=self._keep_output, daemon=True)
        self._clock = threading.Timer(self._seconds + GRACE, self._time_is_over)
        self._clock.daemon = True
        self._drain.start()
        self._clock.start()
        self._nonce = secrets.token_hex(8)
        self._send({**job, "folder": process.folder, "nonce": self._nonce}, b"")

    def __enter__(self) -> Student:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.finish()

    def load(self) -> tuple[dict[str, RemoteFunction], list[str]]:
        """Return the file's functions by name, and notes on what was passed over."""
        told = self._receive()
        try:
            functions = {str(one["name"]): RemoteFunction(self, one) for one in told["functions"]}
            return functions, [str(note)[:500] for note in told["notes"]]
        except (KeyError, TypeError, ValueError) as error:
            raise StudentGone(NO_ANSWER) from error

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return the reply, which must carry the request's nonce."""
        self._nonce = secrets.token_hex(8)
        tree, blob = encode(request)
        self._send({"nonce": self._nonce, "body": tree}, blob)
        return self._receive()

    def finish(self) -> tuple[int | None, str]:
        """End the process; return its status, None where it had to be ended, and what it printed."""
        self._clock.cancel()
        status = self._process.end(CRASHING if self._hung_up and not self._late else 0)
        self._drain.join(1)
        for stream in (self._process.reader, self._process.writer):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        self.finish = lambda: (status, self._printed.decode("utf-8", "replace"))  # type: ignore[method-assign]  # once only
        return self.finish()

    def _send(self, message: dict[str, Any], blob: bytes) -> None:
        try:
            write_frame(self._process.writer, message, blob)
        except (OSError, ValueError) as error:
            raise self._gone() from error

    def _receive(self) -> dict[str, Any]:
        try:
            frame = read_frame(self._process.reader)
            body = None if frame is None else decode(frame[0]["body"], frame[1])
        except (OSError, ValueError) as error:
            raise self._gone() from error
        except (WireError, KeyError) as error:
            raise StudentGone(NO_ANSWER) from error
        if frame is None:
            raise self._gone()
        if frame[0].get("nonce") != self._nonce or not isinstance(body, dict):
            raise StudentGone("Its process answered a question that was not asked.")
        if "trouble" in body:
            raise StudentGone(str(body["trouble"])[:2000])
        return body

    def _gone(self) -> StudentGone:
        self._hung_up = True
        status, _ = self.finish()
        return StudentGone(how_it_ended(None if self._late else status, self._seconds))

    def _time_is_over(self) -> None:
        self._late = True
        self._process.interrupt()

    def _keep_output(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while piece := self._process.output.read(1 << 16):
                self._printed += piece[: KEPT_OUTPUT - len(self._printed)]
        with contextlib.suppress(OSError):
            self._process.output.close()


def how_it_ended(status: int | None, seconds: float) -> str:
    """Say how a process ended that was not asked to; None: it had to be ended."""
    if status is None:
        return f"It had not come to an end after {seconds:g} s, and was ended."
    if 0 < status < 256:
        return f"Python itself crashed ({signal.Signals(status & 127).name})."
    return "It ended the whole process (os._exit)."


class RemoteFunction:
    """A function in the student's process, called like one of this process."""

    own: bool

    def __init__(self, student: Student, told: dict[str, Any]) -> None:
        self.__name__, self.own = str(told["name"]), bool(told["own"])
        self._student = student
        if told["parameters"] is not None:
            self.__signature__ = inspect.Signature(
                [
                    inspect.Parameter(
                        str(name),
                        inspect._ParameterKind(kind),
                        default=None if has_default else inspect.Parameter.empty,
                    )
                    for name, kind, has_default in told["parameters"]
                ]
            )

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the function and return its result."""
        return self.invoke(arguments, keywords)[0]

    def invoke(self, arguments: Sequence[Any], keywords: dict[str, Any]) -> tuple[Any, list[int]]:
        """Call the function; return its result, and the places of the arguments that it changed."""
        told = self._ask("call", arguments, keywords)
        if "error" in told:
            raise StudentError(str(told["error"])[:1000])
        try:
            return told["result"], [int(place) for place in told["changed"]]
        except (KeyError, TypeError, ValueError) as error:
            raise StudentGone(NO_ANSWER) from error

    def count_lines(self, arguments: Sequence[Any], keywords: dict[str, Any]) -> Count:
        """Call the function and return how often each line of the file ran, and what came of it."""
        told = self._ask("count", arguments, keywords)
        try:
            lines = told["lines"].items()
            counts = {line if isinstance(line, str) else int(line): int(times) for line, times in lines}
            return Count(Counter(counts), told["result"], str(told["error"])[:1000])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StudentGone(NO_ANSWER) from error

    def reseed(self, seed: int) -> None:
        """Seed ``np.random`` in the student's process."""
        self._student.ask({"do": "seed", "seed": seed})

    def _ask(self, do: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> dict[str, Any]:
        name = self.__name__
        return self._student.ask({"do": do, "name": name, "arguments": list(arguments), "keywords": keywords})
