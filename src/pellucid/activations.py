"""Activation functions of arrays, under Keras's name for the place."""

from __future__ import annotations

from pellucid.layers.activations import linear, relu, softmax

__all__ = ["linear", "relu", "softmax"]
