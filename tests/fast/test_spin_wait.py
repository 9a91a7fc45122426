"""The token: which thread has it, which waits for it, and that none waits for ever."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from pellucid.engine import workers as module
from pellucid.engine.compiled import COMPILED
from pellucid.engine.workers import Workers
from pellucid.fast.hand_off import spinning, wait_while
from pellucid.fast.spin_wait import THREADS, TOKEN, counters, release_token, spin_for_token


@pytest.fixture(autouse=True)
def no_thread_has_the_token():
    assert counters[THREADS] == 0  # whatever ran before let go of its threads
    counters[TOKEN] = 0
    yield
    counters[TOKEN] = 0
    assert counters[THREADS] == 0


def test_a_token_is_taken_and_given_away():
    with spinning():
        spin_for_token()
        assert counters[TOKEN] == 1
        release_token()
        assert counters[TOKEN] == 0


def test_a_thread_alone_takes_no_token():
    spin_for_token()
    assert counters[TOKEN] == 0
    wait_while(np.zeros(1, np.int64), 0, 1)
    assert counters[TOKEN] == 0


def test_who_comes_out_of_a_kernel_has_the_turn():
    with spinning():
        wait_while(np.zeros(1, np.int64), 0, 1)
        assert counters[TOKEN] == 1


def test_a_token_that_is_not_given_away_is_not_waited_for_without_end():
    with spinning():
        counters[TOKEN] = 1
        waiting = threading.Thread(target=spin_for_token, daemon=True)
        waiting.start()
        waiting.join(60)
    assert not waiting.is_alive()


def test_helpers_spin_for_tokens_while_they_are_there(monkeypatch):
    monkeypatch.setattr(module, "_cpus", lambda: 2)
    found = []
    with Workers(2, COMPILED.hand_off) as workers:
        workers.run(lambda number: found.append((number, counters[THREADS])), 2)
        workers.run(lambda number: found.append((number, counters[THREADS])), 2)
    assert sorted(found)[-1] == (1, 1)


def test_helpers_that_outnumber_the_processors_take_none(monkeypatch):
    """One of them may not be running, and it would be waited for."""
    monkeypatch.setattr(module, "_cpus", lambda: 1)
    found = []
    with Workers(2, COMPILED.hand_off) as workers:
        for _ in range(3):
            workers.run(lambda _: found.append(counters[THREADS]), 2)
    assert set(found) == {0}
