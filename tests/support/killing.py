"""Runs that are killed at a named moment, finished as a user would, and compared with an undisturbed one."""

from __future__ import annotations

import json
import os
import signal

import pytest

from pellucid.errors import ArgumentError
from pellucid.runs import RunFolder, resume, run
from pellucid.runs.ownership import LOCK


def killed_when(where, how, work):
    """Return the exit code of a process that does ``work`` and gets a signal when something is called."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where tests run in background
    place, name, number = where
    original, calls = getattr(place, name), []

    def called(*arguments, **options):
        calls.append(name)
        if len(calls) == number:
            signal.raise_signal(how)
        return original(*arguments, **options)

    setattr(place, name, called)
    code = 0
    try:
        work()
    except KeyboardInterrupt as interruption:
        code = 128 + getattr(interruption, "signal", signal.SIGINT)
    except BaseException as error:
        print(repr(error))
        code = 1
    finally:
        os._exit(code)


def finish(folder, experiment):
    """Do what a user would: run it again if there is nothing, or else resume it."""
    if not folder.exists():
        assert [path for path in folder.parent.iterdir() if not path.name.startswith(".")] == []
        run(experiment, folder, verbose=0)
        return
    if RunFolder.open(folder).status == "finished":
        with pytest.raises(ArgumentError, match="is finished"):
            resume(folder, verbose=0)
    else:
        resume(folder, verbose=0)


def assert_same(folder, whole):
    """Assert that two runs have the same bits, and that nothing is left of the kills."""
    for file in ("model.safetensors", "predictions.csv", "validation.csv", "pictures.npz", "uses.json"):
        assert (folder / file).read_bytes() == (whole.path / file).read_bytes(), file
    histories = [json.loads((one / "history.json").read_text()) for one in (folder, whole.path)]
    for row in [row for history in histories for row in history]:
        del row["seconds"]
    assert histories[0] == histories[1]
    RunFolder.open(folder).check()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert [path.name for path in folder.rglob(".*")] == []
    assert not (folder / LOCK).exists()
