"""What can be worked out from a network's layers: multiplications, receptive fields, and its code."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pellucid import optimizers
from pellucid.experiments import Experiment
from pellucid.graph.facts import receptive_field
from pellucid.graph.facts.multiply_adds import multiply_adds
from pellucid.graph.graph import Graph, operations_of
from pellucid.layers import Layer

# What a layer has and nobody would write: what it is by default.
HIDDEN = ("name", "dtype", "trainable", "input_shape", "batch_input_shape", "data_format")


def multiplications(layers: Sequence[Layer]) -> list[tuple[str, int]]:
    """Return (name, multiplications for one image) of each layer with weights; the layers are built.

    Examples
    --------
    >>> from pellucid.layers import Dense
    >>> dense = Dense(10)
    >>> _ = dense.build((64,))
    >>> multiplications([dense])
    [('dense', 640)]
    """
    graph = Graph.chain((), operations_of(layers))
    return [(step.name, number) for step, number in zip(graph, multiply_adds(graph), strict=True) if number]


def receptive_fields(layers: Sequence[Layer]) -> list[tuple[str, int, int]]:
    """Return (name, side, distance) of each convolution and pooling.

    One value in its maps sees ``side`` × ``side`` pixels of the image, its neighbour the same ``distance``
    pixels further. A layer of extent k and stride s makes side + (k - 1) · distance and distance · s of them
    (A. Araujo, W. Norris and J. Sim (2019), "Computing receptive fields of convolutional neural networks",
    Distill).

    Examples
    --------
    >>> from pellucid.layers import Conv2D, MaxPooling2D
    >>> receptive_fields([Conv2D(8, 3), MaxPooling2D(2), Conv2D(8, 3)])
    [('conv2d 1', 3, 1), ('max_pooling2d 1', 4, 2), ('conv2d 2', 8, 2)]
    """
    graph = Graph.chain((), operations_of(layers))
    found = []
    seen: Counter[str] = Counter()
    for step, field in zip(graph, receptive_field.receptive_fields(graph), strict=True):
        if field is not None and step.kind in receptive_field.WINDOWS:
            seen[step.name] += 1
            found.append((f"{step.name} {seen[step.name]}", field.side[0], field.distance[0]))
    return found


def model_code(experiment: Experiment, input_shape: Sequence[int]) -> str:
    """Return Keras-style code that defines and compiles an experiment's network.

    Examples
    --------
    >>> from pellucid.experiments import find
    >>> print(model_code(find("digits-perceptron"), (64,)))
    import pellucid as keras
    from pellucid.layers import Dense
    <BLANKLINE>
    model = keras.Sequential([
        keras.Input((64,)),
        Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    """
    names = sorted({type(layer).__name__ for layer in experiment.layers})
    lines = [f"    {_layer_code(layer)}," for layer in experiment.layers]
    optimizer, schedule = _optimizer_code(experiment.optimizer)
    return "\n".join(
        [
            "import pellucid as keras",
            f"from pellucid.layers import {', '.join(names)}",
            *schedule,
            "",
            "model = keras.Sequential([",
            f"    keras.Input({tuple(input_shape)!r}),",
            *lines,
            "])",
            _compile_code(optimizer),
        ]
    )


def _compile_code(optimizer: str) -> str:
    rest = 'loss="categorical_crossentropy", metrics=["accuracy"]'
    if len(optimizer) < 30:
        return f"model.compile(optimizer={optimizer}, {rest})"
    return f"model.compile(\n    optimizer={optimizer},\n    {rest},\n)"


def _layer_code(layer: Layer) -> str:
    """Return the call that makes a layer: what differs from a layer made with the first argument alone."""
    kind = type(layer)
    config = layer.get_config()
    first = next((name for name in ("filters", "units", "pool_size", "rate") if name in config), None)
    plain: dict[str, Any] = {}
    arguments: list[str] = []
    if first is not None:
        given = [config[first]]
        if first == "filters":
            given.append(config["kernel_size"])
        plain = kind(*given).get_config()
        arguments = [_value(value) for value in given]
    rest = [
        f"{name}={_value(value)}"
        for name, value in config.items()
        if name not in HIDDEN and name in plain and plain[name] != value
    ]
    return f"{kind.__name__}({', '.join(arguments + rest)})"


def _optimizer_code(optimizer: Any) -> tuple[str, list[str]]:
    """Return the call that makes an optimizer, and the lines that it needs before: a schedule's, if any."""
    if isinstance(optimizer, str):
        return f'"{optimizer}"', []
    found = optimizers.get(optimizer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a default is worth is no news here
        config, plain = found.get_config(), type(found)().get_config()
    before: list[str] = []
    arguments = []
    for name, value in config.items():
        if plain.get(name) == value:
            continue
        if isinstance(value, dict):  # a schedule, described
            kind = value["class_name"]
            given = {key: one for key, one in value["config"].items() if key != "name" and one}
            inner = ", ".join(f"{key}={_value(one)}" for key, one in given.items())
            before = [f"from pellucid.optimizers.schedules import {kind}", "", f"schedule = {kind}({inner})"]
        arguments.append(f"{name}={'schedule' if isinstance(value, dict) else _value(value)}")
    if not arguments:
        return f'"{type(found).__name__.lower()}"', []
    return f"keras.optimizers.{type(found).__name__}({', '.join(arguments)})", before


def _value(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple) and len(set(value)) == 1:
        return repr(value[0])
    return repr(value)
