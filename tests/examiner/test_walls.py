import os
import subprocess
import sys
import textwrap

import pytest
from other_user import is_root, run_as_another

from pellucid.examiner.student import Launcher
from pellucid.examiner.walls import landlock, probing, readable, seccomp
from pellucid.examiner.walls.system_calls import call
from pellucid.examiner.walls.walls import WALLS

linux = pytest.mark.skipif(
    not (landlock.version() and seccomp.is_known()), reason="needs Landlock and known system calls"
)
FILES = ["reading files outside the submission's folder", "changing files outside it"]
SOCKETS = ["using the network", "opening local sockets"]
SHOW = "from pellucid.examiner.student import Launcher; print(Launcher(without={without!r}).left_open)"
CONFINED = """
import ctypes, errno, os, signal, sys, threading
from pathlib import Path
from pellucid.examiner.walls import landlock, privileges, seccomp
from pellucid.examiner.walls.system_calls import call

def refused(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


def left_open(*without):
    launcher = Launcher(without=without)
    try:
        return launcher.left_open
    finally:
        launcher.end()


def said(code, folder):
    """Return what a process prints that shuts itself in."""
    done = subprocess.run(
        [sys.executable, "-c", CONFINED + textwrap.dedent(code)], cwd=folder, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.split()


@linux
@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_nothing_is_left_open_with_namespaces_or_without(without):
    assert left_open(*without) == []


@linux
@pytest.mark.skipif(not is_root(), reason="this user is without privileges already")
@pytest.mark.parametrize("without", [[], ["namespaces"]])
def test_nothing_is_left_open_to_a_user_without_privileges(without, tmp_path):
    done = run_as_another(["-c", SHOW.format(without=without)], tmp_path)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@linux
def test_what_is_left_open_without_a_wall_is_found_out_by_trying():
    assert left_open("namespaces", "landlock") == FILES
    assert left_open("seccomp")[:3] == [*SOCKETS, "starting processes"]
    everything = [name for name in probing.ATTEMPTS if "memory" not in name]
    assert [name for name in left_open(*WALLS) if name in everything] == everything


def test_an_attempt_that_is_refused_has_not_succeeded(monkeypatch):
    def refused():
        raise PermissionError

    monkeypatch.setattr(probing, "ATTEMPTS", {"one": refused, "another": lambda: None})
    assert probing.succeeded() == ["another"]


@linux
def test_landlock_leaves_the_chosen_paths(tmp_path):
    for name in ("given", "hidden", "own"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    code = """
        given, own = Path("given").resolve(), Path("own").resolve()
        rules = landlock.Rules([given], [], [own])
        call("prctl", 38, 1, 0, 0, 0)
        rules.obey()
        print(Path("given/file").read_text(), Path("own/file").read_text())
        print(refused(Path("hidden/file").read_text), refused(lambda: Path("given/file").write_text("x")))
        print(Path("own/new").write_text("new"), refused(lambda: os.rename("own/new", "new")))
        print(refused(lambda: os.listdir("hidden")), refused(lambda: os.truncate("hidden/file", 0)))
    """
    found = said(code, tmp_path)
    assert found.pop(5) in ("EACCES", "EXDEV")  # by the kernel's version
    assert found == ["given", "own", "EACCES", "EACCES", "3", "EACCES", "EACCES"]


@linux
def test_filtered_system_calls(tmp_path):
    code = """
        call("prctl", 38, 1, 0, 0, 0)
        parent = os.getppid()
        Path("file").write_text("x"); Path("file").chmod(0o600)
        before = seccomp.is_obeyed()
        seccomp.obey()
        print(before, seccomp.is_obeyed())
        print(refused(os.fork), refused(lambda: os.execv(sys.executable, ["x"])))
        print(refused(lambda: os.posix_spawn(sys.executable, ["x"], {})))
        print(refused(lambda: call("syscall", 0x40000000 + 57)))
        print(refused(lambda: call("socketpair", 1, 1, 0, 0)))
        print(refused(lambda: os.kill(parent, 0)), refused(lambda: os.kill(os.getpid(), 0)))
        print(refused(lambda: call("prctl", 1, 0, 0, 0, 0)), refused(lambda: os.mkfifo("pipe")))
        thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
        Path("file").chmod(0o777)
        print(oct(Path("file").stat().st_mode)[-3:])
    """
    refused = "EPERM"
    expected = ["False", "True", *[refused] * 6, "done", refused, refused, "thread", "600"]
    assert said(code, tmp_path) == expected


@pytest.mark.skipif(not is_root(), reason="only root has privileges to give up")
@linux
def test_privileges_are_given_up_for_good(tmp_path):
    code = """
        import pellucid.examiner.walls.namespaces
        if privileges.can_be_nobody([]):
            privileges.give_up(root_too=True)
            print(os.getuid(), refused(lambda: os.setuid(0)))
        else:
            print(65534, "EPERM")
        print([line.split()[1] for line in open("/proc/thread-self/status") if line.startswith("CapEff")])
    """
    assert said(code, tmp_path) == ["65534", "EPERM", "['0000000000000000']"]


def test_everything_below_a_folder_but_what_is_hidden(tmp_path):
    for name in ("a/b/c", "a/d", "e"):
        (tmp_path / name).mkdir(parents=True)
    found = set(readable.readable(tmp_path, [tmp_path / "a/b"]))
    assert found == {tmp_path / "a/d", tmp_path / "e"}
    assert list(readable.readable(tmp_path / "a/b/c", [tmp_path / "a/b"])) == []
    assert list(readable.readable(tmp_path / "e", [tmp_path / "a"])) == [tmp_path / "e"]


def test_what_judges_is_hidden_whatever_a_file_imports():
    import pellucid

    here = os.path.dirname(pellucid.__file__)  # noqa: PTH120 - compared as text
    assert f"{here}/examiner" in {path.as_posix() for path in readable.hidden(["pellucid", "scipy"])}
    assert here in {path.as_posix() for path in readable.hidden(["scipy"])}
    assert any(path.name == "scipy" for path in readable.hidden([]))
    assert not any(path.name == "scipy" for path in readable.hidden(["scipy"]))


def test_a_function_that_the_platform_has_not_is_told():
    with pytest.raises(OSError, match=r"this platform has no nosuchcall\. Received: name='nosuchcall'"):
        call("nosuchcall")
