import os
import signal
import threading

import pytest

from pellucid.runs.interruption import SIGNALS, Interrupted, interruptible, is_interruption


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_an_exception_inside_the_block(number):
    with pytest.raises(KeyboardInterrupt) as error, interruptible():
        signal.raise_signal(number)
    assert error.value.signal == number
    assert signal.getsignal(number) == signal.SIG_DFL


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_outside_the_main_thread_nothing_is_changed():
    done = []

    def work():
        with interruptible():
            done.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.SIG_DFL]


def test_an_error_on_the_way_out_is_still_an_interruption():
    def interrupted():
        try:
            raise Interrupted(signal.SIGTERM)
        finally:
            raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="gone") as error:
        interrupted()
    assert is_interruption(error.value)
    assert not is_interruption(ValueError())
    assert not is_interruption(None)
