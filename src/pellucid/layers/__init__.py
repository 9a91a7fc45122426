"""Layers, with Keras's names, arguments and meaning, on top of the functions of ``pellucid.functions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.keras.modules import lacking
from pellucid.layers.activation import Activation, ReLU, Softmax
from pellucid.layers.augmentation import RandomFlip, RandomTranslation
from pellucid.layers.conv2d import Conv2D
from pellucid.layers.dense import Dense
from pellucid.layers.dropout import Dropout
from pellucid.layers.flatten import Flatten
from pellucid.layers.input import Input, InputLayer
from pellucid.layers.layer import Layer
from pellucid.layers.normalization import BatchNormalization, FeatureMapNormalization
from pellucid.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from pellucid.layers.rescaling import Rescaling

# Keras's aliases of the same layers
Convolution2D = Conv2D
MaxPool2D = MaxPooling2D
AvgPool2D = AveragePooling2D
GlobalAvgPool2D = GlobalAveragePooling2D

__all__ = [
    "Activation",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "Conv2D",
    "Convolution2D",
    "Dense",
    "Dropout",
    "FeatureMapNormalization",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "Input",
    "InputLayer",
    "Layer",
    "MaxPool2D",
    "MaxPooling2D",
    "RandomFlip",
    "RandomTranslation",
    "ReLU",
    "Rescaling",
    "Softmax",
]

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
