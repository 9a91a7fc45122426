"""Rates from rounds, on a peer whose speed is known because the clock is ours."""

import itertools

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.bench import timing
from pellucid.bench.ceiling import operations_per_image, products_per_second
from pellucid.bench.recipe import Recipe
from pellucid.bench.standing import best_peer, standing
from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.experiments import find


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
    assert found["images_per_second"] == pytest.approx([1000, 1000, 1000])
    assert found["first_seconds"] == pytest.approx(7.02)
    assert peer.calls[0] == (20, 1)
    assert all(images % 20 == 0 for images, _ in peer.calls)
    assert all(abs(images - 1000) <= 20 and epochs == 1 for images, epochs in peer.calls[-3:])


def test_several_epochs_where_the_images_are_too_few(monkeypatch):
    peer = Clockwork(monkeypatch, rate=100_000.0)
    found = timing.training_rates(peer, 1019, rounds=2, seconds=1.0)
    assert peer.calls[-1] == (1000, 100)
    assert found["images_per_second"] == pytest.approx([100_000] * 2)


def test_a_slow_peer_is_not_waited_for_longer_than_need_be(monkeypatch):
    peer = Clockwork(monkeypatch, rate=1.0)
    timing.training_rates(peer, 60_000, rounds=1, seconds=1.0)
    assert peer.calls == [(20, 1)] * 3


def test_the_fastest_way_to_predict(monkeypatch):
    peer = Clockwork(monkeypatch)
    found = timing.prediction_times(peer, np.zeros((1, 2)), 1, rounds=3, seconds=0.1)
    assert found == {"way": "fast", "milliseconds": pytest.approx([10.0] * 3)}


def test_the_operations_of_one_image_counted_by_hand():
    network = Sequential(
        [
            layers.Input((5, 5, 2)),
            layers.Conv2D(3, 2),  # 4×4 places × 2·2·2 weights × 3 kernels
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(7),  # 12 × 7
        ]
    )
    assert operations_per_image(network) == 2 * (2 * 16 * 8 * 3) + 3 * (2 * 12 * 7)


def test_mnist_cnn_is_72_million_operations():
    network = Recipe.of(find("mnist-cnn")).network()
    assert operations_per_image(network) == pytest.approx(72e6, rel=0.01)


def test_the_ceiling_is_a_speed():
    assert 1e8 < products_per_second(1) < 1e15


def test_the_best_peer():
    rates = {"pellucid": 30.0, "jax": 10.0, "torch": 20.0, "torch-bfloat16": 99.0, "pellucid-as-set": 50.0}
    assert best_peer(rates) == "torch"
    assert standing(rates) == ("torch", 1.5)
    assert standing(rates, "pellucid-as-set") == ("torch", 2.5)
    assert standing({"pellucid": 1.0}) is None
    assert standing({"jax": 1.0}) is None


def test_random_data_is_neither_zero_nor_changing(recipe):
    x, classes = recipe.data(50)
    again, _ = recipe.data(50)
    assert x.dtype == np.float32
    assert x.shape == (50, 8, 8, 1)
    assert 0.4 < x.mean() < 0.6
    np.testing.assert_array_equal(x, again)
    assert set(classes) <= set(range(10))
    assert all(not np.array_equal(a, b) for a, b in itertools.pairwise(x))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"dataset": "my/photos"}, "dataset='my/photos'"),
        ({"program": "by hand"}, "has no network to measure"),
    ],
)
def test_experiments_that_cannot_be_measured(small, change, told):
    with pytest.raises(ArgumentError, match=told):
        Recipe.of(small(**change))


def test_a_network_without_classes(small):
    recipe = Recipe.of(small(layers=[layers.Flatten()]))
    with pytest.raises(ArgumentError, match="needs a Dense layer"):
        recipe.data(1)


def test_an_unknown_library():
    from pellucid.bench.variants import of_family

    with pytest.raises(
        UnknownNameError, match=r"no library .pytorch. to measure against: did you mean .torch."
    ):
        of_family("pytorch")
