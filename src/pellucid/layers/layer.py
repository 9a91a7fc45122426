"""The base of all layers: hyper-parameters, shapes, parameters, forward and backward.

A layer is given a *piece* of a batch at a time, and several threads may be inside the same layer with
different pieces. So a layer never keeps anything of a forward pass: ``forward`` returns its outputs together
with what its ``backward`` will need, and the caller hands that back.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from pellucid.core.old_spellings import reject_unknown
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, NotBuiltError, ShapeError

Array = npt.NDArray[Any]
Gradients = tuple[Array | None, tuple[Array, ...]]  # dLoss/dInputs, if wanted, and dLoss/dParameters
Shape = tuple[int, ...]  # of one image or one set of maps: without the batch axis

ELEMENTWISE = "elementwise"  # family of operations whose every output depends on the input in its place alone


class CallCounter:
    """Gives each call of a layer or network random numbers of its own, apart from those of training steps.

    Examples
    --------
    >>> calls = CallCounter(seed=3)
    >>> [calls.context(training=True).iteration for _ in range(3)]
    [0, 1, 2]
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.in_training = 0

    def context(self, *, training: bool) -> PassContext:
        """Return what the next call depends on."""
        if not training:
            return INFERENCE
        seed = int(stream(self.seed, "calls").integers(2**32))
        self.in_training += 1
        return PassContext(training=True, seed=seed, iteration=self.in_training - 1)


