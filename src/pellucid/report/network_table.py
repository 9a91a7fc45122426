"""The network as a table: its layers, their output shapes and parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.errors import PellucidError
from pellucid.graph.configuration import layer_from_config
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.runs.record.configuration import Configuration


@dataclass(frozen=True)
class LayerRow:
    """A layer in words."""

    name: str
    kind: str
    output: str
    parameters: str


def layer_rows(configuration: Configuration) -> list[LayerRow]:
    """Return the layers of the network; none where the configuration does not describe them.

    It does not for a network written out by hand, and for layers of the user's own. No weights are made.
    """
    shape = configuration.network.get("input_shape") or configuration.dataset.shape
    if shape is None:
        return []
    try:
        return _rows(configuration, tuple(shape))
    except (PellucidError, KeyError, TypeError, ValueError):
        return []


def _rows(configuration: Configuration, shape: tuple[int, ...]) -> list[LayerRow]:
    rows = []
    for entry in configuration.layers:
        layer = layer_from_config(entry)
        arrays = (*layer.parameter_shapes(shape).values(), *layer.state_shapes(shape).values())
        numbers = sum(map(math.prod, arrays))
        shape = layer.output_shape_for(shape)
        rows.append(LayerRow(layer.name, type(layer).__name__, " × ".join(map(str, shape)), count(numbers)))
    return rows
