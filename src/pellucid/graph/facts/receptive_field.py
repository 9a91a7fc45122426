"""The receptive field of feature-map values in the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pellucid.graph.graph import INPUT, Graph, rule_for
from pellucid.layers import Conv2D
from pellucid.layers.layer import ELEMENTWISE, Layer
from pellucid.layers.pooling import Pooling2D


class Field(NamedTuple):
    """The receptive field of one value of a feature map.

    It is ``side`` pixels wide; that of the next value is ``distance`` pixels further; both (rows, columns).
    """

    side: tuple[int, int] = (1, 1)
    distance: tuple[int, int] = (1, 1)

    def through(self, window: tuple[int, int], strides: tuple[int, int]) -> Field:
        """Return the field after a window of R×S: side + (R - 1) · distance, and distance · stride."""
        rows, columns = (
            (side + (extent - 1) * distance, distance * stride)
            for side, distance, extent, stride in zip(*self, window, strides, strict=True)
        )
        return Field((rows[0], columns[0]), (rows[1], columns[1]))


Rule = Callable[[Any, Field | None], Field | None]


def receptive_fields(graph: Graph) -> tuple[Field | None, ...]:
    """Return the receptive field of each step's values; None where values have no position in the image.

    Fields are not clipped at the borders (A. Araujo, W. Norris and J. Sim (2019), "Computing receptive fields
    of convolutional neural networks", Distill). The mean and deviation of a normalisation are not counted. If
    an operation reads several values, the widest field counts.

    Raises
    ------
    UnknownOperationError
        For an unknown kind of operation.

    Examples
    --------
    >>> from pellucid import layers
    >>> chain = [layers.Conv2D(8, 3), layers.MaxPooling2D(2), layers.Conv2D(8, 3), layers.Flatten()]
    >>> for field in receptive_fields(Graph.chain((32, 32, 3), chain)):
    ...     print(field)
    Field(side=(3, 3), distance=(1, 1))
    Field(side=(4, 4), distance=(2, 2))
    Field(side=(8, 8), distance=(2, 2))
    None
    """
    fields: dict[int, Field | None] = {INPUT: Field()}
    for step in graph:
        rule = rule_for(step, RULES, "receptive field")
        fields[step.number] = rule(step.operation, _widest([fields[source] for source in step.sources]))
    return tuple(fields[step.number] for step in graph)


def _widest(fields: list[Field | None]) -> Field | None:
    return None if None in fields else max(field for field in fields if field is not None)


def _of_convolution(layer: Conv2D, field: Field | None) -> Field | None:
    return field and field.through(layer.kernel_size, layer.strides)


def _of_pooling(layer: Pooling2D, field: Field | None) -> Field | None:
    return field and field.through(layer.pool_size, layer.strides)


def _unchanged(layer: Layer, field: Field | None) -> Field | None:
    return field


def _whole_image(layer: Layer, field: Field | None) -> None:
    return None


WINDOWS: Mapping[str, Rule] = {  # windows that slide over maps widen the field
    "average_pooling": _of_pooling,
    "convolution": _of_convolution,
    "max_pooling": _of_pooling,
}
RULES: Mapping[str, Rule] = {
    **WINDOWS,
    ELEMENTWISE: _unchanged,
    "batch_normalization": _unchanged,
    "dense": _whole_image,
    "feature_map_normalization": _unchanged,
    "flatten": _whole_image,
    "global_average_pooling": _whole_image,
    "random_flip": _unchanged,
    "random_translation": _unchanged,
    "softmax": _unchanged,
}
