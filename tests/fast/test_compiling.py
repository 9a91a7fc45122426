"""Kernels compile, are kept on disk, and work where nothing can be kept; who waits is told."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.caching import CacheImpl

import pellucid
from pellucid.core.terminal import telling
from pellucid.fast import compiling
from pellucid.fast.compiling import compiled


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """A terminal, and nothing told yet."""
    return told_to(Terminal(), monkeypatch)


def told_to(stream, monkeypatch):
    """Let the kernels' module see that stream as stderr, and forget what it told."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(compiling, "progress_stream", lambda: stream)
    monkeypatch.setattr(compiling, "_told", False)
    return stream


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder to keep kernels in."""
    import numba

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


def doubled():
    """Return a kernel that is not compiled yet."""

    def double(values):
        for i in range(values.size):
            values[i] *= 2

    return compiled(double)


def assert_doubles(double):
    values = np.ones(3, np.float32)
    double(values)
    np.testing.assert_array_equal(values, [2, 2, 2])


def test_what_was_compiled_is_kept_and_found_again_and_said_once(terminal, folder):
    first = doubled()
    assert_doubles(first)
    assert [path.suffix for path in sorted(folder.rglob("*.nb?"))] == [".nbc", ".nbi"]
    told = terminal.getvalue()
    assert told.split("\r")[-1] == (
        "pellucid: compiling functions for this processor, which takes some seconds;\n"
        "they are kept for later.\n"
    )
    assert told.endswith("\n")
    assert_doubles(doubled())
    again = doubled()
    assert_doubles(again)
    assert sum(again._cache_hits.values()) == 1
    assert not again._cache_misses
    assert terminal.getvalue() == told


def test_what_is_found_is_not_told_of(terminal, folder, monkeypatch):
    assert_doubles(doubled())
    later = told_to(Terminal(), monkeypatch)
    assert_doubles(doubled())
    assert later.getvalue() == ""


def test_a_change_in_another_file_of_the_folder_makes_it_compile_anew(folder, monkeypatch):
    """A kernel is made of parts that lie in other files than its own."""
    assert_doubles(doubled())
    monkeypatch.setattr(compiling, "_stamp", lambda: "another")
    again = doubled()
    assert_doubles(again)
    assert not again._cache_hits
    assert sum(again._cache_misses.values()) == 1


def test_the_stamp_follows_the_files(tmp_path, monkeypatch):
    folder = tmp_path / "fast"
    shutil.copytree(Path(compiling.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiling, "__file__", str(folder / "compiling.py"))
    before = compiling._stamp.__wrapped__()
    assert before == compiling._stamp()
    for name, matters in {"buffers.py": False, "rectification/compiled_rectification.py": True}.items():
        with (folder / name).open("a") as file:
            file.write("# changed\n")
        assert (compiling._stamp.__wrapped__() != before) == matters


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_full_or_closed_disk_does_not_matter(folder, monkeypatch, number):
    double = doubled()

    def refuse(*arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(double._cache._cache_file, "save", refuse)
    monkeypatch.setattr(double._cache._cache_file, "load", refuse)
    assert_doubles(double)
    assert_doubles(double)


def test_code_that_cannot_be_written_out_is_compiled_again_in_the_next_process(folder, monkeypatch):
    def refuse(*arguments):
        raise RuntimeError("no compiled object yet for <Library 'double'>")

    monkeypatch.setattr("numba.core.caching.FunctionCache.save_overload", refuse)
    assert_doubles(doubled())
    assert list(folder.rglob("*.nbc")) == []


def test_a_file_that_was_cut_short_does_not_matter(folder):
    assert_doubles(doubled())
    for path in folder.rglob("*.nb?"):
        path.write_bytes(path.read_bytes()[:10])
    assert_doubles(doubled())
    again = doubled()
    assert_doubles(again)
    assert again._cache_hits


def test_with_no_folder_to_keep_it_in_it_works_and_says_so(terminal, monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    monkeypatch.setattr("numba.config.CACHE_DIR", "")
    double = doubled()
    assert_doubles(double)
    assert "at every start, as there is no folder to keep them in (NUMBA_CACHE_DIR" in " ".join(
        terminal.getvalue().split()
    )
    assert_doubles(double)
    assert terminal.getvalue().count("pellucid:") == 1


def test_into_a_file_nothing_is_said(folder, monkeypatch):
    stream = told_to(io.StringIO(), monkeypatch)
    assert_doubles(doubled())
    assert stream.getvalue() == ""
    for path in folder.rglob("*.nb?"):
        path.unlink()
    told_to(None, monkeypatch)  # a program without a console
    assert_doubles(doubled())


def test_into_a_file_it_is_said_while_a_command_tells_what_it_does(folder, monkeypatch):
    stream = told_to(io.StringIO(), monkeypatch)
    with telling():
        assert_doubles(doubled())
    assert stream.getvalue() == (
        "pellucid: compiling functions for this processor, which takes some seconds; "
        "they are kept for later.\n"
    )


def test_in_a_notebook_it_is_said(folder, monkeypatch):
    stream = told_to(io.StringIO(), monkeypatch)
    monkeypatch.setattr(compiling, "in_notebook", lambda: True)
    assert_doubles(doubled())
    assert stream.getvalue().startswith("pellucid: compiling functions")


def test_installed_where_nothing_may_be_written_it_works_without_a_warning(tmp_path):
    """A file stands where Numba would make a folder, both beside the source and in the user's home."""
    site = tmp_path / "site"
    site.mkdir()
    shutil.copytree(
        Path(pellucid.__file__).parent, site / "pellucid", ignore=shutil.ignore_patterns("__pycache__")
    )
    (site / "pellucid/fast/updates/__pycache__").touch()
    (tmp_path / "home").touch()
    program = (
        "import numpy as np\n"
        "from pellucid.fast.updates import compiled_updates as updates\n"
        "a, b = np.ones((2, 5), np.float32)\n"
        "updates.sgd(a, b, np.float32(0.5))\n"
        "print(updates.__file__, a.tolist(), type(updates.sgd._cache).__name__)\n"
    )
    home = str(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", program],
        env={"PYTHONPATH": str(site), "HOME": home, "XDG_CACHE_HOME": home, "LOCALAPPDATA": home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(str(site))
    assert done.stdout.endswith("[0.5, 0.5, 0.5, 0.5, 0.5] _Nowhere\n")
