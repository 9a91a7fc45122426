"""Layers as data, and back: of known classes only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pellucid import layers
from pellucid.errors import FileFormatError
from pellucid.layers import Layer

LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in vars(layers).values()
    if isinstance(kind, type) and issubclass(kind, Layer) and kind is not Layer
}


def layer_to_config(layer: Layer) -> dict[str, Any]:
    """Return class name and configuration of a layer, as JSON-able data.

    >>> layer_to_config(layers.Flatten())["class_name"]
    'Flatten'
    """
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def layer_from_config(entry: Mapping[str, Any]) -> Layer:
    """Return the layer that ``entry`` describes: its class name and its configuration.

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
