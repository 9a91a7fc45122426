"""A convolutional network written out with the low-level functions: the lab's questions 26 to 28.

It uses no layers and no training code: the forward pass, the backward pass and the updates are all here, to
be read from top to bottom. Shapes are those of MNIST, N images of 28×28 pixels; other sizes and classes work
as well.

    images          (N, 28, 28, 1)
    convolve        (N, 28, 28, 16)    16 kernels of 3×3
    relu            (N, 28, 28, 16)
    normalize_maps  (N, 28, 28, 16)    each map to mean 0, standard deviation 1
    max_pool        (N, 14, 14, 16)
    convolve        (N, 14, 14, 32)    32 kernels of 3×3×16
    relu            (N, 14, 14, 32)
    normalize_maps  (N, 14, 14, 32)
    max_pool        (N, 7, 7, 32)
    fully_connected (N, 10)            1,568 inputs, 10 output nodes
    softmax         (N, 10)

It learns by backpropagation from random weights (Rumelhart, Hinton & Williams 1986), with mini-batch gradient
descent and momentum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import NamedTuple, TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from pellucid.core.arguments import whole_number
from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, DataError, NonFiniteLossError, ShapeError
from pellucid.functions import (
    convolve,
    convolve_backward,
    draw_weights,
    fully_connected,
    fully_connected_backward,
    max_pool,
    max_pool_backward,
    normalize_maps,
    normalize_maps_backward,
    relu,
    relu_backward,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from pellucid.functions.arrays import Floats

Labels: TypeAlias = np.ndarray

KERNELS = (16, 32)  # feature maps of the first and the second convolution
EXTENT = 3  # rows and columns of a kernel
CYCLES, IMAGES_PER_CYCLE = 100, 600
BATCH_SIZE = 50
LEARNING_RATE = 0.005
MOMENTUM = 0.9


class Weights(NamedTuple):
    """All trainable parameters. The gradients and the velocities have the same form."""

    kernels_1: Floats  # (3, 3, 1, 16)
    bias_1: Floats  # (16,)
    kernels_2: Floats  # (3, 3, 16, 32)
    bias_2: Floats  # (32,)
    weights: Floats  # (1568, 10)
    bias: Floats  # (10,)


class Steps(NamedTuple):
    """The inputs of the steps of a forward pass, which the backward pass needs."""

    images: Floats  # (N, 28, 28, 1)
    maps_1: Floats  # (N, 28, 28, 16)
    rectified_1: Floats  # (N, 28, 28, 16)
    normalized_1: Floats  # (N, 28, 28, 16)
    pooled_1: Floats  # (N, 14, 14, 16)
    maps_2: Floats  # (N, 14, 14, 32)
    rectified_2: Floats  # (N, 14, 14, 32)
    normalized_2: Floats  # (N, 14, 14, 32)
    pooled_2: Floats  # (N, 7, 7, 32)
    scores: Floats  # (N, 10)


class Cycle(NamedTuple):
    """Progress after a cycle."""

    cycle: int  # from 1
    images_seen: int  # in all cycles so far
    loss: float  # cross-entropy of the cycle's training images, each measured just before its update
    accuracy: float  # share of the held-out images that are classified correctly, after the cycle


def random_weights(image_shape: tuple[int, int, int], classes: int, seed: int = 0) -> Weights:
    """Draw the initial weights, with zeros for the biases.

    Examples
    --------
    >>> [w.shape for w in random_weights((28, 28, 1), 10)]
    [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (1568, 10), (10,)]
    """
    (H, W, C), (K1, K2) = image_shape, KERNELS
    inputs = -(-H // 4) * -(-W // 4) * K2  # each pooling halves H and W, rounding up
    draw = [stream(seed, "weights", layer) for layer in range(3)]
    return Weights(
        draw_weights(EXTENT * EXTENT * C, K1, draw[0]).reshape(EXTENT, EXTENT, C, K1),
        np.zeros(K1, np.float32),
        draw_weights(EXTENT * EXTENT * K1, K2, draw[1]).reshape(EXTENT, EXTENT, K1, K2),
        np.zeros(K2, np.float32),
        draw_weights(inputs, classes, draw[2]),
        np.zeros(classes, np.float32),
    )


def forward(weights: Weights, images: Floats) -> tuple[Floats, Steps]:
    """Classify images: return the probabilities (N, classes) and the intermediate steps."""
    maps_1 = convolve(images, weights.kernels_1, weights.bias_1, padding="same")  # (N, 28, 28, 16)
    rectified_1 = relu(maps_1)
    normalized_1 = normalize_maps(rectified_1)
    pooled_1 = max_pool(normalized_1, 2, padding="same")  # (N, 28, 28, 16) -> (N, 14, 14, 16)

    maps_2 = convolve(pooled_1, weights.kernels_2, weights.bias_2, padding="same")  # (N, 14, 14, 32)
    rectified_2 = relu(maps_2)
    normalized_2 = normalize_maps(rectified_2)
    pooled_2 = max_pool(normalized_2, 2, padding="same")  # (N, 14, 14, 32) -> (N, 7, 7, 32)

    scores = fully_connected(pooled_2, weights.weights, weights.bias)  # (N, 7, 7, 32) -> (N, 10)
    first = (images, maps_1, rectified_1, normalized_1, pooled_1)
    return softmax(scores), Steps(*first, maps_2, rectified_2, normalized_2, pooled_2, scores)


def backward(weights: Weights, steps: Steps, labels: Labels) -> Weights:
    """Return the gradient of the mean cross-entropy with respect to all weights.

    It goes through the steps of ``forward`` from last to first. Each takes the gradient of its
    outputs and returns the gradient of its inputs.
    """
    N = len(labels)
    each = np.full(N, 1 / N, dtype=steps.scores.dtype)  # the weight of each image in the mean
    d_scores = softmax_cross_entropy_backward(each, labels, steps.scores)  # (N, 10)
    d_pooled_2, d_weights, d_bias = fully_connected_backward(d_scores, steps.pooled_2, weights.weights)

    # (N, 7, 7, 32) -> (N, 14, 14, 32)
    d_normalized_2 = max_pool_backward(d_pooled_2, steps.normalized_2, 2, padding="same")
    d_rectified_2 = normalize_maps_backward(d_normalized_2, steps.rectified_2)
    d_maps_2 = relu_backward(d_rectified_2, steps.maps_2)
    d_pooled_1, d_kernels_2, d_bias_2 = convolve_backward(
        d_maps_2, steps.pooled_1, weights.kernels_2, padding="same"
    )

    # (N, 14, 14, 16) -> (N, 28, 28, 16)
    d_normalized_1 = max_pool_backward(d_pooled_1, steps.normalized_1, 2, padding="same")
    d_rectified_1 = normalize_maps_backward(d_normalized_1, steps.rectified_1)
    d_maps_1 = relu_backward(d_rectified_1, steps.maps_1)
    _, d_kernels_1, d_bias_1 = convolve_backward(
        d_maps_1, steps.images, weights.kernels_1, padding="same", images_gradient=False
    )
    return Weights(d_kernels_1, d_bias_1, d_kernels_2, d_bias_2, d_weights, d_bias)


def descend(
    weights: Weights, velocities: Weights, images: Floats, labels: Labels, learning_rate: float
) -> tuple[Weights, Weights, Floats]:
    """Take one step of gradient descent on a batch of images.

    Return the new weights and velocities, and the loss of each image before the step, (N,).
    """
    _, steps = forward(weights, images)
    gradients = backward(weights, steps, labels)
    velocities = Weights(
        *(MOMENTUM * v - learning_rate * d for v, d in zip(velocities, gradients, strict=True))
    )
    weights = Weights(*(w + v for w, v in zip(weights, velocities, strict=True)))
    return weights, velocities, softmax_cross_entropy(labels, steps.scores)


def learn(
    train_images: Floats,
    train_labels: Labels,
    held_out_images: Floats,
    held_out_labels: Labels,
    *,
    classes: int | None = None,
    cycles: int = CYCLES,
    images_per_cycle: int = IMAGES_PER_CYCLE,
    batch_size: int = BATCH_SIZE,
    learning_rate: float = LEARNING_RATE,
    seed: int = 0,
    on_cycle: Callable[[Cycle], None] | None = None,
) -> tuple[Weights, list[Cycle]]:
    """Train on images from random weights, and measure the accuracy after every cycle.

    Parameters
    ----------
    train_images, train_labels
        Images (N, H, W, C) with pixels from 0 to 1, and their classes (N,), whole numbers from 0. They are
        used in random order, without repetition until all have been seen.
    held_out_images, held_out_labels
        Images that are not trained on. All of them are classified after every cycle: a thousand are enough.
    classes
        Number of classes; by default the largest label plus 1.
    cycles, images_per_cycle
        How long to train, and how often to measure: 100 cycles of 600 images are one pass through MNIST.
    batch_size
        Images per step of gradient descent; the last batch of a cycle may be smaller.
    learning_rate
        Learning rate of gradient descent with a momentum of 0.9.
    seed
        Seed of the initial weights and the order of the images.
    on_cycle
        Called with each :class:`Cycle` at its end.

    Returns
    -------
    weights, history
        The trained weights, and one :class:`Cycle` per cycle.

    Raises
    ------
    ArgumentError
        When a number is not positive, or a count is not whole.
    ShapeError
        When images are not (N, H, W, C), or there is not one label for each.
    DataError
        When there are no images, or labels are not whole numbers from 0, below ``classes``.
    NonFiniteLossError
        When the loss becomes NaN or infinite.

    Examples
    --------
    >>> draw = np.random.default_rng(0)
    >>> labels = draw.integers(2, size=200)
    >>> images = draw.random((200, 8, 8, 1), dtype=np.float32)
    >>> images[labels == 1, 2:6, 2:6] += 1  # the second class has a bright middle
    >>> weights, history = learn(images[:150], labels[:150], images[150:], labels[150:], cycles=1)
    >>> history[-1].images_seen, history[-1].accuracy > 0.9
    (600, True)
    """
    _check_counts(cycles=cycles, images_per_cycle=images_per_cycle, batch_size=batch_size)
    if not learning_rate > 0:
        raise ArgumentError(f"learning_rate must be positive. Received: learning_rate={learning_rate}")
    train_labels = _checked_labels("train", train_images, train_labels)
    held_out_labels = _checked_labels("held_out", held_out_images, held_out_labels)
    classes = classes or int(max(train_labels.max(), held_out_labels.max())) + 1
    weights = random_weights(train_images.shape[1:], classes, seed)
    velocities = Weights(*(np.zeros_like(weight) for weight in weights))
    order = _endless_order(len(train_images), seed)
    history: list[Cycle] = []
    for cycle in range(1, cycles + 1):
        losses = []
        # The products are small: one thread of the BLAS library is fastest, whatever the number of cores.
        with threadpool_limits(limits=1, user_api="blas"):
            for rows in _batches(order, images_per_cycle, batch_size):
                batch = train_images[rows], train_labels[rows]
                weights, velocities, batch_losses = descend(weights, velocities, *batch, learning_rate)
                losses.append(batch_losses)
            reached = accuracy(weights, held_out_images, held_out_labels)
        loss = float(np.concatenate(losses).mean())
        if not np.isfinite(loss):
            raise NonFiniteLossError(
                f"The loss became {loss} in cycle {cycle}: try a smaller learning_rate. "
                f"Received: learning_rate={learning_rate}"
            )
        history.append(Cycle(cycle, cycle * images_per_cycle, loss, reached))
        if on_cycle is not None:
            on_cycle(history[-1])
    return weights, history


def predict(weights: Weights, images: Floats) -> Floats:
    """Return the probabilities (N, classes) of any number of images, a hundred at a time."""
    parts = [forward(weights, images[start : start + 100])[0] for start in range(0, len(images), 100)]
    return np.concatenate(parts)


def accuracy(weights: Weights, images: Floats, labels: Labels) -> float:
    """Return the share of images that are classified correctly."""
    return float(np.mean(predict(weights, images).argmax(axis=1) == labels))


def _endless_order(images: int, seed: int) -> Iterator[int]:
    """Yield all indices in random order, then all in another order, and so on."""
    for epoch in count():
        yield from stream(seed, "order", epoch).permutation(images)


def _batches(order: Iterator[int], images: int, batch_size: int) -> Iterator[list[int]]:
    """Yield the next ``images`` indices of ``order``, batch by batch."""
    for start in range(0, images, batch_size):
        yield list(islice(order, min(batch_size, images - start)))


def _check_counts(**counts: int) -> None:
    for name, value in counts.items():
        whole_number("", name, value)


def _checked_labels(which: str, images: Floats, labels: Labels) -> Labels:
    """Return the labels as an array, after checking them and the images."""
    labels = np.asarray(labels)
    if np.ndim(images) != 4 or labels.shape != (len(images),):
        raise ShapeError(
            f"{which}_images must be (N, H, W, C) and {which}_labels (N,), one for each image. "
            f"Received: {which}_images.shape={np.shape(images)}, {which}_labels.shape={labels.shape}"
        )
    if not labels.size:
        raise DataError(
            f"{which}_images must hold at least one image. Received: {which}_images.shape={np.shape(images)}"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0:
        raise DataError(
            f"{which}_labels must be whole numbers from 0. "
            f"Received: {which}_labels.dtype={labels.dtype}, smallest {labels.min()}"
        )
    return labels
