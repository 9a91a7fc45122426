"""``Sequential``: a network as a list of layers, with Keras's methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from pellucid.errors import ArgumentError, NotBuiltError, ShapeError
from pellucid.layers import Input, Layer
from pellucid.layers.layer import Array, Shape
from pellucid.old_spellings import explain_once, reject_unknown
from pellucid.training import losses, metrics, optimizers
from pellucid.training.architecture import layer_from_config, layer_to_config
from pellucid.training.callbacks.callback import Callback
from pellucid.training.callbacks.callback_list import CallbackList
from pellucid.training.data import (
    Data,
    checked_data,
    checked_images,
    class_weights,
    last_part,
    shape_of_one,
)
from pellucid.training.engine import Engine, predict_with
from pellucid.training.fitting import Schedule, fit
from pellucid.training.history import History
from pellucid.training.keras_arguments import reject_unknown_arguments
from pellucid.training.plan import Plan
from pellucid.training.seeds import checked_seed, next_seed
from pellucid.training.workers import Workers


class Sequential:
    """A network whose layers follow one another.

    Parameters
    ----------
    layers
        The layers, first to last; the first may be an ``Input``.
    name
        Shown in the summary.
    seed
        Of all that is random: first weights, order of the images, dropout. The same seed, data and settings
        give the same network, bit for bit, on any number of threads. When missing it is taken from
        :func:`pellucid.utils.set_random_seed`, or else drawn anew; ``network.seed`` tells which it was.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid import Sequential, layers
    >>> network = Sequential([layers.Input((2,)), layers.Dense(2, activation="softmax")], seed=0)
    >>> network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    >>> x, y = np.array([[0.0, 1.0], [1.0, 0.0]] * 20), np.array([0, 1] * 20)
    >>> history = network.fit(x, y, epochs=30, batch_size=4, verbose=0)
    >>> history.history["accuracy"][-1]
    1.0
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
        self.layers: list[Layer] = []
        self.input_shape_given: Shape | None = None
        self.built = False
        self.stop_training = False
        self.history: History | None = None
        self.optimizer: optimizers.Optimizer | None = None
        self.loss: Any = None
        self.metrics: list[Any] = []
        self._engine: Engine | None = None
        if isinstance(layers, Layer | Input):
            raise ArgumentError(f"Sequential takes a list of layers. Received: layers={layers!r}")
        for layer in layers or ():
            self.add(layer)

    # Building

    def add(self, layer: Layer | Input) -> None:
        """Put a layer at the end; an ``Input`` only at the beginning.

        Raises
        ------
        ShapeError
            When the layer cannot take what the layers before it put out; the network is then as it was.
        """
        if isinstance(layer, Input):
            if self.layers or self.input_shape_given is not None:
                raise ArgumentError(
                    f"Input comes first, and once. Received: {layer!r} after {len(self.layers)} layers"
                )
            self.input_shape_given = layer.shape
            return
        if not isinstance(layer, Layer):
            hint = "; call it: layers.Flatten()" if isinstance(layer, type) else ""
            raise ArgumentError(f"Sequential is made of layers. Received: {layer!r}{hint}")
        if any(layer is other for other in self.layers):
            raise ArgumentError(f"Layer {layer.name!r} is already in the network; make another of its kind")
        if not self.layers and self.input_shape_given is None and layer.wanted_input_shape is not None:
            explain_once(
                "input_shape",
                "input_shape= is the old spelling of an Input(shape=…) at the head of the network.",
            )
            self.input_shape_given = Input(layer.wanted_input_shape).shape
        self._check_dtype(layer)
        self._name(layer)
        if self.input_shape_given is not None:
            layer.build(
                self.output_shape if self.layers else self.input_shape_given, self.seed, len(self.layers)
            )
            self.built = True
        self.layers.append(layer)
        self._engine = None

    def pop(self) -> Layer:
        """Take the last layer off and return it."""
        if not self.layers:
            raise ArgumentError("There is no layer to take off: the network is empty")
        self._engine = None
        layer = self.layers.pop()
        self.built = bool(self.layers) and self.built
        return layer

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Fix the shapes for inputs of ``input_shape``, with or without the batch axis as None in front."""
        shape = tuple(input_shape) if np.iterable(input_shape) else (input_shape,)
        if shape[:1] == (None,):
            shape = shape[1:]
        self._build(Input(shape).shape)  # type: ignore[arg-type]

    def _build(self, input_shape: Shape) -> None:
        if self.built and input_shape != self.input_shape:
            raise ShapeError(
                f"The network is built for inputs of shape {self.input_shape}. Received: shape={input_shape}"
            )
        if self.built:
            return
        if not self.layers:
            raise NotBuiltError("The network has no layers yet; add some first")
        shape = input_shape
        for layer in self.layers:  # whether all fit is known before any is built
            shape = layer.output_shape_for(shape)
        self.input_shape_given = shape = input_shape
        for index, layer in enumerate(self.layers):
            shape = layer.build(shape, self.seed, index)
        self.built = True

    def _check_dtype(self, layer: Layer) -> None:
        if self.layers and layer.dtype != self.layers[0].dtype:
            raise ArgumentError(
                f"All layers of a network compute in one dtype; the first in {self.layers[0].dtype!r}. "
                f"Received: layer {layer.name!r} with dtype={layer.dtype!r}"
            )

    def _name(self, layer: Layer) -> None:
        """Make names differ as Keras does: conv2d, conv2d_1, conv2d_2."""
        taken = {other.name for other in self.layers}
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

    # What it is

    @property
    def input_shape(self) -> Shape:
        """Shape of one input, without the batch axis."""
        if self.input_shape_given is None:
            raise NotBuiltError(_NO_INPUT_SHAPE)
        return self.input_shape_given

    @property
    def output_shape(self) -> Shape:
        """Shape of one output, without the batch axis."""
        shape = self.layers[-1].output_shape if self.layers else self.input_shape_given
        if shape is None:
            raise NotBuiltError(_NO_INPUT_SHAPE)
        return shape

    @property
    def parts(self) -> list[Layer]:
        """The elementary layers that the engine runs: a layer's activation is one of its own."""
        self._need_built()
        return [part for layer in self.layers for part in layer.parts()]

    def count_params(self) -> int:
        """Return how many numbers the network holds."""
        self._need_built()
        return sum(layer.parameter_count for layer in self.layers)

    def summary(self, line_length: int | None = None, print_fn: Any = None) -> None:
        """Print the layers, their output shapes and parameters, as a table in Keras's form."""
        from pellucid.training.summary import summary_text

        rows = [
            (
                layer.name,
                type(layer).__name__,
                layer.output_shape,
                layer.parameter_count,
                sum(array.size for array in layer.parameters.values()) if layer.trainable else 0,
            )
            for layer in self.layers
        ]
        optimizer_params = None
        if self.optimizer is not None and self._engine is not None:
            optimizer_params = sum(array.size for array in self.optimizer.state.values())
        (print_fn or print)(summary_text(self.name, rows, optimizer_params, line_length))

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer of that name, or at that place."""
        from pellucid.errors import UnknownNameError, nearest

        if index is not None:
            if not -len(self.layers) <= index < len(self.layers):
                raise ArgumentError(f"The network has {len(self.layers)} layers. Received: index={index}")
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise UnknownNameError(
            f"There is no layer {name!r}: {nearest(str(name), [o.name for o in self.layers])}"
        )

    # Weights

    def get_weights(self) -> list[Array]:
        """Return copies of all weights: for each layer its parameters, then its state."""
        self._need_built()
        return [array for layer in self.layers for array in layer.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Overwrite all weights with arrays of the same shapes, in the order of ``get_weights``."""
        self._need_built()
        counts = [len(layer.parameters) + len(layer.state) for layer in self.layers]
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
        for layer, count in zip(self.layers, counts, strict=True):
            layer.set_weights(list(weights[start : start + count]))
            start += count

    # Training

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        **unknown: Any,
    ) -> None:
        """Choose how to train.

        Parameters
        ----------
        optimizer
            A name ("adam", with its defaults) or an object from :mod:`pellucid.optimizers`.
        loss
            A name ("categorical_crossentropy") or an object from :mod:`pellucid.losses`.
        metrics
            A list of names ("accuracy"), objects, or functions of labels and outputs.

        Raises
        ------
        UnknownNameError
            For a name that is not known; the nearest is offered.
        """
        reject_unknown_arguments(self.compile, unknown)
        if loss is None:
            raise ArgumentError("compile needs a loss, for example loss='categorical_crossentropy'")
        chosen_optimizer, chosen_loss = optimizers.get(optimizer), losses.get(loss)
        self.metrics = _metrics.resolve(metrics, chosen_loss)
        self.optimizer, self.loss = chosen_optimizer, chosen_loss
        self._engine = None

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        *,
        threads: int | None = None,
        **unknown: Any,
    ) -> History:
        """Train on images and labels; return the history of loss and metrics, epoch by epoch.

        Parameters
        ----------
        x, y
            Images (N, …) of any numeric dtype, and labels in the form that the loss takes: one-hot rows (N,
            U) or integers (N,).
        batch_size
            Images per step; 32 when missing.
        epochs, initial_epoch
            Train until ``epochs`` epochs are done in all, counting from ``initial_epoch``.
        verbose
            0 silent; 1 a live bar on a terminal; 2 a line an epoch; "auto" is 1.
        callbacks
            Told of each epoch (and step); see :mod:`pellucid.callbacks`.
        validation_split
            Share of the images, the LAST ones before any shuffling, kept out of training and measured after
            each epoch.
        validation_data
            ``(x, y)`` or ``(x, y, sample_weight)`` to measure on after each epoch instead.
        shuffle
            Whether each epoch takes the images in a new random order.
        class_weight
            {class: weight} for the loss; classes not named weigh 1.
        sample_weight
            (N,) weights of the images for the loss.
        threads
            Worker threads; PELLUCID_THREADS, or the CPUs the process may use, when missing. Changes no
            result.

        Raises
        ------
        NotBuiltError
            Before ``compile``.
        ShapeError, DataError, ArgumentError
            For data or settings that cannot be trained with; nothing is changed then.
        NonFiniteLossError
            When the loss becomes NaN or infinite.
        """
        reject_unknown_arguments(self.fit, unknown)
        if y is None:
            raise ArgumentError("fit needs labels. Received: y=None")
        batch_size = 32 if batch_size is None else _whole(batch_size, "batch_size", 1)
        schedule = Schedule(
            batch_size, _whole(epochs, "epochs", 0), _whole(initial_epoch, "initial_epoch", 0), bool(shuffle)
        )
        if class_weight is not None and sample_weight is not None:
            raise ArgumentError(
                "class_weight and sample_weight exclude each other; multiply them into sample_weight"
            )
        team = Workers(threads)
        self._build_for(x)
        data = self._data(x, y, sample_weight)
        validation = None
        if validation_data is not None:
            validation = self._data(*_validation_parts(validation_data), name="validation x")
        elif validation_split:
            data, validation = last_part(data, validation_split)
        if class_weight is not None:
            data.weights = class_weights(class_weight, data.labels)  # type: ignore[arg-type]
        engine = self._compiled_engine()
        self._check_trainable_as_compiled()
        self.stop_training = False
        told = CallbackList(
            callbacks,
            add_history=True,
            add_progbar=True,
            model=self,
            verbose=verbose,
            epochs=schedule.epochs,
            steps=-(-len(data) // batch_size),
            images=len(data),
        )
        self.history = told.history
        with team as workers:
            fit(engine, data, validation, schedule, told, workers)
        return self.history  # type: ignore[return-value]

    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
        *,
        threads: int | None = None,
        **unknown: Any,
    ) -> Any:
        """Return the mean loss and metrics over images and labels, weights frozen and dropout off.

        A list ``[loss, metric, …]``, or the loss alone without metrics, or a dict by name with
        ``return_dict=True``.
        """
        reject_unknown_arguments(self.evaluate, unknown)
        self._build_for(x)
        data = self._data(x, y, sample_weight)
        with Workers(threads) as workers:
            found = self._compiled_engine().evaluate_on(data, _batch_size(batch_size), workers)
        if verbose not in (0, "auto"):
            print("  ".join(f"{name} {value:.4f}" for name, value in found.items()))
        if return_dict:
            return found
        values = list(found.values())
        return values if len(values) > 1 else values[0]

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        *,
        threads: int | None = None,
        **unknown: Any,
    ) -> Array:
        """Return the network's outputs for images (N, …): probabilities (N, U) after a softmax."""
        del verbose  # Keras's argument; there is nothing to show for the time it takes
        reject_unknown_arguments(self.predict, unknown)
        self._build_for(x)
        images = checked_images(x, self.input_shape)
        with Workers(threads) as workers:
            return predict_with(
                Plan(self.parts), images, self.layers[0].dtype, _batch_size(batch_size), workers
            )

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: Any = "auto") -> Array:
        """Return the number of the most probable class (N,): an old spelling, kept."""
        explain_once(
            "predict_classes", "predict_classes(x) left Keras in 2021; it is predict(x).argmax(axis=1)."
        )
        return np.asarray(self.predict(x, batch_size, verbose).argmax(axis=-1))

    def __call__(self, x: Any, training: bool = False) -> Array:
        """Return the network's outputs for a batch, in inference mode or as in training (dropout on)."""
        self._build_for(x)
        values = checked_images(x, self.input_shape)
        for layer in self.layers:
            values = layer(values, training=training)
        return values

    # Saving

    def save(self, filepath: str | Path, include_optimizer: bool = True) -> None:
        """Write the network to one safetensors file; read it back with :func:`pellucid.models.load_model`."""
        from pellucid.training.saving import save_model

        save_model(self, filepath, include_optimizer=include_optimizer)

    def save_weights(self, filepath: str | Path) -> None:
        """Write the network without its optimizer's state."""
        self.save(filepath, include_optimizer=False)

    def load_weights(self, filepath: str | Path) -> None:
        """Read the weights that ``save`` or ``save_weights`` wrote, into a network of the same layers."""
        from pellucid.training.saving import load_weights

        load_weights(self, filepath)

    def get_config(self) -> dict[str, Any]:
        """Return the architecture as JSON-able data: no weights."""
        return {
            "name": self.name,
            "input_shape": None if self.input_shape_given is None else list(self.input_shape_given),
            "seed": self.seed,
            "layers": [layer_to_config(layer) for layer in self.layers],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return a new network of that architecture."""
        shape = config.get("input_shape")
        given: list[Layer | Input] = [] if shape is None else [Input(tuple(shape))]
        return cls(
            [*given, *map(layer_from_config, config["layers"])], config["name"], seed=config.get("seed")
        )

    # Helpers

    def _need_built(self) -> None:
        if not self.built:
            raise NotBuiltError(_NO_INPUT_SHAPE)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled: all but the engine, whose row of parameters the layers look into."""
        return {**self.__dict__, "_engine": None}

    def _build_for(self, x: Any) -> None:
        if not self.built:
            self._build(shape_of_one(x))

    def _data(self, x: Any, y: Any, sample_weight: Any, name: str = "x") -> Data:
        self._need_compiled()
        return checked_data(
            x, y, self.input_shape, self.output_shape, self.loss, sample_weight=sample_weight, name=name
        )

    def _need_compiled(self) -> optimizers.Optimizer:
        if self.optimizer is None:
            raise NotBuiltError(
                "The network is not compiled: it has no loss and no optimizer. "
                "Call compile(optimizer=…, loss=…, metrics=[…]) first."
            )
        return self.optimizer

    def prepare(self) -> optimizers.Optimizer:
        """Make the optimizer's state, as the first training step would; return the optimizer."""
        self._compiled_engine()
        return self._need_compiled()

    def _compiled_engine(self) -> Engine:
        optimizer = self._need_compiled()
        if self._engine is None:
            dtype = self.layers[0].dtype
            self._engine = Engine(self.parts, self.loss, self.metrics, optimizer, self.seed, dtype)
            self._trainable_as_compiled = [layer.trainable for layer in self.layers]
        return self._engine

    def _check_trainable_as_compiled(self) -> None:
        for layer, before in zip(self.layers, self._trainable_as_compiled, strict=True):
            if layer.trainable != before:
                raise ArgumentError(
                    "Which layers are trained is settled by compile; call it again after a change. "
                    f"Received: layer {layer.name!r} with trainable={layer.trainable}, was {before}"
                )


_metrics = metrics  # ``compile`` has an argument of that name
_NO_INPUT_SHAPE = (
    "The network does not know the shape of its inputs yet. Begin it with Input(shape=…), as in "
    "Input(shape=(28, 28, 1)), or fit it on data first."
)


def _whole(value: Any, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ArgumentError(f"{name} is a whole number of at least {least}. Received: {name}={value!r}")
    return int(value)


def _batch_size(batch_size: int | None) -> int | None:
    return None if batch_size is None else _whole(batch_size, "batch_size", 1)


def _validation_parts(validation_data: Any) -> tuple[Any, Any, Any]:
    if not isinstance(validation_data, tuple | list) or len(validation_data) not in (2, 3):
        raise ArgumentError(
            f"validation_data is (x, y) or (x, y, sample_weight). Received: {type(validation_data).__name__}"
        )
    x, y, *weights = validation_data
    return x, y, weights[0] if weights else None
