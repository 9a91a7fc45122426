"""The network by hand: its gradients are right, and it learns."""

from itertools import islice

import numpy as np
import pytest
from sklearn.datasets import load_digits

from pellucid.errors import ArgumentError, DataError, NonFiniteLossError, ShapeError
from pellucid.experiments import mnist_by_hand
from pellucid.experiments.mnist_by_hand import (
    Weights,
    accuracy,
    backward,
    forward,
    learn,
    predict,
    random_weights,
)
from pellucid.functions.cross_entropies import softmax_cross_entropy
from pellucid.functions.gradients.check import check_gradients


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits(return_X_y=True)
    images = (images.reshape(-1, 8, 8, 1) / 16).astype(np.float32)  # (1797, 64) -> (1797, 8, 8, 1)
    order = np.random.default_rng(0).permutation(len(images))  # the last ones are of other writers
    train, held_out = order[:1400], order[1400:]
    return images[train], labels[train], images[held_out], labels[held_out]


@pytest.fixture
def small_network(monkeypatch):
    """Few enough weights that each can be moved; weights, biases and images are all random."""
    monkeypatch.setattr(mnist_by_hand, "KERNELS", (2, 3))
    generator = np.random.default_rng(0)
    shapes = [w.shape for w in random_weights((9, 8, 2), classes=4)]
    weights = Weights(*(generator.normal(size=shape) for shape in shapes))
    return weights, generator.normal(size=(5, 9, 8, 2)), np.array([0, 1, 2, 3, 1])


def check_network(small_network, spoil=lambda gradients: gradients, mode="full"):
    weights, images, labels = small_network

    def loss(*weights):
        _, steps = forward(Weights(*weights), images)
        return softmax_cross_entropy(labels, steps.scores).mean()

    def loss_backward(gradient, *weights):
        weights = Weights(*weights)
        _, steps = forward(weights, images)
        return tuple(gradient * d for d in spoil(backward(weights, steps, labels)))

    return check_gradients(loss, loss_backward, *weights, names=Weights._fields, mode=mode)


@pytest.mark.parametrize("mode", ["full", "projection"])
def test_the_gradients_of_the_complete_network_are_right(small_network, mode):
    report = check_network(small_network, mode=mode)
    assert report.ok, str(report)
    assert [argument.name for argument in report.arguments] == list(Weights._fields)


@pytest.mark.parametrize("field", Weights._fields)
def test_a_spoilt_gradient_of_the_network_is_found(small_network, field):
    report = check_network(
        small_network, lambda gradients: gradients._replace(**{field: getattr(gradients, field) * 5})
    )
    assert [argument.name for argument in report.arguments if not argument.ok] == [field]
    assert "every element is 5 × what it should be" in str(report)


def test_the_steps_have_the_shapes_that_are_promised():
    weights = random_weights((28, 28, 1), 10)
    probabilities, steps = forward(weights, np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32))
    assert {name: array.shape for name, array in steps._asdict().items()} == {
        "images": (3, 28, 28, 1),
        "maps_1": (3, 28, 28, 16),
        "rectified_1": (3, 28, 28, 16),
        "normalized_1": (3, 28, 28, 16),
        "pooled_1": (3, 14, 14, 16),
        "maps_2": (3, 14, 14, 32),
        "rectified_2": (3, 14, 14, 32),
        "normalized_2": (3, 14, 14, 32),
        "pooled_2": (3, 7, 7, 32),
        "scores": (3, 10),
    }
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    gradients = backward(weights, steps, np.array([0, 1, 2]))
    assert [d.shape for d in gradients] == [w.shape for w in weights]
    assert {d.dtype for d in gradients} == {np.dtype(np.float32)}


