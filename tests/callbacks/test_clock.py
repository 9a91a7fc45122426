import pytest

from pellucid.callbacks.clock import EpochClock


@pytest.fixture
def time(monkeypatch):
    """A time that passes when told to."""

    class Time:
        now = 100.0

        def passes(self, seconds):
            self.now += seconds

    time = Time()
    monkeypatch.setattr("pellucid.callbacks.clock.time.perf_counter", lambda: time.now)
    return time


def test_counts_training_and_validation_apart(time):
    clock = EpochClock()
    time.passes(50)
    clock.epoch_begins()
    time.passes(3)
    clock.test_begins()
    time.passes(2)
    clock.test_ends()
    time.passes(1)
    clock.epoch_ends()
    time.passes(50)
    assert (clock.training, clock.validation) == (4, 2)


def test_can_be_read_while_it_runs(time):
    clock = EpochClock()
    clock.epoch_begins()
    time.passes(3)
    assert (clock.training, clock.validation) == (3, 0)
    time.passes(1)
    assert clock.training == 4


def test_begins_each_epoch_at_zero(time):
    clock = EpochClock()
    for seconds in (3, 5):
        clock.epoch_begins()
        time.passes(seconds)
        clock.epoch_ends()
        assert clock.training == seconds


def test_counts_several_tests_in_one_epoch_together(time):
    clock = EpochClock()
    clock.epoch_begins()
    for seconds in (1, 2):
        clock.test_begins()
        time.passes(seconds)
        clock.test_ends()
    assert (clock.training, clock.validation) == (0, 3)


def test_a_test_outside_an_epoch_begins_at_zero_and_ends(time):
    clock = EpochClock()
    clock.epoch_begins()
    time.passes(7)
    clock.epoch_ends()
    clock.test_begins()
    time.passes(2)
    clock.test_ends()
    time.passes(9)
    assert (clock.training, clock.validation) == (0, 2)


def test_stands_at_zero_before_anything():
    clock = EpochClock()
    assert (clock.training, clock.validation) == (0, 0)
