"""A convolution with what follows it, taken there and back, for the tests of blocks."""

from __future__ import annotations

import numpy as np

from pellucid import layers
from pellucid.core.pass_context import PassContext

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
