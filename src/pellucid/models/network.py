"""A network of layers: shapes, weights, configuration and summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pellucid.core.html_output import html_table, titled
from pellucid.core.keras.attributes import no_attribute
from pellucid.core.old_spellings import ANYTHING, explain_once, reject_unknown
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError, NotBuiltError, ShapeError, UnknownNameError, nearest
from pellucid.graph.configuration import layer_from_config, layer_to_config
from pellucid.graph.graph import Graph, operations_of
from pellucid.graph.summary import summary_text
from pellucid.layers import Input, Layer
from pellucid.layers.layer import Array, CallCounter, Shape
from pellucid.layers.windows import saying_channels_first
from pellucid.losses import Loss
from pellucid.metrics import Metric
from pellucid.optimizers import Optimizer
from pellucid.utils.seeds import checked_seed, next_seed

NO_INPUT_SHAPE = (
    "The network does not know the shape of its inputs yet. Begin it with Input(shape=…), as in "
    "Input(shape=(28, 28, 1)), or fit it on data first."
)


# Keras's arguments of summary for the look of the table
LOOKS = dict.fromkeys(("positions", "expand_nested", "show_trainable", "layer_range"), ANYTHING)


class Network:
    """The base of :class:`~pellucid.Sequential` without training: layers, shapes, weights, configuration.

    Parameters
    ----------
    layers, name, seed
        As in :class:`~pellucid.Sequential`.
    """

    def __init__(
        self,
        layers: Sequence[Layer | Input] | None = None,
        name: str = "sequential",
        *,
        seed: int | None = None,
        **unknown: Any,
    ) -> None:
        reject_unknown("Sequential", unknown, ["layers", "name", "seed"])
        self.name = name
        self.seed = next_seed() if seed is None else checked_seed(seed)
        self._calls = CallCounter(self.seed)
        self._layers: list[Layer] = []
        self.input_shape_given: Shape | None = None
        self.built = False
        self.optimizer: Optimizer | None = None
        self.loss: Loss | None = None
        self.metrics: list[Metric] = []
        if layers is not None and not np.iterable(layers):
            raise ArgumentError(f"Sequential takes a list of layers. Received: layers={layers!r}")
        for layer in layers or ():
            self.add(layer)

    def _changed(self) -> None:
        """Called when a layer was added or removed."""

    def _optimizer_numbers(self) -> int | None:
        """Return how many values an optimizer keeps for this network, if it has one."""
        return None

    # Building

    def add(self, layer: Layer | Input) -> None:
        """Append a layer; an ``Input`` can only come first.

        Raises
        ------
        ShapeError
            When the layer cannot take the outputs of the layers before it; the network is then unchanged.
        """
        if isinstance(layer, Input):
            if self._layers or self.input_shape_given is not None:
                raise ArgumentError(
                    f"Input comes first, and once. Received: {layer!r} after {len(self._layers)} layers"
                )
            self.input_shape_given = layer.shape
            return
        if not isinstance(layer, Layer):
            hint = "; call it: layers.Flatten()" if isinstance(layer, type) else ""
            if isinstance(layer, Network):
                hint = "; give its layers, *network.layers, which the two then share"
            raise ArgumentError(f"Sequential is made of layers. Received: {layer!r}{hint}")
        if any(layer is other for other in self._layers):
            raise ArgumentError(f"Layer {layer.name!r} is already in the network; create another one")
        if not self._layers and self.input_shape_given is None and layer.wanted_input_shape is not None:
            explain_once(
                "input_shape",
                "input_shape= is the old spelling of an Input(shape=…) at the head of the network.",
            )
            self.input_shape_given = Input(layer.wanted_input_shape).shape
        self._check_dtype(layer)
        self._name(layer)
        if self.input_shape_given is not None:
            shape = self.output_shape if self._layers else self.input_shape_given
            with saying_channels_first(self.input_shape_given, layer):
                layer.build(shape, self.seed, len(self._layers))
            self.built = True
        self._layers.append(layer)
        self._changed()

    def pop(self) -> Layer:
        """Remove the last layer and return it."""
        if not self._layers:
            raise ArgumentError("There is no layer to take off: the network is empty")
        self._changed()
        layer = self._layers.pop()
        self.built = bool(self._layers) and self.built
        return layer

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Fix the shapes for inputs of ``input_shape``, with or without a leading None for the batch axis."""
        shape = tuple(input_shape) if np.iterable(input_shape) else (input_shape,)
        if shape[:1] == (None,):
            shape = shape[1:]
        self._build(Input(shape).shape)  # type: ignore[arg-type]  # Input checks it

    def _build(self, input_shape: Shape) -> None:
        if self.built and input_shape != self.input_shape:
            raise ShapeError(
                f"The network is built for inputs of shape {self.input_shape}. Received: shape={input_shape}"
            )
        if self.built:
            return
        if not self._layers:
            raise NotBuiltError("The network has no layers yet; add some first")
        shape = input_shape
        for layer in self._layers:  # check that all fit before building any
            with saying_channels_first(input_shape, layer):
                shape = layer.output_shape_for(shape)
        self.input_shape_given = shape = input_shape
        for index, layer in enumerate(self._layers):
            shape = layer.build(shape, self.seed, index)
        self.built = True

    def _check_dtype(self, layer: Layer) -> None:
        if self._layers and layer.dtype != self._layers[0].dtype:
            raise ArgumentError(
                f"All layers of a network compute in one dtype; the first in {self._layers[0].dtype!r}. "
                f"Received: layer {layer.name!r} with dtype={layer.dtype!r}"
            )

    def _name(self, layer: Layer) -> None:
        """Make names unique as Keras does: conv2d, conv2d_1, conv2d_2."""
        taken = {other.name for other in self._layers}
        if layer.name not in taken:
            return
        if layer.named_by_user:
            raise ArgumentError(
                f"Layer names differ within a network. Received: a second name={layer.name!r}"
            )
        number = 1
        while f"{layer.name}_{number}" in taken:
            number += 1
        layer.name = f"{layer.name}_{number}"

    # Properties

    if not TYPE_CHECKING:  # so that type checkers still report attributes that are not there

        def __getattr__(self, name: str) -> Any:
            """Say what to write instead of a method of Keras that is not here."""
            answer = no_attribute("Model", name, type(self).__name__)
            if answer is None:
                return object.__getattribute__(self, name)  # raises the error that led here
            raise AttributeError(answer)

    @property
    def trainable(self) -> bool:
        """Whether training changes any layer; setting it sets every layer's. Call ``compile`` afterwards."""
        return any(layer.trainable for layer in self._layers) or not self._layers

    @trainable.setter
    def trainable(self, trainable: bool) -> None:
        for layer in self._layers:
            layer.trainable = bool(trainable)

    @property
    def layers(self) -> list[Layer]:
        """The layers, first to last. The list is a copy: change the network by ``add`` and ``pop``."""
        return list(self._layers)

    @property
    def input_shape(self) -> Shape:
        """Shape of one input, without the batch axis."""
        if self.input_shape_given is None:
            raise NotBuiltError(NO_INPUT_SHAPE)
        return self.input_shape_given

    @property
    def output_shape(self) -> Shape:
        """Shape of one output, without the batch axis."""
        shape = self._layers[-1].output_shape if self._layers else self.input_shape_given
        if shape is None:
            raise NotBuiltError(NO_INPUT_SHAPE)
        return shape

    @property
    def graph(self) -> Graph:
        """The elementary operations that the engine runs; activations are separate operations."""
        self._need_built()
        return Graph.chain(self.input_shape, operations_of(self._layers))

    @property
    def parts(self) -> list[Layer]:
        """The elementary layers that the engine runs, in order."""
        return [step.operation for step in self.graph]

    def count_params(self) -> int:
        """Return the number of values in all weights."""
        self._need_built()
        return sum(layer.parameter_count for layer in self._layers)

    def __repr__(self) -> str:
        """Return the network in a line: its name, layers and parameters."""
        layers = counted(len(self._layers), "layer")
        size = counted(self.count_params(), "parameter") if self.built else "not built yet"
        return f"<{type(self).__name__} {self.name!r}: {layers}, {size}>"

    def _repr_html_(self) -> str:
        """Return the table of layers, as a notebook shows it."""
        total = self.count_params() if self.built else 0
        rows = [
            [
                layer.name,
                type(layer).__name__,
                " × ".join(map(str, layer.output_shape or ())),
                f"{layer.parameter_count:,}",
            ]
            for layer in self._layers
        ]
        sizes = [layer.parameter_count / total if total else 0.0 for layer in self._layers]
        shades = [[0.0, 0.0, 0.0, 0.6 * size] for size in sizes]
        head = ["layer", "type", "output", "parameters"]
        return titled(repr(self)[1:-1], html_table(head, rows, "lllr", shades))

    def summary(self, line_length: int | None = None, print_fn: Any = None, **unknown: Any) -> None:
        """Print the layers, their output shapes and parameters as a table, as Keras does."""
        reject_unknown("summary", unknown, ["line_length", "print_fn"], LOOKS)
        rows = [
            (
                layer.name,
                type(layer).__name__,
                layer.output_shape,
                layer.parameter_count,
                sum(array.size for array in layer.parameters.values()) if layer.trainable else 0,
            )
            for layer in self._layers
        ]
        bytes_each = np.dtype(self._layers[0].dtype if self._layers else "float32").itemsize
        text = summary_text(self.name, rows, self._optimizer_numbers(), line_length, bytes_each=bytes_each)
        (print_fn or print)(text)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer of that name, or at that index."""
        if index is not None:
            if not -len(self._layers) <= index < len(self._layers):
                raise ArgumentError(f"The network has {len(self._layers)} layers. Received: index={index}")
            return self._layers[index]
        for layer in self._layers:
            if layer.name == name:
                return layer
        raise UnknownNameError(
            f"There is no layer {name!r}: {nearest(str(name), [o.name for o in self._layers])}"
        )

    # Weights

    def get_weights(self) -> list[Array]:
        """Return copies of all weights: for each layer its parameters, then its state."""
        self._need_built()
        return [array for layer in self._layers for array in layer.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Overwrite all weights with arrays of the same shapes, in the order of ``get_weights``."""
        self._need_built()
        counts = [len(layer.parameters) + len(layer.state) for layer in self._layers]
        if len(weights) != sum(counts):
            raise ShapeError(f"The network has {sum(counts)} weight arrays. Received: {len(weights)} arrays")
        before = self.get_weights()
        try:
            self._set_weights(weights, counts)
        except ArgumentError:
            self._set_weights(before, counts)
            raise

    def _set_weights(self, weights: Sequence[Any], counts: Sequence[int]) -> None:
        start = 0
        for layer, count in zip(self._layers, counts, strict=True):
            layer.set_weights(list(weights[start : start + count]))
            start += count

    # Configuration

    def get_config(self) -> dict[str, Any]:
        """Return the architecture as JSON-able data, without weights."""
        return {
            "name": self.name,
            "input_shape": None if self.input_shape_given is None else list(self.input_shape_given),
            "seed": self.seed,
            "layers": [layer_to_config(layer) for layer in self._layers],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return a new network of that architecture."""
        shape = config.get("input_shape")
        given: list[Layer | Input] = [] if shape is None else [Input(tuple(shape))]
        return cls(
            [*given, *map(layer_from_config, config["layers"])], config["name"], seed=config.get("seed")
        )

    def _need_built(self) -> None:
        if not self.built:
            raise NotBuiltError(NO_INPUT_SHAPE)
