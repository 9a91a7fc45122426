"""The base class of all layers: hyper-parameters, shapes, parameters, forward and backward.

A layer computes one *micro-batch* at a time, and several threads may be inside the same layer with different
micro-batches. So a layer keeps no state of a forward pass: ``forward`` returns its outputs together with what
``backward`` will need, and the caller passes that on.
"""

from __future__ import annotations

import inspect
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import whole_number
from pellucid.core.keras.attributes import no_attribute
from pellucid.core.keras.table import arguments_of
from pellucid.core.old_spellings import reject_renamed, reject_unknown
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, NotBuiltError, ShapeError
from pellucid.layers.keras_arguments import neutral_of

Array = npt.NDArray[Any]
Gradients = tuple[Array | None, tuple[Array, ...]]  # dLoss/dInputs, if wanted, and dLoss/dParameters
Shape = tuple[int, ...]  # of one image or one set of maps: without the batch axis

ELEMENTWISE = "elementwise"  # operations where each output depends on one input only


_OWN_LAYER = (
    "A layer of your own defines forward(inputs, context), which returns the outputs and what backward "
    "needs, and backward(gradient, saved), which returns the gradients of the inputs and of the parameters; "
    "parameter_shapes names the parameters and their shapes."
)


_SET_AT_FIRST = {"name", "named_by_user", "dtype", "wanted_input_shape", "parameters", "input_shape"}


