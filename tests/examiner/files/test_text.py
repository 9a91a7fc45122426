import os
import stat

import pytest

from pellucid.errors import FileFormatError
from pellucid.examiner.files.text import (
    LARGEST,
    LARGEST_NOTEBOOK,
    kind_of_binary,
    printable,
    read_text,
    special_kind,
)

SOURCE = "# café\nx = 1\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.py"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_without_a_word(encoding, path):
    path.write_bytes(SOURCE.encode(encoding))
    found = read_text(path)
    assert (found.text, found.notes) == (SOURCE, ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_marks_are_read_and_told(encoding, path):
    path.write_bytes(SOURCE.encode(encoding))
    found = read_text(path)
    assert found.text == SOURCE
    name = encoding.upper()
    assert found.notes == (f"The file is in {name}, in which Python runs no file: it was read all the same.",)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_what_is_not_utf_8_is_read_as_windows_saves_it(encoding, path):
    path.write_bytes(("x = 1\n" + SOURCE).encode(encoding))
    found = read_text(path)
    assert found.text == "x = 1\n" + SOURCE
    assert found.notes == (
        "The file is not in UTF-8 (line 2): it was read as Windows-1252 (Latin-1). Python itself does not "
        "run it: save it as UTF-8.",
    )


def test_bytes_that_windows_does_not_know_are_read_as_latin_1(path):
    path.write_bytes(b"# \x81 \x9d\nx = 1\n")
    assert read_text(path).text == "# \x81 \x9d\nx = 1\n"


def test_the_line_that_declares_an_encoding_is_followed(path):
    for first in (
        "# -*- coding: latin-1 -*-\n",
        "#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n",
    ):
        path.write_bytes((first + SOURCE).encode("latin-1"))
        found = read_text(path)
        assert (found.text, found.notes) == (first + SOURCE, ())


def test_an_encoding_that_does_not_exist(path):
    path.write_bytes(b"# coding: klingon\n")
    with pytest.raises(FileFormatError, match="declares the encoding klingon, which does not exist"):
        read_text(path)


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_lines_end_in_a_line_feed(ends, path):
    path.write_bytes(SOURCE.replace("\n", ends).encode())
    assert read_text(path).text == SOURCE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", r"x\.py is empty \(0 bytes\): was it saved and sent completely\?"),
        (b" \n\t\n", r"is empty \(4 bytes\)"),
        (
            b"x = 1\0",
            "has null bytes in it: it is no text, or text in UTF-16 without a mark. Save it as UTF-8",
        ),
        ("x = 1".encode("utf-16-le"), "has null bytes in it"),
        (b"\xff\xfe\x00", r"is not text in UTF-16, though it begins with its mark \(byte \d\): save it as"),
        (b"\xef\xbb\xbf\xff", r"is not text in UTF-8, though it begins with its mark \(byte 0\)"),
        (b"\x01\x02\xff\x03", r"is not text in UTF-8 \(byte 2\), and has characters that are no text"),
        (b"\x89PNG\r\n\x1a\n", "is a PNG image, and neither Python nor a notebook"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"PK\x03\x04\x14", r"is a ZIP archive \(or a document of an office program\)"),
        (b"\n<!DOCTYPE html><html>", "is a web page"),
        (b"{\\rtf1", "is a document in rich text"),
    ],
)
def test_what_is_no_text(content, words, path):
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=words):
        read_text(path)


def test_what_python_may_begin_with_is_no_binary():
    for beginning in (b"import numpy", b"# %PDF", b"", b"{'a': 1}", b"'''<html>'''"):
        assert kind_of_binary(beginning) == ""


def test_a_file_far_too_large_is_not_read_to_its_end(path):
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(FileFormatError, match="4,000,001 bytes long: that is no file of a few functions"):
        read_text(path)
    with path.open("wb") as file:
        file.truncate(LARGEST_NOTEBOOK + 1)
    with pytest.raises(FileFormatError, match="60,000,001 bytes long: clear the outputs of the notebook"):
        read_text(path, notebook=True)


def test_a_notebook_may_be_large_for_its_figures(path):
    path.write_text("x" * (LARGEST + 1))
    assert len(read_text(path, notebook=True).text) == LARGEST + 1


def test_what_is_no_file(tmp_path):
    with pytest.raises(FileFormatError, match="cannot be read: No such file or directory"):
        read_text(tmp_path / "no.py")
    with pytest.raises(FileFormatError, match="is a folder, and no file"):
        read_text(tmp_path)
    with pytest.raises(FileFormatError, match="cannot be read: embedded null byte"):
        read_text(tmp_path / "a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(path):
    os.mkfifo(path)
    with pytest.raises(FileFormatError, match=r"is a pipe \(FIFO\), and no file"):
        read_text(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(path):
    path.write_text("x = 1")
    path.chmod(0)
    with pytest.raises(FileFormatError, match="cannot be read: Permission denied"):
        read_text(path)


def test_kinds_of_paths():
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFCHR: "a device", stat.S_IFSOCK: "a socket", stat.S_IFREG: ""}
    assert {mode: special_kind(mode) for mode in kinds} == kinds


def test_a_name_with_bytes_that_are_no_text():
    name = os.fsdecode(b"caf\xe9.py")
    assert printable(name) == "caf�.py"
