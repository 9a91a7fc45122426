"""Rows of operations, plain and fused, taken forward and back, for the tests of fast forms."""

from __future__ import annotations

import numpy as np

from pellucid import layers
from pellucid.core.pass_context import PassContext
from pellucid.engine.units import units_of
from pellucid.fast.form import FusedOperation
from pellucid.fast.forms import forms_for
from pellucid.graph.graph import Graph

TRAINING = PassContext(training=True)


def row_of_layers(
    shape, filters, *, kernel_size=3, padding="valid", activation="relu", pool=False, use_bias=True
):
    conv = layers.Conv2D(filters, kernel_size, padding=padding, activation=activation, use_bias=use_bias)
    conv.build(shape, seed=3)
    if use_bias:
        conv.parameters["bias"][...] = np.random.default_rng(4).normal(size=filters)
    parts = conv.operations()
    if pool:
        pooling = layers.MaxPooling2D(2)
        pooling.build(conv.output_shape)
        parts = [*parts, pooling]
    return parts


def fused(parts, engine):
    """Return what an engine computes in the place of operations that follow one another."""
    return [unit.operation for unit in units_of(Graph.chain(parts[0].input_shape, parts), forms_for(engine))]


def names(computations):
    """Return the name of each one's form, or of its class where it is plain."""
    return [one.form.name if isinstance(one, FusedOperation) else type(one).__name__ for one in computations]


def there_and_back(parts, inputs, gradient=None, context=TRAINING):
    """Return outputs, inputs' gradient and parameters' gradients."""
    saved = []
    for part in parts:
        inputs, kept = part.forward(inputs, context)
        saved.append(kept)
    outputs = inputs.copy()
    gradient = np.random.default_rng(5).normal(size=outputs.shape).astype(outputs.dtype)
    own = []
    for part, kept in zip(reversed(parts), reversed(saved), strict=True):
        gradient, gradients = part.backward(gradient, kept)
        own[:0] = gradients
    return [outputs, gradient, *own]


def apart(found, expected):
    return max(
        float(np.abs(mine - plain).max() / max(np.abs(plain).max(), 1e-3))
        for mine, plain in zip(found, expected, strict=True)
    )
