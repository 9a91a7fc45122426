"""Threads that share out pieces: all of them done, errors brought back, nothing left behind."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers
from pellucid.engine import workers as module
from pellucid.engine.compiled import COMPILED
from pellucid.engine.workers import Workers, blas_info, checked_threads, default_threads, one_blas_thread
from pellucid.errors import ArgumentError


def own_threads() -> list[str]:
    """Return the names of our threads that run; one interrupted in its start may be listed, and does not."""
    alive = [thread.name for thread in threading.enumerate() if thread.is_alive()]
    return [name for name in alive if name.startswith("pellucid-")]


def none_left() -> bool:
    """Wait for threads that were told to end; an interrupted start may leave one a moment longer."""
    deadline = time.monotonic() + 60
    while own_threads() and time.monotonic() < deadline:
        time.sleep(0.001)
    return not own_threads()


def blas_threads() -> list[int]:
    """Return how many threads NumPy's library takes; others may be loaded after it was asked for."""
    return [library.num_threads for library in module._blas_libraries()]


# Sharing out


@given(threads=st.integers(1, 5), counts=st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_each_number_is_worked_on_once_however_many_threads(threads, counts):
    with Workers(threads) as workers:
        for count in counts:  # one team works on one share after another
            seen: list[int] = []
            workers.run(seen.append, count)
            assert sorted(seen) == list(range(count))


def test_run_returns_only_when_all_is_done():
    done = []

    def slow(number):
        time.sleep(0.01 * number)
        done.append(number)

    with Workers(3) as workers:
        workers.run(slow, 6)
        assert len(done) == 6


def test_the_work_is_really_shared():
    """Two tasks that each wait for the other end only when two threads work at a time."""
    both = threading.Barrier(2, timeout=60)
    with Workers(2) as workers:
        workers.run(lambda _: both.wait() and None, 2)


def test_the_callers_own_thread_is_one_of_the_team():
    with Workers(3) as workers:
        workers.run(lambda _: None, 1)
        assert own_threads() == []  # nobody else was needed yet
        workers.run(lambda _: None, 2)
        assert own_threads() == ["pellucid-1"]
        workers.run(lambda _: None, 5)
        assert own_threads() == ["pellucid-1", "pellucid-2"]
        assert workers.threads == 3
    with Workers(1) as workers:
        assert own_threads() == []
        names = []
        workers.run(lambda _: names.append(threading.current_thread()), 3)
        assert set(names) == {threading.main_thread()}


# Errors


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_an_error_comes_back_and_the_team_goes_on_working(threads):
    def fail(number):
        if number == 2:
            raise ZeroDivisionError(f"in task {number}")

    with Workers(threads) as workers:
        with pytest.raises(ZeroDivisionError, match="in task 2"):
            workers.run(fail, 5)
        seen: list[int] = []
        workers.run(seen.append, 5)
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert own_threads() == []


@pytest.mark.parametrize("threads", [1, 3])
def test_no_task_is_begun_after_an_error_but_those_under_way_are_finished(threads):
    begun, ended = [], []

    def work(number):
        begun.append(number)
        if number == 0:
            raise KeyError("first")
        time.sleep(0.02)
        ended.append(number)

    with Workers(threads) as workers:
        with pytest.raises(KeyError):
            workers.run(work, 1000)
        assert len(begun) < 1000
        assert len(ended) == len(begun) - 1


def test_an_error_in_a_helper_thread_comes_back_too():
    both = threading.Barrier(2, timeout=60)

    def fail_elsewhere(number):
        both.wait()  # so that each of the two threads has one of the two tasks
        if threading.current_thread() is not threading.main_thread():
            raise ValueError("from the helper")

    with Workers(2) as workers, pytest.raises(ValueError, match="from the helper"):
        workers.run(fail_elsewhere, 2)


def test_overflow_in_any_thread_warns_nobody():
    def overflow(number):
        np.exp(np.full(4, 1e4)) - np.exp(np.full(4, 1e4))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Workers(2) as workers, module.no_warnings():
            workers.run(overflow, 4)


# Waiting awake before sleeping


@pytest.fixture
def hand_off():
    """How threads of the compiled engine wait for one another."""
    pytest.importorskip("numba")
    return COMPILED.hand_off


@pytest.mark.parametrize(("cpus", "awake"), [(2, False), (3, True), (16, True)])
def test_threads_wait_awake_unless_they_outnumber_the_cpus(hand_off, monkeypatch, cpus, awake):
    """One that waits awake would keep another from working."""
    monkeypatch.setattr(module, "_cpus", lambda: cpus)
    with Workers(3, hand_off) as workers:
        for _ in range(20):
            seen: list[int] = []
            workers.run(seen.append, 7)
            assert sorted(seen) == list(range(7))
        assert [helper.hand_off is not None for helper in workers._helpers] == [awake] * 2
    assert own_threads() == []


def test_without_a_hand_off_threads_sleep(monkeypatch):
    monkeypatch.setattr(module, "_cpus", lambda: 16)
    with Workers(3) as workers:
        workers.run(lambda _: None, 5)
        assert [helper.hand_off for helper in workers._helpers] == [None, None]


@pytest.mark.parametrize("pause", [0.0, 0.005])
def test_threads_find_what_comes_at_once_and_what_comes_after_they_went_to_sleep(
    hand_off, monkeypatch, pause
):
    monkeypatch.setattr(module, "_cpus", lambda: 16)
    with Workers(4, hand_off) as workers:
        for count in (1, 2, 9, 0, 4) * 4:
            time.sleep(pause)
            seen: list[int] = []
            workers.run(seen.append, count)
            assert sorted(seen) == list(range(count))
        for helper in workers._helpers:  # each share given was done, and counted
            deadline = time.monotonic() + 60
            while helper.counts[module.GIVEN] != helper.counts[module.DONE] and time.monotonic() < deadline:
                time.sleep(0.001)
            assert helper.counts[module.GIVEN] == helper.counts[module.DONE] > 0


def test_an_error_where_threads_wait_awake_comes_back_too(hand_off, monkeypatch):
    monkeypatch.setattr(module, "_cpus", lambda: 16)

    def fail(number):
        raise ZeroDivisionError(f"in task {number}")

    with Workers(3, hand_off) as workers:
        for _ in range(5):
            with pytest.raises(ZeroDivisionError, match="in task"):
                workers.run(fail, 5)


# Ctrl-C


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("waiting", [False, True], ids=["while working", "while waiting for the others"])
def test_ctrl_c_in_the_middle_leaves_no_stuck_threads(waiting):
    before = blas_threads()
    elsewhere = threading.Event()

    def task(number):
        in_main = threading.current_thread() is threading.main_thread()
        if in_main == waiting:  # this one has to be quick, and the other is to be interrupted
            elsewhere.wait(10)
            return
        elsewhere.set()
        if not in_main:
            time.sleep(0.05)  # until the caller has nothing left but to wait
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)

    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        workers.run(task, 2)
    assert none_left()
    assert blas_threads() == before


