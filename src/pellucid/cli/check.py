"""``pellucid check FILE…``."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pellucid.cli.shared.command_group import BAD_FILE, tell
from pellucid.cli.shared.json_output import JsonOption
from pellucid.core.files import write_text
from pellucid.errors import ArgumentError, FileFormatError, OutputError

if TYPE_CHECKING:
    from pellucid.examiner.marks import Marks

ANEW = "A second run marks all of them anew."


def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Python files, notebooks, folders of these; run folders and histories (JSON, CSV).",
        ),
    ],
    question: Annotated[
        list[int] | None,
        typer.Option("--question", "-q", metavar="N", help="Only this question, 20 to 28; can be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed draws other hidden cases.")] = 0,
    seconds: Annotated[float, typer.Option(metavar="S", help="Seconds allowed for each question.")] = 20.0,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Files examined at a time; by default as many as cores.")
    ] = None,
    borrowed: Annotated[
        Literal["flag", "zero"],
        typer.Option(
            help="Work that pellucid, SciPy or another library does: flag it, or give it zero points."
        ),
    ] = "flag",
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the marks as one HTML page.")
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write Gradescope's results.json (for one file).")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one row of marks for each file.")
    ] = None,
) -> None:
    """Examine low-level functions: points by criterion, and what is wrong and why.

    Each question runs in a process of its own, with limits of time and memory, which does not know what is
    right. On Linux its code can read Python, the installed packages, and the files beside it that it names;
    it can write in a temporary folder of its own only, open no socket and start no process. What this
    machine cannot enforce is said in one line with the marks.

    Of questions 1 to 19 it reads what it can, and runs none of it: the Keras networks, what they printed, and
    histories beside the file (JSON, CSV, run folders) are compared with what is asked. It proposes points,
    which are in no sum; --html shows them beside the student's text, with a field for the teacher's points.

    A folder stands for all Python files and notebooks in it and in its folders. What cannot be read gets no
    marks, rather than 0, and exit code 4. Interrupted in the middle of a class, it writes the marks so far;
    a second run marks all files anew.

    Example: pellucid check mywork/lowlevel.py --html marks.html

    Example: pellucid check class/ --csv marks.csv --html marks.html
    """
    from pellucid.core.arguments import whole_number
    from pellucid.core.wording.plurals import counted
    from pellucid.examiner.examining import examine_all
    from pellucid.examiner.files.finding import find_files
    from pellucid.examiner.workbook import untouched

    if jobs is not None:
        whole_number("", "--jobs", jobs)
    found = find_files(files, untouched=untouched())
    if gradescope is not None and len(found.files) > 1:
        names = [str(file) for file in found.files]
        raise ArgumentError(f"--gradescope is for one file at a time. Received: files={names}")
    output = Output(html, csv, gradescope)
    output.check()
    for trouble in found.wrong:
        tell(FileFormatError(trouble))
    for note in found.notes:
        typer.echo(note, err=True)
    with _terminated_like_interrupted(), output.kept_if_interrupted(len(found.files)):
        marks = examine_all(
            found.files,
            seed=seed,
            questions=question,
            seconds=seconds,
            jobs=jobs,
            borrowed_work=borrowed,
            on_file=output.add,
        )
    if marks:
        _print(marks, as_json=as_json, one=len(files) == 1 and files[0].is_file(), short=csv is not None)
    for path in found.histories:
        typer.echo(_compared(path), err=as_json)
    output.write(marks)
    unread = sum(not one.is_read for one in marks)
    if unread and len(marks) > 1:
        typer.echo(f"{counted(unread, 'file')} could not be read: no marks, rather than 0.", err=True)
    if found.wrong or unread:
        raise typer.Exit(BAD_FILE)


@dataclass
class Output:
    """The files that marks are written to, and the marks that there are so far."""

    html: Path | None
    csv: Path | None
    gradescope: Path | None

    def __post_init__(self) -> None:
        self.so_far: list[Marks] = []

    def check(self) -> None:
        """Say at once, rather than after a class is marked, that a file cannot be written."""
        for path in (self.html, self.csv, self.gradescope):
            if path is not None and not path.parent.is_dir():
                raise OutputError(f"{path} cannot be written: there is no folder {path.parent}.")
            if path is not None and path.is_dir():
                raise OutputError(f"{path} cannot be written: it is a folder.")

    def add(self, marks: Marks) -> None:
        """Keep the marks of one more file; the CSV has them at once, even if the program is killed."""
        from pellucid.examiner.exports import csv_text

        self.so_far.append(marks)
        if self.csv is not None:
            write_text(self.csv, csv_text(self.so_far))

    def write(self, marks: Sequence[Marks]) -> None:
        """Write what was asked for; nothing where no file was examined."""
        from pellucid.examiner import exports
        from pellucid.examiner.marks_page import page

        if not marks:
            return
        if self.html is not None:
            write_text(self.html, page(marks))
        if self.csv is not None:
            write_text(self.csv, exports.csv_text(marks))
        if self.gradescope is not None:
            results = exports.gradescope(marks[0])
            write_text(self.gradescope, json.dumps(results, indent=2, ensure_ascii=False) + "\n")

    @contextmanager
    def kept_if_interrupted(self, files: int) -> Iterator[None]:
        """Write the marks that there are when the block is interrupted, and say so."""
        try:
            yield
        except KeyboardInterrupt:
            done = sorted(self.so_far, key=lambda one: one.file)
            self.write(done)
            written = [str(path) for path in (self.html, self.csv, self.gradescope) if path is not None]
            where = f" {' and '.join(written)} {_have(written)} their marks." if written and done else ""
            typer.echo(f"\nInterrupted after {len(done)} of {files} files.{where} {ANEW}", err=True)
            raise


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _compared(path: Path) -> str:
    """Return how a saved history compares with what is to be expected of its recipe."""
    from pellucid.examiner.showing import report_lines
    from pellucid.examiner.written.histories import read_history
    from pellucid.examiner.written.reading import judge_history

    history = read_history(path)
    if history is None:
        raise FileFormatError(f"{path} is no history: it has no lists such as loss and val_accuracy.")
    return "\n".join(report_lines(judge_history(history)))


def _print(marks: Sequence[Marks], *, as_json: bool, one: bool, short: bool) -> None:
    if as_json:
        found = [each.to_json() for each in marks]
        typer.echo(json.dumps(found[0] if one and found else found, indent=2, ensure_ascii=False))
    elif short and len(marks) > 1:
        _print_totals(marks)
    else:
        _print_tables(marks)


def _print_tables(marks: Sequence[Marks]) -> None:
    from rich.console import Console

    from pellucid.examiner.showing import table

    console = Console(highlight=False)
    for one in marks:
        console.print(table(one))


def _print_totals(marks: Sequence[Marks]) -> None:
    from pellucid.examiner.showing import total

    for one in marks:
        typer.echo(f"{one.file}: {total(one)}{f'. {one.message}' if one.message else ''}")
