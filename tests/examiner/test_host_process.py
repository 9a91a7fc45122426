import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pellucid.examiner.host_process import Host, Stopped

SLEEPING = "def relu(maps):\n    import time\n    time.sleep(600)\n"
COMMAND = "from pellucid.cli.main import main; main()"
WITHOUT_NAMESPACES = """
import sys
from pellucid.examiner import examine
from pellucid.examiner.host_process import Host
with Host(without=["namespaces"]) as host:
    examine(sys.argv[2], questions=[21], seconds=600, host=host)
"""
LONG = 120.0  # seconds, on however slow a machine
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def parents():
    """Return each process's parent, without those that have ended and wait to be asked for their status."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def family(process):
    """Return the process and its descendants."""
    found, known = {process}, parents()
    while more := {child for child, parent in known.items() if parent in found} - found:
        found |= more
    return found


def wait_until(true, what):
    last = time.monotonic() + LONG
    while not true():
        if time.monotonic() > last:
            pytest.fail(what)
        time.sleep(0.02)


def busy(code, folder, processes):
    """Start a check of a file that sleeps, and wait until a student's process runs in it."""
    (folder / "sleeping.py").write_text(SLEEPING)
    (folder / "temporary").mkdir()
    arguments = ["check", "sleeping.py", "-q", "21", "--seconds", "600"]
    command = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until(lambda: len(family(command.pid)) >= processes, "no student's process was started")
    time.sleep(0.5)  # so that it is often past its beginning; the test holds whatever it is doing
    return command


@linux
@pytest.mark.parametrize(
    ("code", "sent"),
    [
        (COMMAND, signal.SIGINT),
        (COMMAND, signal.SIGTERM),
        (COMMAND, signal.SIGHUP),
        (COMMAND, signal.SIGKILL),
        (WITHOUT_NAMESPACES, signal.SIGTERM),
        (WITHOUT_NAMESPACES, signal.SIGKILL),
    ],
)
def test_an_interrupted_check_leaves_no_process_and_no_folder(code, sent, tmp_path):
    command = busy(code, tmp_path, 4)
    everyone = family(command.pid)
    command.send_signal(sent)
    is_interrupted = code == COMMAND and sent in (signal.SIGINT, signal.SIGTERM)
    assert command.wait(LONG) == (130 if is_interrupted else -sent)
    wait_until(lambda: not everyone & set(parents()), "a process was left")
    assert list((tmp_path / "temporary").iterdir()) == []


@linux
def test_the_process_that_judges_may_be_killed_too(tmp_path):
    command = busy(COMMAND, tmp_path, 4)
    (host,) = (child for child, parent in parents().items() if parent == command.pid)
    everyone = family(host)
    os.kill(host, signal.SIGKILL)
    wait_until(lambda: not everyone & set(parents()), "a process was left")
    command.kill()
    command.wait()


def test_a_host_that_is_closed_is_not_started_again():
    host = Host()
    host.close()
    with pytest.raises(Stopped):
        host.ask({})


def test_a_file_named_like_a_library_does_not_run_in_the_process_that_judges(tmp_path, monkeypatch):
    (tmp_path / "queue.py").write_text("raise SystemExit('it ran')\n")
    monkeypatch.chdir(tmp_path)
    with Host() as host:
        job = {"name": "x.py", "source": "def relu(maps): pass", "seed": 0, "question": None}
        told = host.ask({**job, "seconds": 20, "megabytes": 2048, "definitions_only": False})
    assert told["found"] == [21]
