"""What every layer must keep to, whatever it computes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pellucid import layers
from pellucid.core.pass_context import PassContext
from pellucid.graph.configuration import layer_from_config

TRAINING = PassContext(training=True, seed=3, iteration=5)

CASES = {
    "Activation-relu": (lambda **o: layers.Activation("relu", **o), (4, 3, 2)),
    "Activation-softmax": (lambda **o: layers.Activation("softmax", **o), (5,)),
    "Activation-linear": (lambda **o: layers.Activation(None, **o), (5,)),
    "ReLU": (lambda **o: layers.ReLU(**o), (4, 3, 2)),
    "Softmax": (lambda **o: layers.Softmax(**o), (5,)),
    "AveragePooling2D": (lambda **o: layers.AveragePooling2D(2, padding="same", **o), (5, 4, 2)),
    "GlobalAveragePooling2D": (lambda **o: layers.GlobalAveragePooling2D(**o), (5, 4, 2)),
    "MaxPooling2D": (lambda **o: layers.MaxPooling2D((2, 3), strides=(1, 2), **o), (5, 6, 2)),
    "MaxPooling2D-same": (lambda **o: layers.MaxPooling2D(2, padding="same", **o), (5, 5, 2)),
    "BatchNormalization": (lambda **o: layers.BatchNormalization(**o), (4, 3, 2)),
    "BatchNormalization-flat": (lambda **o: layers.BatchNormalization(momentum=0.5, **o), (6,)),
    "BatchNormalization-groups": (
        lambda **o: layers.BatchNormalization(virtual_batch_size=2, **o),
        (4, 3, 2),
    ),
    "FeatureMapNormalization": (lambda **o: layers.FeatureMapNormalization(**o), (4, 3, 2)),
    "Conv2D": (lambda **o: layers.Conv2D(3, (2, 3), activation="relu", **o), (5, 6, 2)),
    "Conv2D-same-strided": (lambda **o: layers.Conv2D(3, 3, strides=2, padding="same", **o), (5, 6, 2)),
    "Conv2D-no-bias": (lambda **o: layers.Conv2D(3, 3, use_bias=False, **o), (5, 6, 1)),
    "Dense": (lambda **o: layers.Dense(4, activation="softmax", **o), (7,)),
    "Dense-no-bias": (lambda **o: layers.Dense(4, use_bias=False, **o), (7,)),
    "Dropout": (lambda **o: layers.Dropout(0.4, **o), (4, 3, 2)),
    "Flatten": (lambda **o: layers.Flatten(**o), (4, 3, 2)),
    "RandomFlip": (lambda **o: layers.RandomFlip(**o), (4, 3, 2)),
    "RandomTranslation": (lambda **o: layers.RandomTranslation(0.5, (-0.2, 0.4), **o), (4, 3, 2)),
    "RandomTranslation-whole": (
        lambda **o: layers.RandomTranslation(0.5, 0.5, "constant", "nearest", fill_value=2.0, **o),
        (4, 3, 2),
    ),
    "Rescaling": (lambda **o: layers.Rescaling(0.5, offset=1.0, **o), (4, 3, 2)),
}


@pytest.fixture(params=CASES, ids=list(CASES))
def case(request):
    make, shape = CASES[request.param]
    return make, shape


def values(shape, n=6, dtype="float32"):
    return np.random.default_rng(0).normal(size=(n, *shape)).astype(dtype)


def run(layer, inputs, context=TRAINING):
    saved = []
    for part in layer.operations():
        inputs, kept = part.forward(inputs, context)
        saved.append(kept)
    return inputs, saved


def back(layer, gradient, saved):
    own = []
    for part, kept in reversed(list(zip(layer.operations(), saved, strict=True))):
        gradient, gradients = part.backward(gradient, kept)
        own[:0] = gradients
    return gradient, own


def test_every_layer_class_is_in_the_table():
    covered = {name.partition("-")[0] for name in CASES}
    public = {
        kind.__name__
        for kind in vars(layers).values()
        if isinstance(kind, type) and issubclass(kind, layers.Layer) and kind is not layers.Layer
    }
    assert covered == public


def test_said_shape_is_actual_shape(case):
    make, shape = case
    layer = make()
    layer.build(shape)
    outputs, _ = run(layer, values(shape))
    assert outputs.shape == (6, *layer.output_shape)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept_forward_and_back(case, dtype):
    make, shape = case
    layer = make(dtype=dtype)
    layer.build(shape)
    outputs, saved = run(layer, values(shape, dtype=dtype))
    gradient, own = back(layer, np.ones_like(outputs), saved)
    assert {outputs.dtype, gradient.dtype, *(array.dtype for array in own)} == {np.dtype(dtype)}


def test_inputs_and_gradients_are_not_changed(case):
    make, shape = case
    layer = make()
    layer.build(shape)
    inputs = values(shape)
    inputs.flags.writeable = False
    outputs, saved = run(layer, inputs)
    gradient = np.ones_like(outputs)
    gradient.flags.writeable = False
    back(layer, gradient, saved)  # raises if either is written to


def test_gradients_have_the_parameters_shapes_in_order(case):
    make, shape = case
    layer = make()
    layer.build(shape)
    outputs, saved = run(layer, values(shape))
    gradient, own = back(layer, np.ones_like(outputs), saved)
    assert gradient.shape == (6, *shape)
    assert [array.shape for array in own] == [array.shape for array in layer.parameters.values()]


def test_gradients_agree_with_central_differences(case):
    make, shape = case
    layer = make(dtype="float64")
    layer.build(shape, seed=1)
    inputs = values(shape, n=3, dtype="float64")
    outputs, saved = run(layer, inputs)
    upstream = np.random.default_rng(1).normal(size=outputs.shape)
    gradient, own = back(layer, upstream, saved)

    def slope(array):
        slopes = np.empty_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-6
            above = (run(layer, inputs)[0] * upstream).sum()
            array[index] = kept - 1e-6
            below = (run(layer, inputs)[0] * upstream).sum()
            array[index] = kept
            slopes[index] = (above - below) / 2e-6
        return slopes

    np.testing.assert_allclose(gradient, slope(inputs), rtol=1e-5, atol=1e-7)
    for array, found in zip(layer.parameters.values(), own, strict=True):
        np.testing.assert_allclose(found, slope(array), rtol=1e-5, atol=1e-7)


def test_the_inputs_gradient_can_be_left_out(case):
    make, shape = case
    layer = make()
    layer.build(shape)
    for part in layer.operations()[:1]:
        outputs, saved = part.forward(values(shape), TRAINING)
        assert (
            part.backward(np.ones_like(outputs), saved, inputs_gradient=False)[0] is None or part.parameters
        )


def test_configuration_makes_the_same_layer_again(case):
    make, shape = case
    layer = make(name="mine")
    layer.build(shape, seed=7)
    entry = {"class_name": type(layer).__name__, "config": layer.get_config()}
    again = layer_from_config(json.loads(json.dumps(entry)))
    again.build(shape, seed=7)
    assert again.get_config() == layer.get_config()
    inputs = values(shape)
    np.testing.assert_array_equal(run(again, inputs)[0], run(layer, inputs)[0])


def test_weights_can_be_taken_and_given(case):
    make, shape = case
    one, other = make(), make()
    one.build(shape, seed=1)
    other.build(shape, seed=2)
    other.set_weights(one.get_weights())
    inputs = values(shape)
    np.testing.assert_array_equal(run(one, inputs, PassContext())[0], run(other, inputs, PassContext())[0])


def test_an_unknown_argument_is_an_error_that_names_the_layer(case):
    make, _ = case
    with pytest.raises(ValueError, match=r"has no argument trainabel=True: did you mean 'trainable'\?"):
        make(trainabel=True)


def test_a_wrong_shape_after_building_is_an_error(case):
    make, shape = case
    layer = make()
    layer(values(shape))
    with pytest.raises(ValueError, match="was built for inputs of shape"):
        layer(values((*shape[:-1], shape[-1] + 1)))
