"""Layers as JSON-able data, and back, for known classes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pellucid import layers
from pellucid.errors import FileFormatError
from pellucid.layers import Activation, Layer
from pellucid.layers.activation import BY_NAME

LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in vars(layers).values()
    if isinstance(kind, type) and issubclass(kind, Layer) and kind is not Layer
}


def layer_to_config(layer: Layer) -> dict[str, Any]:
    """Return class name and configuration of a layer, as JSON-able data.

    Examples
    --------
    >>> layer_to_config(layers.Flatten())["class_name"]
    'Flatten'
    """
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def layer_from_config(entry: Mapping[str, Any]) -> Layer:
    """Return the layer described by ``entry``: its class name and configuration.

    Raises
    ------
    FileFormatError
        For a class that this version of pellucid does not know.

    Examples
    --------
    >>> layer_from_config({"class_name": "Flatten", "config": {"name": "flatten"}})
    <Flatten 'flatten': None -> None>
    """
    kind = LAYERS.get(entry["class_name"])
    if kind is None:
        raise FileFormatError(
            f"This version of pellucid knows no layer {entry['class_name']!r}; "
            f"it knows {', '.join(sorted(LAYERS))}"
        )
    return kind.from_config(dict(entry["config"]))


class DescribedOperation(NamedTuple):
    """An elementary operation from a configuration, with what a visitor needs to find its rule."""

    kind: str
    family: str
    name: str
    class_name: str


def described_operations(entries: Iterable[Mapping[str, Any]]) -> list[DescribedOperation]:
    """Return the elementary operations, including activations, of the layers that ``entries`` describe.

    Entries may be incomplete, and of unknown classes, whose kind of operation is "own".

    Examples
    --------
    >>> entries = [{"class_name": "Dense", "config": {"activation": "relu"}}, {"class_name": "Mine"}]
    >>> [operation.kind for operation in described_operations(entries)]
    ['dense', 'relu', 'own']
    """
    return [operation for entry in entries for operation in _described(entry)]


def _described(entry: Mapping[str, Any]) -> list[DescribedOperation]:
    class_name, config = entry["class_name"], entry.get("config", {})
    name = str(config.get("name", class_name))
    found = []
    if class_name not in ("InputLayer", Activation.__name__):
        layer = LAYERS.get(class_name, Layer)
        found.append(DescribedOperation(layer.kind, layer.family, name, class_name))
    activation = str(config.get("activation") or "linear").lower()
    if activation != "linear":
        kind = BY_NAME.get(activation, Layer)
        found.append(DescribedOperation(kind.kind, kind.family, name, class_name))
    return found
