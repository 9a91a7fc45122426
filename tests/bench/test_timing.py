"""Rates from rounds, on a peer whose speed is known because the clock is ours."""

import numpy as np
import pytest

from pellucid.bench import timing


class Clockwork:
    """A peer that trains on 1,000 images a second, after 7 seconds of compiling."""

    batch_size, steps_at_a_time, parameters = 10, 2, 0

    def __init__(self, monkeypatch, rate=1000.0):
        self.now, self.calls, self.rate = 0.0, [], rate
        self.ways = {"slow": lambda *_: self.wait(0.02), "fast": lambda *_: self.wait(0.01)}
        monkeypatch.setattr(timing.time, "perf_counter", lambda: self.now)

    def wait(self, seconds):
        self.now += seconds

    def train(self, images, epochs):
        self.wait(images * epochs / self.rate + (0 if self.calls else 7))
        self.calls.append((images, epochs))
        return 0.0


def test_rates_leave_out_what_is_done_once(monkeypatch):
    peer = Clockwork(monkeypatch)
    found = timing.training_rates(peer, 60_000, rounds=3, seconds=1.0)
    assert found.images_per_second == pytest.approx([1000, 1000, 1000])
    assert found.first_seconds == pytest.approx(7.02)
    assert peer.calls[0] == (20, 1)
    assert all(images % 20 == 0 for images, _ in peer.calls)
    assert all(abs(images - 1000) <= 20 and epochs == 1 for images, epochs in peer.calls[-3:])


def test_several_epochs_where_the_images_are_too_few(monkeypatch):
    peer = Clockwork(monkeypatch, rate=100_000.0)
    found = timing.training_rates(peer, 1019, rounds=2, seconds=1.0)
    assert peer.calls[-1] == (1000, 100)
    assert found.images_per_second == pytest.approx([100_000] * 2)


def test_a_slow_peer_is_not_waited_for_longer_than_need_be(monkeypatch):
    peer = Clockwork(monkeypatch, rate=1.0)
    timing.training_rates(peer, 60_000, rounds=1, seconds=1.0)
    assert peer.calls == [(20, 1)] * 3


def test_the_fastest_way_to_predict(monkeypatch):
    peer = Clockwork(monkeypatch)
    found = timing.prediction_times(peer, np.zeros((1, 2)), 1, rounds=3, seconds=0.1)
    assert found.way == "fast"
    assert found.milliseconds == pytest.approx([10.0] * 3)