@pytest.fixture
def interrupt_after():
    """A function that interrupts this thread, as Ctrl-C does, after so many seconds."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("needs a timer that sends a signal")
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    gc.collect()
    gc.disable()  # Python swallows what is raised while it tidies up
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    gc.enable()
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("cpus", [2, 16], ids=["asleep", "looking"])
def test_ctrl_c_at_any_moment_of_training_leaves_no_stuck_threads(interrupt_after, monkeypatch, cpus):
    monkeypatch.setattr(module, "_cpus", lambda: cpus)
    network = Sequential([layers.Input((8, 8, 1)), layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(3)])
    network.compile("sgd", "mse")
    x, y = np.zeros((2000, 8, 8, 1), np.float32), np.zeros((2000, 3), np.float32)
    network.fit(x[:64], y[:64], verbose=0, threads=3)  # loads the kernels, which is not what is tested here
    before = blas_threads()
    for milliseconds in np.geomspace(0.1, 30, 15):
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it may come before fit
            interrupt_after(milliseconds / 1000)
            network.fit(x, y, batch_size=64, epochs=2000, verbose=0, threads=3)
        assert none_left()
        assert blas_threads() == before
    assert network.fit(x[:64], y[:64], verbose=0, threads=3).epoch == [0]


# How many threads


def test_the_environment_variable_says_how_many(monkeypatch):
    monkeypatch.setenv("PELLUCID_THREADS", " 3 ")
    assert default_threads() == 3
    assert Workers().threads == 3
    assert Workers(2).threads == 2  # what is asked for in the call goes first


@pytest.mark.parametrize("value", [None, ""])
def test_without_it_all_cpus_that_the_process_may_use(monkeypatch, value):
    monkeypatch.delenv("PELLUCID_THREADS", raising=False)
    if value is not None:
        monkeypatch.setenv("PELLUCID_THREADS", value)
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda _: {3, 5, 6}, raising=False)
    assert default_threads() == 3
    monkeypatch.delattr(module.os, "sched_getaffinity")
    monkeypatch.setattr(module.os, "cpu_count", lambda: 7)
    assert default_threads() == 7
    monkeypatch.setattr(module.os, "cpu_count", lambda: None)
    assert default_threads() == 1


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "1e3"])
def test_a_wrong_environment_variable_is_named(monkeypatch, value):
    monkeypatch.setenv("PELLUCID_THREADS", value)
    with pytest.raises(ArgumentError) as error:
        Workers()
    assert str(error.value) in (
        f"PELLUCID_THREADS is a whole number of at least 1. Received: PELLUCID_THREADS={value!r}",
        f"PELLUCID_THREADS is a whole number of at least 1. Received: PELLUCID_THREADS={value}",
    )


@pytest.mark.parametrize("threads", [0, -2, 1.0, True, "2", [1]])
def test_a_wrong_number_of_threads_is_an_error(threads):
    with pytest.raises(ArgumentError) as error:
        checked_threads(threads)
    assert str(error.value) == f"threads is a whole number of at least 1. Received: threads={threads!r}"


@pytest.fixture
def four_cpus(monkeypatch):
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)


@pytest.mark.usefixtures("four_cpus")
def test_as_many_threads_as_cpus_are_nothing_to_speak_of(recwarn):
    assert [checked_threads(number) for number in (1, 3, 4)] == [1, 3, 4]
    assert not recwarn.list


@pytest.mark.usefixtures("four_cpus")
@pytest.mark.parametrize("name", ["threads", "PELLUCID_THREADS"])
def test_more_threads_than_cpus_are_said_once_and_had(monkeypatch, name):
    monkeypatch.setenv("PELLUCID_THREADS", "5")
    asked = 5 if name == "threads" else None
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        for _ in range(2):
            with Workers(asked) as workers:
                workers.run(lambda _: None, 9)
                assert workers.threads == 1 + len(own_threads()) == 5
    assert [str(note.message) for note in notes] == [
        f"{name}=5 is more than the 4 CPUs that this process may use: the results are the same, and training "
        f"is commonly slower than with {name}=4."
    ]


def test_more_threads_than_the_system_gives_are_an_error_that_leaves_none_behind(monkeypatch):
    start = threading.Thread.start

    def grudging(thread):
        if len(own_threads()) == 2:
            raise RuntimeError("can't start new thread")
        start(thread)

    before = blas_threads()
    monkeypatch.setattr(threading.Thread, "start", grudging)
    with pytest.raises(ArgumentError) as error, Workers(4) as workers:
        workers.run(lambda _: None, 9)
    assert str(error.value) == (
        "The system gave 3 of the threads asked for (can't start new thread). Received: threads=4"
    )
    assert none_left()
    assert blas_threads() == before


def test_numbers_of_numpy_will_do():
    assert type(checked_threads(np.int64(2))) is int


# The BLAS library


@pytest.fixture
def needs_blas():
    if not blas_info():
        pytest.skip("threadpoolctl does not know the BLAS library that NumPy uses here")


@pytest.mark.usefixtures("needs_blas")
def test_blas_is_held_to_one_thread_and_set_back_even_after_an_error():
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=2, user_api="blas"):
        assert set(blas_threads()) == {2}
        with pytest.raises(ZeroDivisionError), Workers(2) as workers:  # noqa: PT012 - it may come at any line of the block
            assert set(blas_threads()) == {1}
            workers.run(lambda number: 1 // number, 3)
        assert set(blas_threads()) == {2}


@pytest.mark.usefixtures("needs_blas")
def test_blas_is_set_back_by_the_last_of_several_teams_in_whatever_order_they_end():
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=2, user_api="blas"):
        first, second = Workers(1), Workers(1)
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert set(blas_threads()) == {1}  # the second still needs it
        second.__exit__(None, None, None)
        assert set(blas_threads()) == {2}
        with one_blas_thread(), one_blas_thread():
            assert set(blas_threads()) == {1}
        assert set(blas_threads()) == {2}


@pytest.fixture
def nothing_controls_blas(monkeypatch):
    import threadpoolctl

    class Nothing:
        lib_controllers = ()

        def select(self, **_):
            return self

    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", Nothing)
    module._blas_libraries.cache_clear()
    yield
    module._blas_libraries.cache_clear()


@pytest.mark.usefixtures("nothing_controls_blas")
def test_a_blas_library_that_nothing_controls_is_said_once_and_worked_with():
    said = "cannot be limited to one thread: threadpoolctl does not know it"
    with pytest.warns(UserWarning, match=said), Workers(2) as workers:
        workers.run(lambda _: None, 3)
    with Workers(2) as workers:  # a second warning would be an error here
        workers.run(lambda _: None, 3)


def test_training_comes_out_the_same_where_nothing_controls_blas(request):
    x = np.random.default_rng(0).normal(size=(60, 12, 12, 1)).astype(np.float32)
    trained = []
    for controlled in (True, False):
        network = Sequential(
            [layers.Input((12, 12, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(3)], seed=0
        )
        network.compile("sgd", "mse")
        if not controlled:
            request.getfixturevalue("nothing_controls_blas")
            with pytest.warns(UserWarning, match="cannot be limited to one thread"):
                network.predict(x[:1])
        network.fit(x, x[:, :3, 0, 0], batch_size=20, epochs=3, verbose=0, threads=2)
        trained.append(network.predict(x))
    np.testing.assert_allclose(*trained, rtol=1e-4, atol=1e-5)
