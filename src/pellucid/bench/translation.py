"""What the peers' networks are made from: pellucid's layers, one by one, and what cannot be translated."""

from __future__ import annotations

from typing import Any

from pellucid.bench.network_spec import NetworkSpec
from pellucid.errors import ArgumentError
from pellucid.functions.padding import Widths, window_grid
from pellucid.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from pellucid.layers.layer import Array
from pellucid.optimizers import Adadelta, Adam, Optimizer, RMSprop

LAYERS = (Conv2D, MaxPooling2D, Dropout, Flatten, Dense)
OPTIMIZERS = (RMSprop, Adadelta, Adam)


def check_translatable(spec: NetworkSpec, network: Any) -> None:
    """Raise ArgumentError when a peer could not be given this network, optimizer or loss as it is."""
    for layer in network.layers:
        if type(layer) not in LAYERS:
            raise _not_translated(spec, f"layer {type(layer).__name__}")
        if layer is not network.layers[-1] and getattr(layer, "activation", None) == "softmax":
            raise _not_translated(spec, f"a softmax inside ({layer.name!r})")
    if getattr(network.layers[-1], "activation", None) != "softmax":
        raise _not_translated(spec, "a network that does not end in softmax")
    if network.loss.name != "categorical_crossentropy" or network.loss.get_config() != _plain_loss():
        raise _not_translated(spec, f"loss {network.loss!r}")
    optimizer = network.optimizer
    if type(optimizer) not in OPTIMIZERS or _has_extras(optimizer):
        raise _not_translated(spec, f"optimizer {optimizer!r}")


def _plain_loss() -> dict[str, Any]:
    from pellucid.losses import CategoricalCrossentropy

    return CategoricalCrossentropy().get_config()


def _has_extras(optimizer: Optimizer) -> bool:
    extras = ("momentum", "centered", "amsgrad", "weight_decay")
    return any(getattr(optimizer, name, None) for name in extras)


def _not_translated(spec: NetworkSpec, what: str) -> ArgumentError:
    layers, optimizers = (", ".join(kind.__name__ for kind in kinds) for kinds in (LAYERS, OPTIMIZERS))
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
    window = layer.kernel_size if isinstance(layer, Conv2D) else layer.pool_size
    return window_grid(layer.input_shape[:2], window, layer.strides, layer.padding).widths


def channels_first_weights(layers: Any) -> list[dict[str, Array]]:
    """Return copies of each layer's weights, for maps that lie as (C, H, W).

    Kernels (R, S, C, K) become (K, C, R, S). What comes out of a Flatten is then in another order, so the
    rows (D, U) of the dense layer behind it are put into that order too.
    """
    found: list[dict[str, Array]] = []
    flattened: Any = ()
    for layer in layers:
        shape: Any = layer.input_shape
        own = {name: array.copy() for name, array in layer.parameters.items()}
        if isinstance(layer, Conv2D):
            own["kernel"] = own["kernel"].transpose(3, 2, 0, 1).copy()
        elif isinstance(layer, Flatten) and len(shape) == 3:
            flattened = shape
        elif isinstance(layer, Dense) and flattened:
            rows = own["kernel"].reshape(*flattened, layer.units)
            own["kernel"] = rows.transpose(2, 0, 1, 3).reshape(-1, layer.units)
            flattened = ()
        found.append(own)
    return found
