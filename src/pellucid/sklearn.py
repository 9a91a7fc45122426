"""A network as a scikit-learn classifier, for Pipeline, GridSearchCV, cross_val_score and their like.

>>> from sklearn.datasets import load_digits
>>> from sklearn.model_selection import train_test_split
>>> from pellucid import layers
>>> X, y = load_digits(return_X_y=True)  # rows of 64 values, of images of 8×8
>>> X_train, X_test, y_train, y_test = train_test_split(X / 16, y, stratify=y, random_state=0)
>>> hidden = [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D()]
>>> classifier = ImageClassifier(hidden, image_shape=(8, 8), epochs=8, random_state=0)
>>> classifier.fit(X_train, y_train).score(X_test, y_test) > 0.9
True
"""

from __future__ import annotations

import copy
import math
import multiprocessing
from numbers import Integral
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from pellucid import optimizers
from pellucid.core import settings
from pellucid.core.arguments import real_number
from pellucid.errors import DataError, ShapeError
from pellucid.graph.graph import operations_of
from pellucid.layers import Conv2D, Dense, Flatten, Input, Layer, MaxPooling2D, Rescaling
from pellucid.models.sequential import Sequential

Array = npt.NDArray[Any]
Shape = tuple[int, ...]


class ImageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A network that tells classes of images apart, with scikit-learn's methods.

    Parameters
    ----------
    layers
        The network: a list of layers, or a ``Sequential``. It is a pattern, copied for each ``fit``. Where it
        does not end in a softmax, a dense layer with softmax is added, with one output for each class. When
        missing, values are divided by the largest; images go through 32 convolutions of 3×3 and max pooling;
        and 64 rectified units follow.
    image_shape
        (H, W) or (H, W, C) of the images that rows (N, H·W·C) hold. When missing, that of an ``Input`` among
        the layers, or else as ``X`` comes.
    optimizer
        A name or an object from :mod:`pellucid.optimizers`; an object is copied for each ``fit``.
    batch_size, epochs
        Images per step; how often all images are gone through.
    validation_fraction
        Share of the images kept out of training, drawn at random, class by class, and measured after each
        epoch; for callbacks that watch ``val_loss``.
    callbacks
        One callback or a list, from :mod:`pellucid.callbacks`; copied for each ``fit``.
    random_state
        The network's seed: an int, so that each ``fit`` gives the same network, bit for bit; a
        ``RandomState`` to draw it from; or None.
    threads
        Worker threads. When missing, as many as the process has CPUs, but one in a worker process of joblib
        or multiprocessing, which has others beside it. Changes no result.
    verbose
        0 silent; 1 a live bar; 2 a line an epoch.

    Attributes
    ----------
    classes_ : array (U,)
        The labels, sorted.
    network_ : pellucid.Sequential
        The trained network; its outputs are in the order of ``classes_``.
    history_ : dict of str to list
        Loss and accuracy of each epoch, by Keras's names.
    image_shape_ : tuple of int
        What the network takes: (H, W, C), or (D,).
    n_features_in_ : int
        Values of an image.
    feature_names_in_ : array (D,)
        The columns' names, where ``X`` was a table with names.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.model_selection import GridSearchCV
    >>> digits = load_digits()
    >>> search = GridSearchCV(ImageClassifier(random_state=0), {"epochs": [1, 4]}, cv=2)
    >>> search.fit(digits.images[:600], digits.target[:600]).best_params_
    {'epochs': 4}
    """

    def __init__(
        self,
        layers: Any = None,
        *,
        image_shape: Any = None,
        optimizer: Any = "adam",
        batch_size: int = 32,
        epochs: int = 20,
        validation_fraction: float = 0.0,
        callbacks: Any = None,
        random_state: Any = None,
        threads: int | None = None,
        verbose: Any = 0,
    ) -> None:
        self.layers = layers
        self.image_shape = image_shape
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation_fraction = validation_fraction
        self.callbacks = callbacks
        self.random_state = random_state
        self.threads = threads
        self.verbose = verbose

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a new network.

        Parameters
        ----------
        X
            Images (N, H, W, C), grey ones (N, H, W) too; or rows (N, D).
        y
            Labels (N,) of any kind: numbers or words.
        sample_weight
            (N,) weights of the images for the loss.

        Raises
        ------
        DataError
            When there are not two classes at least.
        ShapeError
            When images, ``image_shape`` and layers do not fit one another.
        ValueError
            For data that scikit-learn refuses, with its own words; and of pellucid's family for settings that
            cannot be trained with.
        NonFiniteLossError
            When the loss becomes NaN or infinite.
        """
        own_shape = _own_shape(X)
        rows, y = validate_data(self, _as_rows(X), y)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            (only,) = self.classes_.tolist()
            raise DataError(
                f"ImageClassifier tells two classes or more apart. Received: y with one class, {only!r}"
            )
        pattern = copy.deepcopy(self.layers)
        if not isinstance(pattern, Sequential):
            pattern = Sequential(pattern, seed=0)
        self.image_shape_ = self._fitting_shape(own_shape, pattern)
        images = rows.reshape(-1, *self.image_shape_)
        network = self._new_network(images, pattern)
        training, validation = self._split(images, numbers, sample_weight, network.seed)
        network.fit(
            training[0],
            training[1],
            sample_weight=training[2],
            batch_size=self.batch_size,
            epochs=self.epochs,
            validation_data=validation,
            callbacks=copy.deepcopy(self.callbacks),
            verbose=self.verbose,
            threads=self._threads(),
        )
        self.network_ = network
        self.history_ = network.history.history if network.history else {}
        return self

    def predict(self, X: Any) -> Array:
        """Return the most probable class of each image, (N,)."""
        probabilities = self.predict_proba(X)
        found: Array = self.classes_[probabilities.argmax(axis=1)]
        return found

    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class for each image, (N, U), in the order of ``classes_``."""
        check_is_fitted(self)
        own_shape = _own_shape(X)
        if own_shape is not None and own_shape != self.image_shape_:
            raise ShapeError(
                f"This ImageClassifier was fitted to images of shape {self.image_shape_}. "
                f"Received: images of shape {own_shape}"
            )
        rows = validate_data(self, _as_rows(X), reset=False)
        return self.network_.predict(rows.reshape(-1, *self.image_shape_), threads=self._threads())

    # Helpers of fit

    def _fitting_shape(self, own_shape: Shape | None, pattern: Sequential) -> Shape:
        """Return the shape that the network is to take images in."""
        if self.image_shape is not None:
            shape = _with_channels(Input(self.image_shape).shape)
        else:
            shape = pattern.input_shape_given or own_shape or (self.n_features_in_,)
        if math.prod(shape) != self.n_features_in_ or own_shape not in (None, shape):
            came = f"rows of {self.n_features_in_} values" if own_shape is None else f"images of {own_shape}"
            raise ShapeError(f"Images of shape {shape} are asked for. Received: X with {came}")
        return shape

    def _new_network(self, images: Array, pattern: Sequential) -> Sequential:
        """Return a network by the pattern, ready to be trained: its end has one output for each class."""
        classes = len(self.classes_)
        chosen = _default_layers(images) if self.layers is None else pattern.layers
        network = Sequential([Input(self.image_shape_), *chosen], seed=self._seed())
        if not _end_in_softmax(chosen):
            if len(network.output_shape) > 1:
                network.add(Flatten())
            network.add(Dense(classes, activation="softmax", dtype=chosen[0].dtype if chosen else "float32"))
        if network.output_shape != (classes,):
            raise ShapeError(
                f"The layers end in a softmax over {network.output_shape} outputs, and y has {classes} "
                "classes. Leave the last layer out: one that fits is added."
            )
        optimizer = optimizers.get(self.optimizer)
        fresh = type(optimizer).from_config(optimizer.get_config())
        network.compile(fresh, "sparse_categorical_crossentropy", ["accuracy"])
        return network

    def _split(self, images: Array, numbers: Array, weights: Any, seed: int) -> tuple[Any, Any]:
        """Return (images, labels, weights) to train on, and as much to validate on or None."""
        share = real_number("ImageClassifier", "validation_fraction", self.validation_fraction, "[0, 1)")
        weights = None if weights is None else np.asarray(weights)
        if weights is not None and not np.any(weights):
            raise DataError("sample_weight leaves nothing to learn from. Received: zeros only")
        if not share:
            return (images, numbers, weights), None
        parts = train_test_split(np.arange(len(images)), test_size=share, stratify=numbers, random_state=seed)
        training, validation = (
            (images[part], numbers[part], None if weights is None else weights[part]) for part in parts
        )
        return training, validation

    def _seed(self) -> int:
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _threads(self) -> int | None:
        is_worker = multiprocessing.parent_process() is not None and settings.THREADS.value() is None
        return 1 if self.threads is None and is_worker else self.threads


def _own_shape(X: Any) -> Shape | None:
    """Return the shape (H, W, C) of one image where ``X`` holds images, None where it holds rows."""
    shape = X.shape if hasattr(X, "shape") else np.asarray(X).shape
    return _with_channels(shape[1:]) if len(shape) > 2 else None


def _with_channels(shape: Shape) -> Shape:
    """(H, W) -> (H, W, 1); others stay as they are."""
    return (*shape, 1) if len(shape) == 2 else tuple(shape)


def _as_rows(X: Any) -> Any:
    """(N, H, W, C) -> (N, H·W·C); all else is as it was, for scikit-learn to check."""
    if _own_shape(X) is None:
        return X
    images = np.asarray(X)
    return images.reshape(len(images), math.prod(images.shape[1:]))


def _default_layers(images: Array) -> list[Layer]:
    scaling = Rescaling(1 / max(1e-7, float(np.abs(images).max())))
    if images.ndim == 2:
        return [scaling, Dense(64, activation="relu")]
    convolution = Conv2D(32, 3, padding="same", activation="relu")
    return [scaling, convolution, MaxPooling2D(padding="same"), Flatten(), Dense(64, activation="relu")]


def _end_in_softmax(layers: list[Layer]) -> bool:
    operations = operations_of(layers[-1:])
    return bool(operations) and operations[-1].kind == "softmax"
