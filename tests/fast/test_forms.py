"""Every form of the table against its plain twin: the chain of operations that it stands for."""

from __future__ import annotations

import dataclasses
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rows_of_layers import apart, there_and_back

from pellucid import layers
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.fast.form import FusedOperation
from pellucid.fast.forms import forms_for

TRAINING = PassContext(training=True, seed=11, iteration=4)
BOUND = 1e-4  # of the largest value, in float32
FORMS = forms_for("numpy" if find_spec("numba") is None else "compiled")

SIDES = st.integers(3, 11)
FLAT = st.tuples(st.sampled_from([16, 48, 1, 5, 300]))
KERNELS = [  # size, channels, number
    *[(3, 16, 16), (3, 32, 16), (3, 16, 48), (3, 8, 8), (3, 11, 9), (3, 8, 16)],
    *[(3, 1, 16), (3, 3, 32), (3, 3, 9), (3, 1, 1), (1, 2, 9), ((2, 3), 5, 16)],
]


def maps(draw, channels=(16, 32, 3, 1)):
    return draw(SIDES), draw(SIDES), draw(st.sampled_from(channels))


def any_shape(draw):
    return maps(draw) if draw(st.booleans()) else draw(FLAT)


def convolution(draw):
    size, channels, number = draw(st.sampled_from(KERNELS))
    padding, use_bias = draw(st.sampled_from(["valid", "same"])), draw(st.booleans())
    return maps(draw, [channels]), layers.Conv2D(number, size, padding=padding, use_bias=use_bias)


def dense(draw):
    units = draw(st.sampled_from([16, 48, 10, 1, 100]))
    return draw(FLAT), layers.Dense(units, use_bias=draw(st.booleans()))


def normalization(draw):
    group = draw(st.sampled_from([None, 3]))
    return maps(draw) if draw(st.booleans()) else draw(FLAT), layers.BatchNormalization(
        virtual_batch_size=group
    )


def dropout(draw):
    return maps(draw) if draw(st.booleans()) else draw(FLAT), layers.Dropout(
        draw(st.sampled_from([0.5, 0.25, 0.0]))
    )


# An input shape and an operation of each kind that a pattern begins with; a new one is a line here.
DRAWN = {
    "convolution": convolution,
    "dense": dense,
    "max_pooling": lambda draw: (maps(draw), layers.MaxPooling2D()),
    "batch_normalization": normalization,
    "dropout": dropout,
}
AFTER = {"relu": layers.ReLU, "max_pooling": layers.MaxPooling2D}


@st.composite
def operations(draw, pattern):
    """Draw operations, built, that follow one another as a pattern says; None where they do not fit in."""
    shape, first = DRAWN[pattern[0]](draw)
    made = [first, *(AFTER[kind]() for kind in pattern[1:])]
    for index, layer in enumerate(made):
        if layer.kind == "max_pooling" and min(shape[:2]) < 2:
            return None
        shape = layer.build(shape, seed=3, index=index)
        for values in layer.parameters.values():
            values += np.random.default_rng(index).normal(size=values.shape) / 4
    return made


def fitting(form, pattern):
    return operations(pattern).filter(lambda made: made is not None and form.fits(made))


def inputs_for(made, images, seed):
    """Draw inputs whose values differ, so that no maximum and no sign is decided by rounding."""
    size = images * int(np.prod(made[0].input_shape))
    values = np.random.default_rng(seed).permutation(size) / size * 4 - 2
    return values.reshape(images, *made[0].input_shape).astype(np.float32)


