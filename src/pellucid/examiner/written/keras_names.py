"""The classes of Keras that a student may use: names, aliases, and their arguments in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CONVOLUTION = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups")
_POOLING = ("pool_size", "strides", "padding")

LAYERS: Mapping[str, tuple[str, ...]] = {
    "Dense": ("units", "activation", "use_bias"),
    "Conv2D": (*_CONVOLUTION, "activation"),
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "GlobalAveragePooling2D": (),
    "Dropout": ("rate",),
    "SpatialDropout2D": ("rate",),
    "Flatten": (),
    "Activation": ("activation",),
    "ReLU": (),
    "Softmax": (),
    "LeakyReLU": ("negative_slope",),
    "BatchNormalization": (),
    "Reshape": ("target_shape",),
    "Rescaling": ("scale", "offset"),
    "InputLayer": ("shape",),
    "ZeroPadding2D": ("padding",),
    "SeparableConv2D": (*_CONVOLUTION,),
}
LAYER_ALIASES = {
    "MaxPool2D": "MaxPooling2D",
    "AvgPool2D": "AveragePooling2D",
    "Convolution2D": "Conv2D",
    "SeparableConvolution2D": "SeparableConv2D",
}
OPTIMIZERS: Mapping[str, float] = {  # the learning rate where none is given
    "SGD": 0.01,
    "RMSprop": 0.001,
    "Adam": 0.001,
    "AdamW": 0.001,
    "Adamax": 0.001,
    "Nadam": 0.001,
    "Adagrad": 0.001,
    "Adadelta": 0.001,
    "Ftrl": 0.001,
}
FIT = (
    *("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data"),
    *("shuffle", "class_weight"),
)
COMPILE = ("optimizer", "loss", "metrics")
SHAPES = {"mnist": (28, 28), "fashion_mnist": (28, 28), "cifar10": (32, 32, 3), "cifar100": (32, 32, 3)}
COUNTS = {"mnist": 60_000, "fashion_mnist": 60_000, "cifar10": 50_000, "cifar100": 50_000}
LARGEST_VALUE = {"digits": 16}
SCHEDULES = (
    "InverseTimeDecay",
    "ExponentialDecay",
    "PiecewiseConstantDecay",
    "CosineDecay",
    "PolynomialDecay",
)


def optimizer_name(word: str) -> str:
    """Return the class that a name in text means; "" where there is none.

    Examples
    --------
    >>> optimizer_name("rmsprop"), optimizer_name("fast")
    ('RMSprop', '')
    """
    return next((name for name in OPTIMIZERS if name.lower() == word.lower()), "")


def by_name(order: tuple[str, ...], arguments: list[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments by name, those by position too.

    Examples
    --------
    >>> by_name(("units", "activation"), [10], {"activation": "relu"})
    {'units': 10, 'activation': 'relu'}
    """
    return dict(zip(order, arguments, strict=False)) | dict(keywords)
