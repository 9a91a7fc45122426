import os
import signal
import subprocess
import sys
import time

import pytest

from pellucid.core.temporaries import new_folder, remove_folder, remove_leftovers, temporary_prefix

KILLED_WHILE = """
import os, signal, sys
from pathlib import Path
from pellucid.core.files import replacing
from pellucid.core.temporaries import new_folder
with {what}(Path(sys.argv[1])) as made:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while(what, path):
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE.format(what=what), str(path)])
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("what", ["replacing", "new_folder"])
def test_what_a_killed_process_left_is_removed_by_the_next_one_at_once(what, tmp_path):
    target = tmp_path / "runs" / "it"
    target.parent.mkdir()
    killed_while(what, target)
    (left,) = target.parent.iterdir()
    assert left.name.startswith(".it.")
    assert left.name.endswith(".part")
    with new_folder(target):
        pass
    assert list(target.parent.iterdir()) == [target]


def test_what_this_process_is_writing_stays(tmp_path):
    with new_folder(tmp_path / "it") as temporary:
        remove_leftovers(tmp_path)
        assert temporary.is_dir()


def test_only_that_of_one_target_is_removed_if_asked(tmp_path):
    for name in ("one", "other"):
        killed_while("new_folder", tmp_path / name)
    remove_leftovers(tmp_path, "one")
    assert [path.name.split(".")[1] for path in tmp_path.iterdir()] == ["other"]


def test_that_of_another_machine_is_removed_when_it_is_old(tmp_path):
    (tmp_path / ".it.00000000-1-5.5-x.part").write_text("half")
    remove_leftovers(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    long_ago = time.time() - 7200
    os.utime(tmp_path / ".it.00000000-1-5.5-x.part", (long_ago, long_ago))
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_left_alone(tmp_path):
    for name in ("mine.part", ".hidden", ".it.part.txt"):
        (tmp_path / name).write_text("dear")
        os.utime(tmp_path / name, (0, 0))
    remove_leftovers(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    def interrupted():
        with new_folder(tmp_path / "it") as temporary:
            (temporary / "file").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []
    with new_folder(tmp_path / "it") as temporary:
        assert not (tmp_path / "it").exists()
        (temporary / "file").write_text("whole")
    assert (tmp_path / "it" / "file").read_text() == "whole"


def test_a_folder_that_holds_something_is_not_replaced(tmp_path):
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "file").write_text("dear")
    with pytest.raises(OSError, match="not empty"), new_folder(tmp_path / "it"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "it").mkdir()
    with new_folder(tmp_path / "it") as temporary:
        (temporary / "file").write_text("whole")
    assert (tmp_path / "it" / "file").is_file()


def test_a_folder_is_removed_as_one(tmp_path):
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "file").write_text("")
    remove_folder(tmp_path / "it")
    assert list(tmp_path.iterdir()) == []


def test_the_name_names_the_target_and_the_process(tmp_path):
    assert f"-{os.getpid()}-" in temporary_prefix(tmp_path / "it")