def is_decided(made, inputs):
    """Return whether rounding decides no sign and no maximum on the way: else gradients may go elsewhere."""
    values = inputs
    for layer in made:
        if layer.kind == "relu" and np.abs(values).min() < 1e-4:
            return False
        if layer.kind == "max_pooling":
            n, height, width, channels = values.shape
            whole = values[:, : height // 2 * 2, : width // 2 * 2]
            windows = whole.reshape(n, height // 2, 2, width // 2, 2, channels).transpose(0, 1, 3, 5, 2, 4)
            ordered = np.sort(windows.reshape(-1, 4), axis=1)
            # of those that were rectified to zero the first wins, in every form
            if ((ordered[:, 3] - ordered[:, 2] < 1e-4) & (ordered[:, 3] > 0)).any():
                return False
        values, _ = layer.forward(values, TRAINING)
    return True


def difference(fused, made, inputs):
    """Return how far outputs and gradients are from those of the chain, and those of inference."""
    found = there_and_back([fused], inputs, context=TRAINING)
    found = [value.whole() if hasattr(value, "whole") else value for value in found]
    expected = there_and_back(made, inputs, context=TRAINING)
    if not is_decided(made, inputs):
        found, expected = found[:1], expected[:1]
    values = inputs
    for layer in made:
        values, _ = layer.forward(values, INFERENCE)
    return max(apart(found, expected), apart([fused.forward(inputs, INFERENCE)[0]], [values]))


@pytest.mark.parametrize(
    ("form", "pattern"),
    [(form, pattern) for form in FORMS for pattern in form.patterns],
    ids=lambda one: one.name if hasattr(one, "name") else "-".join(one),
)
@given(data=st.data(), images=st.integers(1, 5), seed=st.integers(0, 100))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_form_equals_its_plain_twin(form, pattern, data, images, seed):
    made = data.draw(fitting(form, pattern))
    if form.name.endswith("normalisation"):
        images += 2  # one image alone is normalised to zero, and its gradient is rounding
    inputs = inputs_for(made, images, seed)
    assert difference(FusedOperation(form, made), made, inputs) < BOUND


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("place", ["forward", "inputs", "parameters"])
def test_a_planted_error_is_caught(form, place):
    def forward(fused, inputs, context):
        outputs, saved = form.forward(fused, inputs, context)
        outputs[..., -1] *= np.float32(1.01) if place == "forward" else 1
        return outputs, saved

    def backward(fused, gradient, saved, inputs_gradient):
        d_inputs, own = form.backward(fused, gradient, saved, inputs_gradient)
        if place == "inputs":
            d_inputs = d_inputs * np.float32(1.01)
        if place == "parameters":
            own = tuple((one.whole() if hasattr(one, "whole") else one) * np.float32(1.01) for one in own)
        return d_inputs, own

    made = example_of(form)
    if place == "parameters" and not made[0].parameters:
        pytest.skip("it has no parameters")
    wrong = dataclasses.replace(form, forward=forward, backward=backward)
    inputs = inputs_for(made, 4, 0)
    assert difference(FusedOperation(form, made), made, inputs) < BOUND
    assert difference(FusedOperation(wrong, made), made, inputs) > BOUND


def example_of(form):
    """Return operations that fit a form, of its shortest pattern."""
    (kind,) = form.patterns[-1]
    choices = [
        ((6, 6, 16), {"convolution": layers.Conv2D(16, 3), "max_pooling": layers.MaxPooling2D()}),
        ((6, 6, 1), {"convolution": layers.Conv2D(16, 3)}),
        ((6, 6, 1), {"convolution": layers.Conv2D(9, 3)}),
        ((6, 6, 16), {"batch_normalization": layers.BatchNormalization(), "dropout": layers.Dropout(0.5)}),
        ((20,), {"dense": layers.Dense(16)}),
        ((20,), {"dense": layers.Dense(10)}),
    ]
    for shape, by_kind in choices:
        if kind in by_kind:
            by_kind[kind].build(shape, seed=1)
            if form.fits([by_kind[kind]]):
                return [by_kind[kind]]
    raise AssertionError(f"give {form.name} an example")


def test_forms_have_names_of_their_own():
    assert len({form.name for form in FORMS}) == len(FORMS)


def test_the_tables_are_those_of_the_engines():
    assert forms_for("plain") == ()
    assert {form.engine for form in forms_for("numpy")} == {"numpy"}
