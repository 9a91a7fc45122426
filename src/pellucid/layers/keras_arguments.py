"""Keras's arguments of layers that pellucid lacks, each with the values at which it has no effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pellucid.core.old_spellings import AnyOf

_ALWAYS: dict[str, Any] = {"activity_regularizer": None, "autocast": True}
_CHANNELS: dict[str, Any] = {"data_format": AnyOf([None, "channels_last"])}
_ONE = AnyOf([1, (1, 1), [1, 1]])
_WEIGHTS: dict[str, Any] = dict.fromkeys(
    (
        "kernel_regularizer",
        "bias_regularizer",
        "kernel_constraint",
        "bias_constraint",
        "W_regularizer",
        "b_regularizer",
        "W_constraint",
        "b_constraint",
        "weights",
        "lora_rank",
        "lora_alpha",
        "quantization_config",
    )
)
_NORMALISATION: dict[str, Any] = {
    "axis": AnyOf([-1, [-1]]),
    "center": True,
    "scale": True,
    "renorm": False,
    "synchronized": False,
    **dict.fromkeys(("beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint")),
}
_OF_CLASS: dict[str, dict[str, Any]] = {
    "Dense": _WEIGHTS,
    "Conv2D": {**_CHANNELS, **_WEIGHTS, "dilation_rate": _ONE, "groups": 1},
    "MaxPooling2D": _CHANNELS,
    "AveragePooling2D": _CHANNELS,
    "GlobalAveragePooling2D": {**_CHANNELS, "keepdims": False},
    "Flatten": _CHANNELS,
    "Dropout": {"noise_shape": None, "seed": None},
    "BatchNormalization": _NORMALISATION,
    "ReLU": {"max_value": None, "negative_slope": 0, "threshold": 0},
    "Softmax": {"axis": -1},
    "RandomFlip": {**_CHANNELS, "seed": None},
    "RandomTranslation": {**_CHANNELS, "seed": None},
}


def neutral_of(layer: str) -> Mapping[str, Any]:
    """Return Keras's other arguments of a layer class, with their values of no effect.

    Examples
    --------
    >>> neutral_of("Dropout")["seed"] is None
    True
    """
    return {**_ALWAYS, **_OF_CLASS.get(layer, {})}