def test_it_learns_digits(digits):
    heard = []
    weights, history = learn(*digits, cycles=10, on_cycle=heard.append)
    assert history == heard
    assert [cycle.cycle for cycle in history] == list(range(1, 11))
    assert [cycle.images_seen for cycle in history] == list(range(600, 6001, 600))
    assert history[0].accuracy < 0.9 < history[-1].accuracy
    assert history[-1].loss < 0.2 * history[0].loss
    assert history[-1].accuracy == accuracy(weights, *digits[2:])


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(digits):
    def learned(seed):
        return learn(*digits, cycles=1, images_per_cycle=100, seed=seed)

    (first, first_history), (second, second_history), (other, _) = learned(1), learned(1), learned(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert first_history == second_history
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_a_class_that_no_label_names_gets_its_output_node(digits):
    train, held_out = digits[1] < 3, digits[3] < 3
    few = [digits[0][train], digits[1][train], digits[2][held_out], digits[3][held_out]]
    assert learn(*few, cycles=1, images_per_cycle=50)[0].bias.shape == (3,)
    assert learn(*few, classes=10, cycles=1, images_per_cycle=50)[0].bias.shape == (10,)
    with pytest.raises(DataError):
        learn(*few, classes=2, cycles=1, images_per_cycle=50)


def test_learning_changes_none_of_the_arrays_given(digits):
    before = [array.copy() for array in digits]
    learn(*digits, cycles=1, images_per_cycle=60)
    assert all(np.array_equal(a, b) for a, b in zip(before, digits, strict=True))


def test_one_step_on_one_batch_is_plain_gradient_descent(digits):
    images, labels = digits[0][:20], digits[1][:20]
    weights = random_weights((8, 8, 1), 10, seed=3)
    _, steps = forward(weights, images)
    gradients = backward(weights, steps, labels)
    still = Weights(*(np.zeros_like(w) for w in weights))
    moved, velocities, losses = mnist_by_hand.descend(weights, still, images, labels, 0.1)
    for w, v, d, after in zip(weights, velocities, gradients, moved, strict=True):
        np.testing.assert_allclose(v, -0.1 * d, rtol=1e-6)
        np.testing.assert_array_equal(after, w + v)
    again, faster, fewer = mnist_by_hand.descend(moved, velocities, images, labels, 0.0)
    np.testing.assert_allclose(faster.weights, 0.9 * velocities.weights, rtol=1e-6)
    np.testing.assert_array_equal(again.bias, moved.bias + faster.bias)
    assert fewer.mean() < losses.mean()


def test_every_image_is_seen_once_before_any_is_seen_again():
    order = list(islice(mnist_by_hand._endless_order(7, seed=0), 21))
    assert all(sorted(order[start : start + 7]) == list(range(7)) for start in (0, 7, 14))
    assert order[:7] != order[7:14]


def test_a_cycle_is_cut_into_batches_the_last_of_which_may_be_smaller():
    batches = list(mnist_by_hand._batches(iter(range(100)), 25, 10))
    assert batches == [list(range(10)), list(range(10, 20)), list(range(20, 25))]


def test_predictions_do_not_depend_on_how_many_images_come_at_once(digits):
    weights = random_weights((8, 8, 1), 10)
    together = predict(weights, digits[2][:150])
    assert together.shape == (150, 10)
    np.testing.assert_allclose(together[120:], forward(weights, digits[2][120:150])[0], rtol=1e-5)


def test_a_loss_that_is_no_number_ends_the_learning_with_advice(digits):
    images = digits[0].copy()
    images[0] = np.nan
    with pytest.raises(
        NonFiniteLossError, match=r"The loss became nan in cycle \d: try a smaller learning_rate"
    ):
        learn(images, *digits[1:], cycles=3)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"cycles": 0}, ArgumentError, "cycles is a whole number of at least 1. Received: cycles=0"),
        (
            {"batch_size": 2.5},
            ArgumentError,
            "batch_size is a whole number of at least 1. Received: batch_size=2.5",
        ),
        ({"images_per_cycle": -1}, ArgumentError, "Received: images_per_cycle=-1"),
        ({"learning_rate": 0}, ArgumentError, "learning_rate must be positive. Received: learning_rate=0"),
        (
            {"train_images": np.zeros((1400, 8, 8))},
            ShapeError,
            "train_images must be (N, H, W, C) and train_labels (N,), one for each image. "
            "Received: train_images.shape=(1400, 8, 8), train_labels.shape=(1400,)",
        ),
        (
            {"held_out_labels": np.zeros(3, int)},
            ShapeError,
            "Received: held_out_images.shape=(397, 8, 8, 1), held_out_labels.shape=(3,)",
        ),
        (
            {"train_images": np.zeros((0, 8, 8, 1)), "train_labels": np.zeros(0, int)},
            DataError,
            "train_images must hold at least one image. Received: train_images.shape=(0, 8, 8, 1)",
        ),
        (
            {"train_labels": np.full(1400, 0.5)},
            DataError,
            "train_labels must be whole numbers from 0. Received: train_labels.dtype=float64, smallest 0.5",
        ),
        ({"train_labels": np.full(1400, -1)}, DataError, "train_labels.dtype=int64, smallest -1"),
    ],
)
def test_what_cannot_be_learned_from_is_said(digits, change, error, message):
    names = ["train_images", "train_labels", "held_out_images", "held_out_labels"]
    with pytest.raises(error) as raised:
        learn(**{**dict(zip(names, digits, strict=True)), "cycles": 1, "images_per_cycle": 10, **change})
    assert message in str(raised.value)