class Layer:
    """One step of a network.

    Parameters
    ----------
    name
        Shown in the summary and in errors; made from the class name when missing.
    trainable
        Whether training changes the layer's parameters.
    input_shape
        Shape of one input, without the batch axis; for the first layer of a network only.
    dtype
        Of the parameters and the arithmetic: ``"float32"`` (default) or ``"float64"``.

    Notes
    -----
    A subclass names its hyper-parameters in ``options``, which ``get_config`` saves, and defines ``forward``
    and ``backward``; where they are not the default, ``output_shape_for`` and ``parameter_shapes`` too.
    """

    kind: ClassVar[str] = "own"  # of operation; a subclass is of a kind of its own unless it names one
    family: ClassVar[str] = "own"  # of kinds, for facts that hold of all of them: ELEMENTWISE
    options: ClassVar[tuple[str, ...]] = ()
    needs_whole_batch: bool = False  # statistics over the batch: a piece will not do
    images_together: int = 1  # statistics over so many images: a piece is a multiple of it
    is_dense: ClassVar[bool] = False  # weights outweigh the activations: wants many images at a time

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.kind = cls.__dict__.get("kind", "own")
        cls.family = cls.__dict__.get("family", "own")

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Shape | None = None,
        dtype: str = "float32",
        **unknown: Any,
    ) -> None:
        known = ["name", "trainable", "input_shape", "dtype", *self.options]
        reject_unknown(type(self).__name__, unknown, known)
        if dtype not in ("float32", "float64"):
            raise ArgumentError(
                f"{type(self).__name__} computes in 'float32' or 'float64'. Received: dtype={dtype!r}"
            )
        default = _snake_case(type(self).__name__)
        self.name = name or default
        self.named_by_user = self.name != default  # otherwise a network may number it
        self.trainable = bool(trainable)
        self.dtype = dtype
        self.wanted_input_shape = None if input_shape is None else tuple(input_shape)
        self.index = 0  # position in the network: names the layer's random streams
        self.part_of: str | None = None  # name of the layer whose activation this is
        self._calls = CallCounter()
        self.input_shape: Shape | None = None
        self.output_shape: Shape | None = None
        self.parameters: dict[str, Array] = {}  # changed by the optimizer
        self.state: dict[str, Array] = {}  # saved with the network, but not trained (running statistics)

    # Shapes and parameters

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """Return the shape of one output, given the shape of one input; both without the batch axis.

        Raises
        ------
        ShapeError
            When the layer cannot take such an input.
        """
        return input_shape

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape of each trainable parameter, by name."""
        return {}

    def state_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape of each array that is saved but not trained, by name."""
        return {}

    def build(self, input_shape: Shape, seed: int | None = 0, index: int = 0) -> Shape:
        """Fix the shapes, make the parameters, and return the shape of one output.

        The layer's ``NAME_initializer`` draws the parameter NAME, from a random stream of its own; with
        ``seed=None`` all are zeros, to be overwritten by saved ones.
        """
        self.output_shape = self.output_shape_for(tuple(input_shape))
        self.input_shape = tuple(input_shape)
        self.index = index
        self._calls = CallCounter(seed or 0)
        self.parameters = self._initial(self.parameter_shapes(self.input_shape), seed)
        self.state = self._initial(self.state_shapes(self.input_shape), seed)
        return self.output_shape

    def _initial(self, shapes: dict[str, Shape], seed: int | None) -> dict[str, Array]:
        arrays = {}
        for name, shape in shapes.items():
            if seed is None:
                arrays[name] = np.zeros(shape, self.dtype)
            else:
                generator = stream(seed, f"initialize {name}", self.index)
                arrays[name] = np.asarray(
                    getattr(self, f"{name}_initializer")(shape, generator), dtype=self.dtype
                )
        return arrays

    @property
    def built(self) -> bool:
        """Whether the shapes are known and the parameters exist."""
        return self.output_shape is not None

    @property
    def parameter_count(self) -> int:
        """How many numbers the layer holds, trained or not."""
        return sum(array.size for array in (*self.parameters.values(), *self.state.values()))

    # Computation

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Return the outputs for a piece of a batch, and what ``backward`` needs of this pass.

        ``inputs`` has the batch axis first: (n, *input_shape).
        """
        raise NotImplementedError

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Return dLoss/dInputs and dLoss/dParameters, given dLoss/dOutputs.

        The former is None when ``inputs_gradient`` is False: the first layer's is of no use to anyone. The
        latter come in the order of ``parameters``, summed over the images of the piece.
        """
        raise NotImplementedError

    def update_state(self, saved: Any) -> None:
        """Take in what a training step learnt about the data (batch normalisation's running statistics)."""

    def operations(self) -> list[Layer]:
        """Return the layer as the sequence of elementary layers that the engine runs."""
        return [self]

    def __call__(self, inputs: npt.ArrayLike, training: bool = False) -> Array:
        """Return the layer's outputs for a batch; builds the layer on its first use.

        With ``training=True`` as in a training step: moving statistics move, and each call draws random
        numbers of its own, which depend on the layer's seed and on how many such calls there were.

        Examples
        --------
        >>> from pellucid.layers import Flatten
        >>> Flatten()(np.zeros((5, 2, 3, 4))).shape
        (5, 24)
        """
        values = np.asarray(inputs, dtype=self.dtype)
        if not self.built:
            self.build(values.shape[1:])
        return self.outputs_for(values, self._calls.context(training=training))

    def outputs_for(self, inputs: npt.ArrayLike, context: PassContext) -> Array:
        """Return the built layer's outputs for a whole batch; in training, moving statistics move."""
        values = np.asarray(inputs, dtype=self.dtype)
        if values.shape[1:] != self.input_shape:
            raise ShapeError(
                f"Layer {self.name!r} was built for inputs of shape {self._batch_of(self.input_shape)}. "
                f"Received: shape={values.shape}"
            )
        for operation in self.operations():
            values, saved = operation.forward(values, context)
            if context.training:
                operation.update_state(saved)
        return values

    # Configuration

    def get_config(self) -> dict[str, Any]:
        """Return what is needed to make the same layer again, as JSON-able data."""
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        for option in self.options:
            config[option] = plain_data(getattr(self, option))
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the layer that ``get_config`` described."""
        return cls(**config)

    def get_weights(self) -> list[Array]:
        """Return copies of the parameters, then of the state."""
        return [array.copy() for array in (*self.parameters.values(), *self.state.values())]

    def set_weights(self, weights: list[Array]) -> None:
        """Overwrite the parameters, then the state, with arrays of the same shapes."""
        own = {**self.parameters, **self.state}
        if not self.built:
            raise NotBuiltError(
                f"Layer {self.name!r} has no weights yet: its input shape is not known. "
                "Give the network an Input, or call it on data first."
            )
        if len(weights) != len(own):
            raise ShapeError(
                f"Layer {self.name!r} has {len(own)} weight arrays ({', '.join(own) or 'none'}). "
                f"Received: {len(weights)} arrays"
            )
        arrays = [np.asarray(weight) for weight in weights]
        for (name, array), weight in zip(
            own.items(), arrays, strict=True
        ):  # all are checked before any is changed
            if array.shape != weight.shape:
                raise ShapeError(
                    f"{name!r} of layer {self.name!r} has shape {array.shape}. Received: shape={weight.shape}"
                )
            if weight.dtype.kind not in "biuf":
                raise ArgumentError(
                    f"{name!r} of layer {self.name!r} holds numbers. Received: dtype={weight.dtype}"
                )
        for array, weight in zip(own.values(), arrays, strict=True):
            array[...] = weight

    def _rank_error(self, wanted: str, input_shape: Shape) -> ShapeError:
        return ShapeError(
            f"Layer {self.name!r} ({type(self).__name__}) takes {wanted}. "
            f"Received: inputs of shape {self._batch_of(input_shape)}"
        )

    @staticmethod
    def _batch_of(shape: Shape | None) -> str:
        return "unknown" if shape is None else str((None, *shape))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}: {self.input_shape} -> {self.output_shape}>"


def plain_data(value: Any) -> Any:
    """Return ``value`` as JSON-able data: objects by their name and configuration."""
    if isinstance(value, np.generic):
        return value.item()
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return list(value) if isinstance(value, tuple) else value


def _snake_case(class_name: str) -> str:
    """Keras's names: Conv2D -> conv2d, MaxPooling2D -> max_pooling2d, ReLU -> re_lu."""
    letters = [class_name[0]]
    for before, letter in pairwise(class_name):
        if letter.isupper() and before.islower():
            letters.append("_")
        letters.append(letter)
    return (
        "".join(letters).lower().replace("relu", "re_lu")
        if class_name == "ReLU"
        else "".join(letters).lower()
    )