class CallCounter:
    """Gives each call of a layer or network its own random numbers, distinct from those of training steps.

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
        """Return the pass context of the next call."""
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
    input_dim
        The same for flat inputs: ``input_dim=6`` is ``input_shape=(6,)``.
    dtype
        dtype of the parameters and the arithmetic: ``"float32"`` (default) or ``"float64"``.

    Notes
    -----
    A subclass lists its hyper-parameters in ``options``, which ``get_config`` saves, and defines ``forward``
    and ``backward``, and also ``output_shape_for`` and ``parameter_shapes`` where the defaults do not fit.
    """

    kind: ClassVar[str] = "own"  # kind of operation; each subclass gets its own unless it names one
    family: ClassVar[str] = "own"  # a family of kinds with the same properties: ELEMENTWISE
    options: ClassVar[tuple[str, ...]] = ()
    needs_whole_batch: bool = False  # needs statistics over the batch: it cannot be cut
    images_together: int = 1  # size of statistics groups: micro-batches are multiples of it
    is_dense: ClassVar[bool] = False  # its weights are larger than its activations: large micro-batches
    in_training_by_default: ClassVar[bool] = False  # what a call without training= means

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.kind = cls.__dict__.get("kind", "own")
        cls.family = cls.__dict__.get("family", "own")

    def __new__(cls, *arguments: Any, **options: Any) -> Self:
        """Name the old spelling of an argument before Python misses the new one."""
        if cls.__module__.startswith("pellucid."):
            reject_renamed(cls.__name__, options)
            _check_order(cls, arguments)
        else:
            _check_own(cls)
        return super().__new__(cls)

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        input_shape: Shape | None = None,
        input_dim: int | None = None,
        dtype: str | None = "float32",
        **unknown: Any,
    ) -> None:
        kind = type(self).__name__
        known = ["name", "trainable", "input_shape", "input_dim", "dtype", *self.options]
        reject_unknown(kind, unknown, known, neutral_of(kind))
        if input_dim is not None:
            input_shape = (whole_number(kind, "input_dim", input_dim),)
        dtype = "float32" if dtype is None else dtype
        if dtype not in ("float32", "float64"):
            raise ArgumentError(f"{kind} computes in 'float32' or 'float64'. Received: dtype={dtype!r}")
        default = _snake_case(type(self).__name__)
        self.name = name or default
        self.named_by_user = self.name != default  # otherwise a network may rename it
        self.trainable = bool(trainable)
        self.dtype = dtype
        self.wanted_input_shape = None if input_shape is None else tuple(input_shape)
        self.index = 0  # position in the network: selects the layer's random streams
        self.part_of: str | None = None  # name of the layer whose activation this is
        self._calls = CallCounter()
        self.input_shape: Shape | None = None
        self.output_shape: Shape | None = None
        self.parameters: dict[str, Array] = {}  # changed by the optimizer
        self.state: dict[str, Array] = {}  # saved with the network, but not trained (running statistics)

    if not TYPE_CHECKING:  # so that type checkers still report attributes that are not there

        def __getattr__(self, name: str) -> Any:
            """Say what to write instead of an attribute of Keras that is not here."""
            if "_calls" not in vars(self) and name in _SET_AT_FIRST:
                raise AttributeError(
                    "A layer of your own begins its __init__ with super().__init__(**options). "
                    f"Received: {type(self).__name__} without {name}"
                )
            answer = no_attribute("Layer", name, type(self).__name__)
            if answer is None:
                return object.__getattribute__(self, name)  # raises the error that led here
            raise AttributeError(answer)

    # Shapes and parameters

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """Return the shape of one output, given the shape of one input; both without the batch axis.

        Raises
        ------
        ShapeError
            When the layer cannot take inputs of that shape.
        """
        return input_shape

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape of each trainable parameter, by name."""
        return {}

    def state_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Return the shape of each array that is saved but not trained, by name."""
        return {}

    def build(self, input_shape: Shape, seed: int | None = 0, index: int = 0) -> Shape:
        """Fix the shapes, create the parameters, and return the shape of one output.

        The layer's ``NAME_initializer`` draws the parameter NAME from its own random stream. With
        ``seed=None`` all parameters are zeros, to be overwritten by saved ones.
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
        """Number of values that the layer holds, trained or not."""
        return sum(array.size for array in (*self.parameters.values(), *self.state.values()))

    # Computation

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Return the outputs for a micro-batch, and what ``backward`` needs from this pass.

        ``inputs`` has the batch axis first: (n, *input_shape).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define forward. {_OWN_LAYER}")

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Return dLoss/dInputs and dLoss/dParameters, given dLoss/dOutputs.

        The former is None when ``inputs_gradient`` is False: nothing needs the first layer's. The latter come
        in the order of ``parameters``, summed over the images of the micro-batch.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define backward. {_OWN_LAYER}")

    def update_state(self, saved: Any) -> None:
        """Update the state from a training step (the running statistics of batch normalisation)."""

    def operations(self) -> list[Layer]:
        """Return the layer as the sequence of elementary layers that the engine runs."""
        return [self]

    def __call__(self, inputs: npt.ArrayLike, training: bool | None = None) -> Array:
        """Return the layer's outputs for a batch; builds the layer on its first use.

        With ``training=True`` it computes as in a training step: running statistics are updated, and each
        call draws new random numbers, which depend on the layer's seed and the number of earlier calls.
        The default is False, but for layers that change images at random, such as ``RandomFlip``, it is
        True, as in Keras.

        Examples
        --------
        >>> from pellucid.layers import Flatten
        >>> Flatten()(np.zeros((5, 2, 3, 4))).shape
        (5, 24)
        """
        if not hasattr(inputs, "__array__") and hasattr(inputs, "shape"):  # an Input
            raise ArgumentError(
                f"{type(self).__name__} is called on arrays. A network is a list of layers here: "
                f"Sequential([Input(…), {type(self).__name__}(…), …]). Received: inputs={inputs!r}"
            )
        values = np.asarray(inputs, dtype=self.dtype)
        if not self.built:
            self.build(values.shape[1:])
        return self.outputs_for(values, self._calls.context(training=self.in_training(training)))

    def in_training(self, training: bool | None) -> bool:
        """Return whether a call with that argument computes as in a training step."""
        return self.in_training_by_default if training is None else bool(training)

    def outputs_for(self, inputs: npt.ArrayLike, context: PassContext) -> Array:
        """Return the built layer's outputs for a whole batch; in training, running statistics are updated."""
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
        """Return the configuration that recreates the layer, as JSON-able data."""
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        for option in self.options:
            config[option] = plain_data(getattr(self, option))
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return a layer from what ``get_config`` returned."""
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
        for (name, array), weight in zip(own.items(), arrays, strict=True):  # check all before changing any
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
            f"Received: inputs of shape {self._batch_of(input_shape)}{_rank_hint(input_shape)}"
        )

    @staticmethod
    def _batch_of(shape: Shape | None) -> str:
        return "unknown" if shape is None else str((None, *shape))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}: {self.input_shape} -> {self.output_shape}>"


def _rank_hint(shape: Shape) -> str:
    """Return what to write where the axis of channels is missing, or that of the batch is too much."""
    if len(shape) == 4:
        return f". Without the axis of the batch it is Input({shape[1:]})"
    if len(shape) == 2 and min(shape) > 1:
        return f". With the axis of channels it is Input({(*shape, 1)}), and x[..., None] for grey images"
    return ""


def _check_order(cls: type[Layer], arguments: tuple[Any, ...]) -> None:
    """Raise for more arguments without a name than the layer takes; Keras's order names them."""
    parameters = [*inspect.signature(cls.__init__).parameters.values()][1:]
    taken = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(arguments) <= len(taken):
        return
    order = arguments_of(cls.__name__)
    named = ", ".join(f"{name}={value!r}" for name, value in zip(order, arguments, strict=False))
    raise ArgumentError(
        f"{cls.__name__} takes {len(taken)} arguments without a name; name the others, as in "
        f"{cls.__name__}({named}). Received: {len(arguments)} arguments without a name"
    )


def _check_own(cls: type[Layer]) -> None:
    """Raise for a user's layer that is written in Keras's way, whose gradients are not known."""
    if hasattr(cls, "call") and cls.forward is Layer.forward and cls.operations is Layer.operations:
        raise ArgumentError(
            f"{_OWN_LAYER} Keras's call has no gradient here. Received: {cls.__name__} with call, not forward"
        )
    try:
        inspect.signature(cls.build).bind(None, (), seed=0, index=0)
    except TypeError:
        raise ArgumentError(
            f"build takes (input_shape, seed, index) and returns the output shape. {_OWN_LAYER} "
            f"Received: {cls.__name__}.build{inspect.signature(cls.build)}"
        ) from None


def plain_data(value: Any) -> Any:
    """Return ``value`` as JSON-able data: objects as their class name and configuration."""
    if isinstance(value, np.generic):
        return value.item()
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return list(value) if isinstance(value, tuple) else value


def _snake_case(class_name: str) -> str:
    """Return Keras's snake case: Conv2D -> conv2d, MaxPooling2D -> max_pooling2d, ReLU -> re_lu."""
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
