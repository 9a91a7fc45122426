"""What the peers' networks are made from, operation by operation, and what cannot be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pellucid.bench.network_spec import NetworkSpec
from pellucid.errors import ArgumentError
from pellucid.functions.padding import Widths, window_grid
from pellucid.graph.graph import Graph, Step, rule_for
from pellucid.layers.layer import Array
from pellucid.optimizers import Adadelta, Adam, Optimizer, RMSprop

LAYERS = {  # by the kinds of operation that every peer has
    "convolution": "Conv2D",
    "max_pooling": "MaxPooling2D",
    "dropout": "Dropout",
    "flatten": "Flatten",
    "dense": "Dense",
    "relu": "ReLU",
}
OPTIMIZERS = (RMSprop, Adadelta, Adam)


def graph_of_logits(spec: NetworkSpec, network: Any) -> Graph:
    """Return the network's graph without the softmax that it ends in.

    Raises
    ------
    ArgumentError
        When a peer could not be given this network, optimizer or loss as it is.
    """
    steps = network.graph.steps
    for step in steps[:-1]:
        if step.kind == "softmax":
            raise _not_translated(spec, f"a softmax inside ({step.name!r})")
        if step.kind not in LAYERS:
            raise _not_translated(spec, f"layer {step.class_name}")
    if not steps or steps[-1].kind != "softmax":
        raise _not_translated(spec, "a network that does not end in softmax")
    if network.loss.name != "categorical_crossentropy" or network.loss.get_config() != _plain_loss():
        raise _not_translated(spec, f"loss {network.loss!r}")
    optimizer = network.optimizer
    if type(optimizer) not in OPTIMIZERS or _has_extras(optimizer):
        raise _not_translated(spec, f"optimizer {optimizer!r}")
    return Graph(network.input_shape, steps[:-1])


def computed(
    graph: Graph,
    rules: Mapping[str, Callable[..., Any]],
    library: str,
    values: Any,
    weights: Sequence[Mapping[str, Any]],
    *context: Any,
) -> Any:
    """Return what a peer computes of ``values``, operation by operation.

    Parameters
    ----------
    rules
        By kind of operation: functions of the layer, its inputs, its weights and the ``context``.
    library
        Its name, for the error of an operation that it has no rule for.
    weights
        Of each step, by name.
    """
    for step, own in zip(graph, weights, strict=True):
        rule = rule_for(step, rules, f"form in {library}")
        values = rule(step.operation, values, own, *context)
    return values


def with_bias(sums: Any, own: Mapping[str, Any]) -> Any:
    """Return sums (N, …, K) with the layer's bias (K,), if it has one."""
    return sums + own["bias"] if "bias" in own else sums


def _dense(layer: Any, values: Any, own: Mapping[str, Any], context: Any) -> Any:
    return with_bias(values @ own["kernel"], own)


def _flatten(layer: Any, values: Any, own: Mapping[str, Any], context: Any) -> Any:
    return values.reshape(len(values), -1)


# Of the operations that any library can write with the operators of its arrays, as NumPy has them.
ARRAY_RULES: dict[str, Callable[..., Any]] = {"dense": _dense, "flatten": _flatten}


def _plain_loss() -> dict[str, Any]:
    from pellucid.losses import CategoricalCrossentropy

    return CategoricalCrossentropy().get_config()


def _has_extras(optimizer: Optimizer) -> bool:
    extras = ("momentum", "centered", "amsgrad", "weight_decay")
    return any(getattr(optimizer, name, None) for name in extras)


def _not_translated(spec: NetworkSpec, what: str) -> ArgumentError:
    layers, optimizers = ", ".join(LAYERS.values()), ", ".join(kind.__name__ for kind in OPTIMIZERS)
    return ArgumentError(
        f"Other libraries are measured on networks of {layers} that end in softmax and categorical "
        f"cross-entropy, with plain {optimizers}. Received: {spec.name!r} with {what}"
    )


def rate_at(optimizer: Optimizer, step: int) -> float:
    """Return the learning rate after ``step`` steps, of a schedule too."""
    rate: Any = optimizer.get_config()["learning_rate"]
    if isinstance(rate, dict):
        from pellucid.optimizers import schedules

        rate = schedules.deserialize(rate)(step)
    return float(rate)


def is_scheduled(optimizer: Optimizer) -> bool:
    """Return whether the learning rate changes from step to step."""
    return isinstance(optimizer.get_config()["learning_rate"], dict)


def border(layer: Any) -> Widths:
    """Return the border ((top, bottom), (left, right)) that a convolution or pooling puts around its maps."""
    window = layer.kernel_size if layer.kind == "convolution" else layer.pool_size
    return window_grid(layer.input_shape[:2], window, layer.strides, layer.padding).widths


def channels_first_weights(graph: Graph) -> list[dict[str, Array]]:
    """Return copies of each step's weights, for maps that lie as (C, H, W).

    Kernels (R, S, C, K) become (K, C, R, S). A Flatten of such maps gives its values in another order, so the
    rows (D, U) of the dense layer behind it are put into that order too.
    """
    flattened: tuple[int, ...] = ()
    found = []
    for step in graph:
        found.append(_channels_first(step, flattened))
        if step.kind == "flatten" and len(step.operation.input_shape or ()) == 3:
            flattened = step.operation.input_shape or ()
        elif step.kind == "dense":
            flattened = ()
    return found


def _channels_first(step: Step, flattened: tuple[int, ...]) -> dict[str, Array]:
    own = {name: array.copy() for name, array in step.operation.parameters.items()}
    if step.kind == "convolution":
        own["kernel"] = own["kernel"].transpose(3, 2, 0, 1).copy()
    elif step.kind == "dense" and flattened:
        units = own["kernel"].shape[1]
        rows = own["kernel"].reshape(*flattened, units)
        own["kernel"] = rows.transpose(2, 0, 1, 3).reshape(-1, units)
    return own
