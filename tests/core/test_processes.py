import os
import subprocess
import sys
from dataclasses import replace

import pytest

from pellucid.core import processes
from pellucid.core.processes import own_process, start_of

HAS_PROC = processes.PROC.joinpath("self").exists()


@pytest.fixture
def ended():
    """Return the identity of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = replace(own_process(), pid=child.pid, started=start_of(child.pid))
    assert identity.runs_here()
    child.kill()
    child.communicate()
    return identity


def test_this_process_runs():
    assert own_process().runs_here()
    assert own_process().pid == os.getpid()


def test_a_process_that_has_ended_does_not(ended):
    assert not ended.runs_here()


@pytest.mark.skipif(not HAS_PROC, reason="the platform does not say when a process started")
def test_another_process_with_the_same_id_is_told_by_its_start():
    assert own_process().started
    assert not replace(own_process(), started="00000000.1").runs_here()


@pytest.mark.skipif(not HAS_PROC, reason="the platform has no such state")
def test_a_process_that_has_ended_and_is_not_waited_for_does_not_run():
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert start_of(child.pid) == ""
    child.wait()


def test_without_start_times_the_id_decides(monkeypatch, tmp_path, ended):
    monkeypatch.setattr(processes, "PROC", tmp_path)
    assert own_process().started == ""
    assert own_process().runs_here()
    assert not replace(ended, started="").runs_here()


def test_a_process_of_another_machine_does_not_run_here():
    assert not replace(own_process(), host="elsewhere").runs_here()
