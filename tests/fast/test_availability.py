"""Whether there are compiled kernels: where Numba is, and works, and is wanted."""

from __future__ import annotations

import signal
import subprocess
import sys
import warnings

import numba
import pytest

from pellucid.errors import PellucidNote
from pellucid.fast import availability as compiled


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    monkeypatch.setattr(compiled, "_loading", None)
    compiled.available.cache_clear()
    yield
    compiled.available.cache_clear()


def test_without_numba_there_are_none(monkeypatch):
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert not compiled.available()


def test_a_numba_that_refuses_is_done_without_and_said_once(monkeypatch):
    """As with a NumPy newer than it knows: it is installed, and its import fails."""

    class Refusing:
        def find_spec(self, name, path=None, target=None):
            if name == "numba":
                raise ImportError("Numba needs NumPy 2.2 or less. Got NumPy 2.9.")

    # where Numba is not loaded yet, the import asks the finders
    monkeypatch.delitem(sys.modules, "numba")
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    monkeypatch.setattr(compiled, "find_spec", lambda name: object())
    with pytest.warns(
        PellucidNote, match=r"Numba is installed, but cannot be imported \(Numba needs NumPy 2.2"
    ):
        assert not compiled.available()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not compiled.available()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that sends a signal")
@pytest.mark.parametrize("milliseconds", [30, 120])
def test_ctrl_c_while_numba_is_loaded_does_it_no_harm(milliseconds):
    """It comes to the main thread, and Numba is loaded in another: the next call finds it whole."""
    program = (
        "import signal, sys\n"
        "from pellucid.fast import availability as compiled\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        f"signal.setitimer(signal.ITIMER_REAL, {milliseconds / 1000})\n"
        "try:\n"
        "    compiled.available()\n"
        "    signal.pause()\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
        "compiled.available()\n"
        "from pellucid.fast.updates import compiled_updates as updates\n"
        "import numpy as np\n"
        "a, b = np.ones((2, 3), np.float32)\n"
        "updates.sgd(a, b, np.float32(1))\n"
        "print(compiled.available(), a.tolist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("interrupted\nTrue [0.0, 0.0, 0.0]\n", "")


def test_where_numba_is_told_not_to_compile_there_are_none(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert not compiled.available()


def test_a_deleted_working_folder_is_said_and_done_without(monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.warns(PellucidNote, match=r"working folder cannot be read .*Change to a folder that exists"):
        assert not compiled.available()
