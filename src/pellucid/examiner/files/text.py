"""The text of a student's file, in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import io
import os
import stat
import tokenize
from dataclasses import dataclass
from pathlib import Path

from pellucid.errors import FileFormatError

LARGEST = 4_000_000  # bytes of a Python file that a person wrote
LARGEST_NOTEBOOK = 60_000_000  # with the figures that are stored in it

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or a document of an office program)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program"),
    (b"{\\rtf", "a document in rich text"),
    (b"\x89HDF", "an HDF5 file, such as a saved model"),
    (b"\x93NUMPY", "an array saved by NumPy"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format", "a database"),
)
MARKUP = (b"<!doctype html", b"<html", b"<?xml")
CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a\x1b")


@dataclass(frozen=True)
class FileText:
    """The text of a file, and what is to be said about how it was saved."""

    text: str
    notes: tuple[str, ...] = ()


def read_text(path: Path, *, notebook: bool = False) -> FileText:
    """Return the text of a file, whatever its encoding; its lines end in a line feed.

    Raises
    ------
    FileFormatError
        When it cannot be read, is too large, is empty, or is no text.
    """
    content = _content(path, LARGEST_NOTEBOOK if notebook else LARGEST)
    if not content.strip():
        raise FileFormatError(f"{path} is empty ({len(content)} bytes): was it saved and sent completely?")
    found = _decoded(path, content)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    return FileText(text.encode("utf-8", "replace").decode(), found.notes)


def kind_of_binary(beginning: bytes) -> str:
    """Return what a file is that begins so, or "" where it may be text.

    Examples
    --------
    >>> kind_of_binary(b"%PDF-1.7"), kind_of_binary(b"import numpy")
    ('a PDF document', '')
    """
    for signature, kind in SIGNATURES:
        if beginning.startswith(signature):
            return kind
    return "a web page" if beginning.lstrip()[:14].lower().startswith(MARKUP) else ""


def printable(name: str | os.PathLike[str]) -> str:
    """Return a file's name such that every encoding can write it, whatever bytes it has.

    Examples
    --------
    >>> printable("mywork/lowlevel.py")
    'mywork/lowlevel.py'
    """
    return os.fsencode(name).decode("utf-8", "replace")


def special_kind(mode: int) -> str:
    """Return in words what a path is that is no regular file; "" for a regular file."""
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe (FIFO)"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((words for test, words in kinds if test(mode)), "")


def _content(path: Path, largest: int) -> bytes:
    """Read a regular file, and never wait for a pipe or a device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path} cannot be read: {getattr(error, 'strerror', error)}") from error
    try:
        status = os.fstat(descriptor)
        kind = special_kind(status.st_mode)
        if kind:
            raise FileFormatError(f"{path} is {kind}, and no file")
        if status.st_size > largest:
            raise FileFormatError(_too_large(path, status.st_size, largest))
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(largest)
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _too_large(path: Path, size: int, largest: int) -> str:
    if largest == LARGEST_NOTEBOOK:
        return f"{path} is {size:,} bytes long: clear the outputs of the notebook, save it, and send it again"
    return f"{path} is {size:,} bytes long: that is no file of a few functions"


def _decoded(path: Path, content: bytes) -> FileText:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _marked(path, content, encoding)
    kind = kind_of_binary(content)
    if kind:
        raise FileFormatError(f"{path} is {kind}, and neither Python nor a notebook")
    if b"\0" in content:
        raise FileFormatError(
            f"{path} has null bytes in it: it is no text, or text in UTF-16 without a mark. Save it as UTF-8"
        )
    return _unmarked(path, content)


def _marked(path: Path, content: bytes, encoding: str) -> FileText:
    """Decode a file that begins with a byte order mark."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{path} is not text in {encoding.upper().removesuffix('-SIG')}, though it begins with its mark "
            f"(byte {error.start}): save it as UTF-8"
        ) from error
    if encoding == "utf-8-sig":
        return FileText(text)
    note = f"The file is in {encoding.upper()}, in which Python runs no file: it was read all the same."
    return FileText(text, (note,))


def _unmarked(path: Path, content: bytes) -> FileText:
    """Decode by the line that declares an encoding, by UTF-8, or as older programs on Windows save."""
    declared = _declared(path, content)
    try:
        return FileText(content.decode(declared))
    except UnicodeDecodeError as error:
        if CONTROL & set(content):
            raise FileFormatError(
                f"{path} is not text in UTF-8 (byte {error.start}), and has characters that are no text"
            ) from error
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    where = content[: error_position(content, declared)].count(b"\n") + 1
    note = (
        f"The file is not in {declared.upper()} (line {where}): it was read as Windows-1252 (Latin-1). "
        "Python itself does not run it: save it as UTF-8."
    )
    return FileText(text, (note,))


def error_position(content: bytes, encoding: str) -> int:
    """Return the place of the first byte that does not decode; the length where all do.

    Examples
    --------
    >>> error_position("# é".encode("latin-1"), "utf-8")
    2
    """
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return len(content)


def _declared(path: Path, content: bytes) -> str:
    """Return the encoding that a Python file declares in its first two lines, or UTF-8."""
    first, second, *_ = [*content.splitlines(keepends=True)[:2], b"", b""]
    beginning = b"".join(line for line in (first, second) if line.lstrip().startswith(b"#"))
    try:
        return tokenize.detect_encoding(io.BytesIO(beginning).readline)[0]
    except SyntaxError as error:
        if "unknown encoding" in str(error):
            name = str(error).rpartition(": ")[2]
            raise FileFormatError(f"{path} declares the encoding {name}, which does not exist") from error
        return "utf-8"
