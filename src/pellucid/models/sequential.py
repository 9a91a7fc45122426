"""``Sequential``: a network as a list of layers, with Keras's methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid import losses, optimizers
from pellucid.callbacks.callback import Callback
from pellucid.callbacks.callback_list import CallbackList
from pellucid.callbacks.history import History
from pellucid.core.old_spellings import explain_once, reject_unknown
from pellucid.core.pass_context import INFERENCE
from pellucid.core.terminal import telling, tells
from pellucid.engine.data import (
    Data,
    check_is_array,
    checked_data,
    checked_images,
    class_weights,
    last_part,
    shape_of_one,
)
from pellucid.engine.engines import choose
from pellucid.engine.labels import takes_class_labels
from pellucid.engine.protocol import Program, Training
from pellucid.errors import ArgumentError, NotBuiltError
from pellucid.graph.facts.ending import ending_of
from pellucid.layers import Input, Layer
from pellucid.layers.layer import Array
from pellucid.metrics.resolving import resolve
from pellucid.models.fit_arguments import (
    checked_batch_size,
    checked_schedule,
    validation_parts,
    warn_of_missing_classes,
)
from pellucid.models.fitting import Schedule, fit, measured
from pellucid.models.keras_arguments import PASSED_OVER, reject_unknown_arguments
from pellucid.models.network import Network
from pellucid.models.saving import load_weights, save_model

if TYPE_CHECKING:
    from pellucid.metrics import MetricLike


class Sequential(Network):
    """A network as a linear stack of layers.

    Parameters
    ----------
    layers
        The layers, first to last; the first may be an ``Input``.
    name
        Shown in the summary.
    seed
        Seed of everything random: initial weights, order of the images, dropout. The same seed, data and
        settings give the same network, bit for bit, on any number of threads. By default it is taken from
        :func:`pellucid.utils.set_random_seed`, or else drawn at random; ``network.seed`` holds it.

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
        self.stop_training = False
        self.history: History | None = None
        self.engine: str | None = None
        self._compiled_activations: list[str | None] | None = None  # None: no program was compiled yet
        super().__init__(layers, name, seed=seed, **unknown)

    def _changed(self) -> None:
        self._program: Program | None = None  # for training
        self._predicting: Program | None = None

    def _optimizer_numbers(self) -> int | None:
        if self.optimizer is None or self._program is None:
            return None
        return sum(array.size for array in self.optimizer.state.values())

    # Training

    def compile(
        self,
        optimizer: optimizers.OptimizerLike = "rmsprop",
        loss: losses.LossLike | None = None,
        metrics: Sequence[MetricLike] | MetricLike | None = None,
        *,
        engine: str | None = None,
        plain: bool | None = None,
        **unknown: Any,
    ) -> None:
        """Configure the network for training.

        Parameters
        ----------
        optimizer
            A name ("adam", with its defaults) or an object from :mod:`pellucid.optimizers`.
        loss
            A name ("categorical_crossentropy") or an object from :mod:`pellucid.losses`.
        metrics
            A list of names ("accuracy"), objects, or functions of labels and outputs.
        engine
            How the network is computed. ``"plain"`` uses only the textbook functions of
            :mod:`pellucid.functions`. ``"numpy"`` uses fast forms, with the same results up to rounding.
            ``"compiled"`` uses fast forms that Numba compiles for this processor (``pip install
            pellucid[fast]``): compiling takes some seconds, once, and then a step of a convolutional network
            takes about half the time. The default is the environment variable PELLUCID_ENGINE, or else the
            fastest engine available. Each engine gives the same bits every time, on any number of threads;
            between engines the last bits differ.
        plain
            The old spelling: ``plain=True`` means ``engine="plain"``.

        Raises
        ------
        UnknownNameError
            For an unknown name; the message suggests the nearest.
        ArgumentError
            For an engine that cannot be used here.
        """
        reject_unknown_arguments(self.compile, unknown)
        if loss is None:
            raise ArgumentError("compile needs a loss, for example loss='categorical_crossentropy'")
        chosen_optimizer, chosen_loss = optimizers.get(optimizer), losses.get(loss)
        chosen_engine = choose(engine, plain=plain)
        self.metrics = resolve(metrics, chosen_loss)
        self.optimizer, self.loss = chosen_optimizer, chosen_loss
        self.engine = chosen_engine.name
        self._changed()

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
            Images (N, …) of any numeric dtype, and labels in the form that the loss takes: one-hot (N, U) or
            integers (N,). Images are converted to floats one micro-batch at a time, so uint8 pixels stay
            uint8, scaled by a first layer ``Rescaling(1 / 255)``, and may lie in a file larger than memory,
            ``np.load("x.npy", mmap_mode="r")``. In random order each image is a separate read: keep such a
            file on a fast disk, or shuffle it once and train with ``shuffle=False``.
        batch_size
            Images per step; 32 by default.
        epochs, initial_epoch
            Train until epoch ``epochs``, starting after ``initial_epoch`` epochs.
        verbose
            0 is silent; 1 shows a live line on a terminal or in a notebook, and a line for each epoch, or for
            every few of more than 20; 2 prints a line for each epoch; "auto" is 1. For other choices pass a
            :class:`~pellucid.callbacks.Progress` among the callbacks.
        callbacks
            Called at each epoch (and step); see :mod:`pellucid.callbacks`.
        validation_split
            Share of the images, the LAST ones before any shuffling, that is held out of training and
            evaluated after each epoch.
        validation_data
            ``(x, y)`` or ``(x, y, sample_weight)`` to evaluate after each epoch instead.
        shuffle
            Whether each epoch takes the images in a new random order.
        class_weight
            {class: weight} for the loss; classes not listed weigh 1.
        sample_weight
            (N,) weights of the images in the loss.
        threads
            Worker threads; by default PELLUCID_THREADS, or the CPUs the process may use. The number changes
            no result.

        Raises
        ------
        NotBuiltError
            Before ``compile``.
        ShapeError, DataError, ArgumentError
            For data or settings that cannot be trained with; the network is then unchanged.
        NonFiniteLossError
            When the loss becomes NaN or infinite.
        """
        check_is_array(x)
        reject_unknown_arguments(self.fit, unknown)
        schedule = checked_schedule(x, y, batch_size, epochs, initial_epoch, shuffle=shuffle)
        if class_weight is not None and sample_weight is not None:
            raise ArgumentError(
                "class_weight and sample_weight exclude each other; multiply them into sample_weight"
            )
        team = choose(self.engine).workers(threads)
        self._build_for(x)
        data = self._data(x, y, sample_weight)
        data, validation = self._parted(data, validation_data, validation_split)
        if class_weight is not None:
            data.weights = class_weights(class_weight, data.labels, self.output_shape[-1])  # type: ignore[arg-type]  # checked_data ensures labels
        program = self._compiled_program()
        self._check_trainable_as_compiled()
        self.stop_training = False
        called = self._called(callbacks, verbose, schedule, len(data))
        self.history = called.history
        with telling(tells() or called.shown), team as workers:
            program.warm_up(data.images)
            fit(program, data, validation, schedule, called, workers)
        return self.history  # type: ignore[return-value]  # _called has set a History

    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
        *,
        callbacks: Sequence[Callback] | Callback | None = None,
        threads: int | None = None,
        **unknown: Any,
    ) -> Any:
        """Return the mean loss and metrics over images and labels, in inference mode.

        Returns a list ``[loss, metric, …]``, the loss alone if there are no metrics, or a dict by name with
        ``return_dict=True``. Of ``callbacks`` the hooks ``on_test_…`` are called.
        """
        check_is_array(x)
        reject_unknown_arguments(self.evaluate, unknown)
        self._build_for(x)
        data = self._data(x, y, sample_weight)
        with choose(self.engine).workers(threads) as workers:
            found = measured(
                self._compiled_program(),
                data,
                checked_batch_size(batch_size),
                CallbackList(callbacks, model=self),
                workers,
            )
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
        callbacks: Sequence[Callback] | Callback | None = None,
        threads: int | None = None,
        **unknown: Any,
    ) -> Array:
        """Return the network's outputs for images (N, …): probabilities (N, U) after a softmax.

        Of ``callbacks`` the hooks ``on_predict_…`` are called.
        """
        del verbose  # Keras's argument; prediction shows no progress
        check_is_array(x)
        reject_unknown_arguments(self.predict, unknown)
        self._build_for(x)
        images = checked_images(x, self.input_shape)
        engine = choose(self.engine)
        if self._predicting is None:
            self._predicting = engine.compile(self.graph)
        called = CallbackList(callbacks, model=self)
        called.on_predict_begin()
        called.on_predict_batch_begin(0)
        with engine.workers(threads) as workers:
            outputs = self._predicting.predict(images, checked_batch_size(batch_size), workers)
        called.on_predict_batch_end(0, {"outputs": outputs})
        called.on_predict_end()
        return outputs

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: Any = "auto") -> Array:
        """Return the most probable class of each image (N,): an old spelling, kept."""
        explain_once(
            "predict_classes", "predict_classes(x) left Keras in 2021; it is predict(x).argmax(axis=1)."
        )
        return np.asarray(self.predict(x, batch_size, verbose).argmax(axis=-1))

    def __call__(self, x: Any, training: bool | None = None) -> Array:
        """Return the network's outputs for a batch, in inference mode or as in a training step.

        With ``training=True`` dropout is on, each call draws new random numbers, which depend on the
        network's seed and the number of earlier calls, and running statistics are updated. Without
        ``training`` only layers that change images at random, such as ``RandomFlip``, do so, as in Keras;
        ``predict`` never changes images.
        """
        self._build_for(x)
        values = np.asarray(checked_images(x, self.input_shape))
        modes = [layer.in_training(training) for layer in self.layers]
        in_training = self._calls.context(training=any(modes))
        for layer, mode in zip(self.layers, modes, strict=True):
            values = layer.outputs_for(values, in_training if mode else INFERENCE)
        return values

    # Saving

    def save(self, filepath: str | Path, include_optimizer: bool = True, **unknown: Any) -> None:
        """Write the network to one safetensors file, whatever its name.

        Read it back with :func:`pellucid.models.load_model`. Keras's arguments ``overwrite`` and
        ``save_format`` are passed over: a file of that name is replaced.
        """
        save_model(self, filepath, include_optimizer=include_optimizer)
        reject_unknown("save", unknown, ["filepath", "include_optimizer"], PASSED_OVER)

    def save_weights(self, filepath: str | Path, **unknown: Any) -> None:
        """Write the network without its optimizer's state."""
        self.save(filepath, include_optimizer=False, **unknown)

    def load_weights(self, filepath: str | Path, **unknown: Any) -> None:
        """Read the weights that ``save`` or ``save_weights`` wrote, into a network of the same layers."""
        reject_unknown("load_weights", unknown, ["filepath"], {"skip_mismatch": False, "by_name": False})
        load_weights(self, filepath)

    # Helpers

    def __getstate__(self) -> dict[str, Any]:
        """Return what is copied and pickled: all but the programs, whose flat parameters the layers view."""
        return {**self.__dict__, "_program": None, "_predicting": None}

    def _build_for(self, x: Any) -> None:
        if not self.built:
            self._build(shape_of_one(x))
        if self._compiled_activations not in (None, self._activations()):
            self._changed()  # one was set since: layer.activation = "linear"
        self._compiled_activations = self._activations()

    def _activations(self) -> list[str | None]:
        return [getattr(layer, "activation", None) for layer in self._layers]

    def _data(self, x: Any, y: Any, sample_weight: Any, name: str = "x") -> Data:
        self._need_compiled()
        return checked_data(
            x, y, self.input_shape, ending_of(self.graph), self.loss, sample_weight=sample_weight, name=name
        )

    def _parted(self, data: Data, validation_data: Any, validation_split: float) -> tuple[Data, Data | None]:
        """Return the training data, and the validation data if any."""
        if validation_data is not None:
            return data, self._data(*validation_parts(validation_data), name="validation x")
        if not validation_split:
            return data, None
        training, validation = last_part(data, validation_split)
        if takes_class_labels(self.loss):
            warn_of_missing_classes(training, validation)
        return training, validation

    def _called(
        self, callbacks: Sequence[Callback] | Callback | None, verbose: Any, schedule: Schedule, images: int
    ) -> CallbackList:
        """Return the callbacks of a training run, among them the history and the progress bar."""
        return CallbackList(
            callbacks,
            add_history=True,
            add_progbar=True,
            model=self,
            verbose=verbose,
            epochs=schedule.epochs,
            steps=-(-images // schedule.batch_size),
            images=images,
        )

    def _need_compiled(self) -> optimizers.Optimizer:
        if self.optimizer is None:
            raise NotBuiltError(
                "The network is not compiled: it has no loss and no optimizer. "
                "Call compile(optimizer=…, loss=…, metrics=[…]) first."
            )
        return self.optimizer

    def prepare(self) -> optimizers.Optimizer:
        """Create the optimizer's state, as the first training step would; return the optimizer."""
        self._compiled_program()
        return self._need_compiled()

    def _compiled_program(self) -> Program:
        optimizer = self._need_compiled()
        if self._program is None:
            training = Training(self.loss, self.metrics, optimizer, self.seed)
            self._program = choose(self.engine).compile(self.graph, training)
            self._trainable_as_compiled = [layer.trainable for layer in self.layers]
            self._compiled_activations = self._activations()
        return self._program

    def _check_trainable_as_compiled(self) -> None:
        for layer, before in zip(self.layers, self._trainable_as_compiled, strict=True):
            if layer.trainable != before:
                raise ArgumentError(
                    "Which layers are trained is settled by compile; call it again after a change. "
                    f"Received: layer {layer.name!r} with trainable={layer.trainable}, was {before}"
                )
