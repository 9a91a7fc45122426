import json
import os
import subprocess
import sys
import time

import pytest

from pellucid.core.processes import own_process
from pellucid.errors import OutputError
from pellucid.runs import ownership
from pellucid.runs.ownership import LOCK, owner_of, take

HOLD = """
import sys
from pathlib import Path
from pellucid.runs.ownership import take
take(Path(sys.argv[1]))
print("taken", flush=True)
input()
"""


@pytest.fixture
def holder(tmp_path):
    """Return a process that owns the folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "taken\n"
    yield child
    child.kill()
    child.communicate()


def record(folder, **changes):
    """Write a lock of this process with ``changes``, which is not locked."""
    own = own_process()
    owner = {"host": own.host, "pid": own.pid, "started": own.started, "since": "2026-01-02T03:04:05+00:00"}
    (folder / LOCK).write_text(json.dumps({**owner, **changes}))


def test_nobody_owns_a_new_folder(tmp_path):
    assert owner_of(tmp_path) is None


def test_one_who_owns_it_is_named_and_nobody_else_may_write(holder, tmp_path):
    owner = owner_of(tmp_path)
    assert (owner.pid, owner.process) != (os.getpid(), own_process())
    assert owner.pid == holder.pid
    with pytest.raises(OutputError) as error:
        take(tmp_path)
    clock = r"\d\d:\d\d"
    assert error.match(f"is being trained by process {holder.pid} on this machine since {clock}\\.$")


def test_the_lock_of_a_killed_process_is_taken_over(holder, tmp_path):
    holder.kill()
    holder.communicate()
    assert (tmp_path / LOCK).is_file()
    assert owner_of(tmp_path) is None
    taken = take(tmp_path)
    assert owner_of(tmp_path).pid == os.getpid()
    taken.release()
    assert list(tmp_path.iterdir()) == []


def test_a_process_does_not_own_a_folder_twice(tmp_path):
    first = take(tmp_path)
    with pytest.raises(OutputError, match=rf"by this process \({os.getpid()}\) on this machine since"):
        take(tmp_path)
    first.release()
    take(tmp_path).release()


def test_another_process_with_the_id_of_the_dead_owner_owns_nothing(tmp_path):
    record(tmp_path, started="00000000.1")
    assert owner_of(tmp_path) is None
    take(tmp_path).release()


def test_on_a_disk_without_locks_the_process_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(ownership, "fcntl", None)
    record(tmp_path)
    assert owner_of(tmp_path).pid == os.getpid()
    with pytest.raises(OutputError, match="is being trained by this process"):
        take(tmp_path)


def test_another_machine_owns_it_as_long_as_it_gives_signs_of_life(tmp_path):
    record(tmp_path, host="attic", pid=17)
    assert str(owner_of(tmp_path)) == "process 17 on the machine attic since 2026-01-02 " + clock_of_record()
    with pytest.raises(OutputError, match="is being trained by process 17 on the machine attic since"):
        take(tmp_path)
    silent = time.time() - ownership.SILENCE_SECONDS - 1
    os.utime(tmp_path / LOCK, (silent, silent))
    assert owner_of(tmp_path) is None
    take(tmp_path).release()


def clock_of_record():
    return f"{ownership.datetime.fromisoformat('2026-01-02T03:04:05+00:00').astimezone():%H:%M}"


def test_signs_of_life_are_given(tmp_path, monkeypatch):
    monkeypatch.setattr(ownership, "SIGN_SECONDS", 0.001)
    taken = take(tmp_path)
    os.utime(tmp_path / LOCK, (0, 0))
    taken.give_signs_of_life()
    deadline = time.monotonic() + 60
    while (tmp_path / LOCK).stat().st_mtime == 0 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert (tmp_path / LOCK).stat().st_mtime > 0
    taken.release()


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"host": 3}', '{"host": "x", "pid": 1}'])
def test_a_lock_that_was_cut_short_is_nobody_s(tmp_path, content):
    (tmp_path / LOCK).write_text(content)
    assert owner_of(tmp_path) is None
    take(tmp_path).release()


@pytest.mark.parametrize("content", ["", "{"])
def test_one_who_has_locked_it_owns_it_whatever_the_file_says(holder, tmp_path, content):
    (tmp_path / LOCK).write_text(content)
    assert str(owner_of(tmp_path)) == "another process"
    with pytest.raises(OutputError, match="is being trained by another process"):
        take(tmp_path)


def test_one_who_looks_does_not_stand_in_the_way(tmp_path, monkeypatch):
    take(tmp_path).release()
    (tmp_path / LOCK).write_text("")
    looking = os.open(tmp_path / LOCK, os.O_RDONLY)
    assert ownership._lock(looking, shared=True)
    monkeypatch.setattr(ownership.time, "sleep", lambda _: os.close(looking))  # it has looked
    take(tmp_path).release()


def test_a_folder_that_is_gone_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match=r"Cannot write .*lock\.json: No such file or directory\."):
        take(tmp_path / "gone")
