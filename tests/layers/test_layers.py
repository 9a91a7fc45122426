"""What is particular to each layer: values, defaults, errors."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import activations, layers
from pellucid.core.pass_context import PassContext
from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.layers.activation import BY_NAME


def test_kernels_are_as_keras_stores_them():
    layer = layers.Conv2D(4, (2, 3))
    layer.build((5, 6, 7))
    assert layer.parameters["kernel"].shape == (2, 3, 7, 4)
    assert layer.parameters["bias"].shape == (4,)


def test_dense_weights_are_inputs_by_units():
    layer = layers.Dense(3)
    layer.build((5,))
    assert layer.parameters["kernel"].shape == (5, 3)


def test_first_weights_depend_on_seed_place_and_name_only():
    def kernel(seed, index):
        layer = layers.Dense(3)
        layer.build((5,), seed, index)
        return layer.parameters["kernel"]

    np.testing.assert_array_equal(kernel(1, 0), kernel(1, 0))
    assert not np.array_equal(kernel(1, 0), kernel(2, 0))
    assert not np.array_equal(kernel(1, 0), kernel(1, 1))


def test_dropout_masks_do_not_depend_on_how_the_batch_is_cut():
    layer = layers.Dropout(0.5)
    layer.build((7, 5, 3))
    whole = layer.mask((10, 7, 5, 3), PassContext(training=True, seed=1, iteration=2))
    parts = [
        layer.mask((n, 7, 5, 3), PassContext(training=True, seed=1, iteration=2, first_image=first))
        for first, n in ((0, 3), (3, 1), (4, 6))
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_dropout_masks_differ_by_seed_step_and_layer():
    def mask(seed=0, iteration=0, index=0):
        layer = layers.Dropout(0.5)
        layer.build((50,), index=index)
        return layer.mask((4, 50), PassContext(training=True, seed=seed, iteration=iteration))

    for other in (mask(seed=1), mask(iteration=1), mask(index=1)):
        assert not np.array_equal(mask(), other)


def test_each_call_of_a_layer_as_in_training_draws_anew():
    values = np.ones((4, 50))
    one, other = layers.Dropout(0.5), layers.Dropout(0.5)
    first, second = (one(values, training=True) for _ in range(2))
    assert (first != second).any()
    np.testing.assert_array_equal([other(values, training=True) for _ in range(2)], [first, second])


def test_a_call_of_batch_normalization_as_in_training_moves_its_statistics():
    layer = layers.BatchNormalization(momentum=0.5)
    layer([[1.0], [3.0]], training=True)
    assert layer.state["moving_mean"] == [1.0]
    layer([[1.0], [3.0]])
    assert layer.state["moving_mean"] == [1.0]


def test_dropout_does_nothing_outside_training():
    x = np.ones((2, 5), np.float32)
    assert layers.Dropout(0.9)(x) is not None
    np.testing.assert_array_equal(layers.Dropout(0.9)(x), x)


def test_batch_normalization_learns_running_statistics():
    layer = layers.BatchNormalization(momentum=0.75)
    layer.build((1,))
    _, saved = layer.forward(np.array([[1.0], [3.0]], np.float32), PassContext(training=True))
    layer.update_state(saved)
    assert layer.state["moving_mean"][0] == pytest.approx(0.25 * 2)
    assert layer.state["moving_variance"][0] == pytest.approx(0.75 * 1 + 0.25 * 1)


def test_batch_normalization_that_is_not_trainable_is_frozen():
    layer = layers.BatchNormalization(trainable=False)
    layer.build((1,))
    x = np.array([[1.0], [3.0]], np.float32)
    outputs, saved = layer.forward(x, PassContext(training=True))
    layer.update_state(saved)
    np.testing.assert_allclose(outputs, x / np.sqrt(1 + 1e-3), rtol=1e-6)
    assert layer.state["moving_mean"][0] == 0


def test_names_are_keras_names():
    assert [
        kind.name for kind in (layers.Conv2D(1, 1), layers.MaxPooling2D(), layers.ReLU(), layers.Dense(1))
    ] == ["conv2d", "max_pooling2d", "re_lu", "dense"]


def test_second_names_are_the_same_layers():
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.AvgPool2D is layers.AveragePooling2D
    assert layers.GlobalAvgPool2D is layers.GlobalAveragePooling2D
    assert layers.Convolution2D is layers.Conv2D


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Dense(0), r"Dense takes units as a whole number of at least 1. Received: units=0"),
        (lambda: layers.Dense(2.5), r"Received: units=2.5"),
        (
            lambda: layers.Conv2D(-1, 3),
            r"Conv2D takes filters as a whole number of at least 1. Received: filters=-1",
        ),
        (
            lambda: layers.Conv2D(1, 0),
            r"Conv2D takes kernel_size as one whole number or two \(vertical, horizontal\), each at least 1. "
            r"Received: kernel_size=0",
        ),
        (lambda: layers.Conv2D(1, (3, 3, 3)), r"Received: kernel_size=\(3, 3, 3\)"),
        (lambda: layers.Conv2D(1, 3, strides=0), r"Received: strides=0"),
        (lambda: layers.MaxPooling2D("two"), r"MaxPooling2D takes pool_size .* Received: pool_size='two'"),
        (
            lambda: layers.Dropout(1),
            r"Dropout takes rate as a number in \[0, 1\)\. Received: rate=1",
        ),
        (lambda: layers.Dropout(-0.1), r"Received: rate=-0.1"),
        (
            lambda: layers.Dense(1, dtype="int8"),
            r"computes in 'float32' or 'float64'. Received: dtype='int8'",
        ),
        (
            lambda: layers.BatchNormalization(momentum=2),
            r"in \[0, 1\]. Received: momentum=2",
        ),
        (
            lambda: layers.BatchNormalization(epsilon=0),
            r"in \(0, inf\). Received: epsilon=0",
        ),
        (
            lambda: layers.Activation(3),
            r"An activation is one of linear, relu, softmax. Received: activation=3",
        ),
    ],
)
def test_bad_hyper_parameters(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.Dense(1, activation="reluu"),
            r"There is no activation 'reluu': did you mean 'relu'\?",
        ),
        (
            lambda: layers.Conv2D(1, 3, padding="sane"),
            r"Conv2D knows no padding 'sane': did you mean 'same'\?",
        ),
        (lambda: layers.MaxPooling2D(padding="edge"), r"MaxPooling2D knows no padding 'edge'"),
        (lambda: layers.Dense(1, kernel_initializer="glorot"), r"glorot"),
        (lambda: layers.Conv2D(1, 3, filter=3), r"Conv2D has no argument filter=3: did you mean 'filters'\?"),
    ],
)
def test_unknown_names_offer_the_nearest(make, message):
    with pytest.raises(UnknownNameError, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            layers.Dense(3, name="top"),
            (4, 4, 2),
            r"Layer 'top' \(Dense\) takes flat inputs \(N, D\); put a Flatten\(\) before it. "
            r"Received: inputs of shape \(None, 4, 4, 2\)",
        ),
        (
            layers.Conv2D(3, 3, name="c"),
            (28, 28),
            r"Layer 'c' \(Conv2D\) takes images or feature maps \(N, H, W, C\); grey images have C=1",
        ),
        (
            layers.Conv2D(3, 5, name="c"),
            (4, 28, 1),
            r"Layer 'c' \(Conv2D\) has a kernel of 5×5, larger than its input. "
            r"Received: inputs of shape \(None, 4, 28, 1\). Take a smaller kernel",
        ),
        (
            layers.MaxPooling2D(3, name="p"),
            (2, 2, 1),
            r"Layer 'p' \(MaxPooling2D\) has a window of 3×3, larger",
        ),
        (layers.GlobalAveragePooling2D(name="g"), (5,), r"Layer 'g' .* takes feature maps \(N, H, W, C\)"),
        (layers.FeatureMapNormalization(name="n"), (5,), r"Layer 'n' .* takes feature maps \(N, H, W, C\)"),
    ],
)
def test_inputs_that_do_not_fit_name_the_layer(layer, shape, message):
    with pytest.raises(ShapeError, match=message):
        layer.build(shape)


def test_input_wants_whole_extents():
    with pytest.raises(
        ShapeError, match=r"without the batch axis, such as shape=\(28, 28, 1\). Received: shape="
    ):
        layers.Input((None, 28, 28, 1))
    assert layers.Input(784).shape == (784,)


def test_wrong_weights_change_nothing():
    layer = layers.Dense(2, name="d")
    layer.build((3,))
    before = layer.get_weights()
    with pytest.raises(ShapeError, match=r"'bias' of layer 'd' has shape \(2,\). Received: shape=\(3,\)"):
        layer.set_weights([np.zeros((3, 2)), np.zeros(3)])
    with pytest.raises(ShapeError, match=r"has 2 weight arrays \(kernel, bias\). Received: 1 arrays"):
        layer.set_weights([np.zeros((3, 2))])
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_every_activation_has_a_layer():
    assert set(activations.NAMES) == {"linear", *BY_NAME}


def test_a_rate_may_be_a_number_of_numpys():
    assert layers.Dropout(np.float32(0.5)).rate == 0.5


@pytest.mark.parametrize(
    ("given", "name"),
    [(None, "linear"), (activations.linear, "linear"), ("relu", "relu"), (activations.softmax, "softmax")],
)
def test_an_activation_can_be_set_after_the_layer_is_made(given, name):
    for layer in (layers.Dense(3, activation="relu"), layers.Conv2D(2, 1), layers.Activation("relu")):
        layer.activation = given
        assert layer.activation == name
        assert layer.get_config()["activation"] == name


def test_an_activation_that_is_not_there_is_refused_where_it_is_set():
    dense = layers.Dense(3, activation="relu")
    with pytest.raises(UnknownNameError, match=r"There is no activation 'elu': pellucid has relu, softmax"):
        dense.activation = "elu"
    assert dense.activation == "relu"


def test_batch_normalization_without_groups_has_a_configuration_of_keras():
    assert "virtual_batch_size" not in layers.BatchNormalization().get_config()
    grouped = layers.BatchNormalization(virtual_batch_size=32)
    again = layers.BatchNormalization.from_config(grouped.get_config())
    assert again.virtual_batch_size == 32


class WrittenForKeras(layers.Layer):
    def call(self, inputs):
        return inputs


class BuiltForKeras(layers.Layer):
    def build(self, input_shape):
        self.factor = 2

    def forward(self, inputs, context):
        return inputs, None


class WithoutForward(layers.Layer):
    pass


def test_a_layer_written_for_keras_is_told_what_to_write():
    with pytest.raises(ArgumentError, match=r"defines forward\(inputs, context\).*with call, not forward$"):
        WrittenForKeras()
    with pytest.raises(
        ArgumentError, match=r"build takes \(input_shape, seed, index\).*\(self, input_shape\)$"
    ):
        BuiltForKeras()
    with pytest.raises(NotImplementedError, match=r"^WithoutForward does not define forward\. A layer"):
        WithoutForward()(np.zeros((1, 2)))
    with pytest.raises(NotImplementedError, match=r"^WithoutForward does not define backward\. A layer"):
        WithoutForward().backward(np.zeros((1, 2)), None)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: layers.BatchNormalization(-1, 0.9), r"BatchNormalization\(axis=-1, momentum=0\.9\)"),
        (lambda: layers.Dropout(0.5, None, 3), r"Dropout\(rate=0\.5, noise_shape=None, seed=3\)"),
        (lambda: layers.RandomFlip("horizontal", 3), r"RandomFlip\(mode='horizontal', seed=3\)"),
    ],
)
def test_arguments_in_the_order_of_keras_are_named(make, named):
    with pytest.raises(ArgumentError, match=rf"name the others, as in {named}\. Received: \d arguments"):
        make()


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((28, 28), r"With the axis of channels it is Input\(\(28, 28, 1\)\), and x\[\.\.\., None\] for grey"),
        ((600, 28, 28, 1), r"Without the axis of the batch it is Input\(\(28, 28, 1\)\)$"),
    ],
)
def test_an_input_shape_with_an_axis_too_few_or_too_many(shape, hint):
    with pytest.raises(ShapeError, match=hint):
        layers.Conv2D(4, 3).build(shape)


def test_a_layer_called_on_an_input_says_that_networks_are_lists():
    with pytest.raises(ArgumentError, match=r"^Dense is called on arrays\. A network is a list of layers"):
        layers.Dense(3)(layers.Input((3,)))
