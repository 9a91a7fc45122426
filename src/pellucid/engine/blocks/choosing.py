"""Which block does the work of which layers: a choice by shapes and dtype alone.

A block takes the place of layers of these very classes: what a user's subclass of them does is its own.

3×3 kernels at stride 1 go Winograd's way where there are channels enough, in and out, for it to pay; kernels
of few weights go directly; all else stays as it is. Where Numba is installed, the block is the compiled one.
Winograd's way is compiled for channels in sixteens only, and not for outputs of 2×2 or less: these are a
single tile of F(2×2, 3×3), and of the compiled form, which is F(4×4, 3×3), most of a tile would hang over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pellucid.engine.blocks.block import Block
from pellucid.engine.blocks.dense_block import DenseBlock
from pellucid.engine.blocks.numpy_blocks import DirectBlock, WinogradBlock
from pellucid.fast import availability as compiled
from pellucid.fast.convolution import direct
from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.processors import SHAPE
from pellucid.layers.activation import ReLU
from pellucid.layers.conv2d import Conv2D
from pellucid.layers.dense import Dense
from pellucid.layers.dropout import Dropout
from pellucid.layers.layer import Layer
from pellucid.layers.normalization import BatchNormalization
from pellucid.layers.pooling import MaxPooling2D

MOST_UNITS = 64  # of a dense layer that is filled up to sixteens
FEWEST_CHANNELS = 8  # in and out, for Winograd's way to pay


def blocks_for(parts: Sequence[Layer]) -> list[Layer]:
    """Return the layers with blocks in the place of those that a block can do."""
    blocks: list[Layer] = []
    place = 0
    while place < len(parts):
        block, length = _block_at(parts[place : place + 3])
        blocks.append(block)
        place += length
    return blocks


def _block_at(parts: Sequence[Layer]) -> tuple[Layer, int]:
    """Return what does the first of these layers, or the first few, and how many it does."""
    layer = parts[0]
    rectified = len(parts) > 1 and type(parts[1]) is ReLU
    if type(layer) is Dropout:
        return _dropout_block(layer), 1
    if _halves(layer) and layer.dtype == "float32" and compiled.available():
        return _pooling_block(layer), 1
    if type(layer) is BatchNormalization and _takes_values(layer):
        return _normalization_block(layer), 1
    if type(layer) is Dense and layer.dtype == "float32":
        return _dense_block(layer.units)(layer, rectified=rectified), 1 + rectified
    if type(layer) is not Conv2D or layer.dtype != "float32" or layer.strides != (1, 1):
        return layer, 1
    R, S, C, K = layer.parameters["kernel"].shape
    if (R, S) == (3, 3) and min(C, K) >= FEWEST_CHANNELS:
        pool = parts[2] if rectified and len(parts) > 2 and _halves(parts[2]) else None
        return _winograd_block(layer)(layer, rectified=rectified, pool=pool), 1 + rectified + (
            pool is not None
        )
    if R * S * C <= direct.MOST_WEIGHTS:
        return _direct_block(R, S, K)(layer, rectified=rectified), 1 + rectified
    return layer, 1


def _winograd_block(conv: Conv2D) -> type[Block]:
    height, width, K = conv.output_shape or ()
    if max(height, width) > winograd.F2.tile and takes(conv.parameters["kernel"].shape[2], K):
        from pellucid.engine.blocks.compiled_blocks import CompiledWinogradBlock

        return CompiledWinogradBlock
    return WinogradBlock


def _direct_block(R: int, S: int, K: int) -> type[Block]:
    if not compiled.available():
        return DirectBlock
    from pellucid.engine.blocks.compiled_blocks import CompiledDirectBlock, CompiledFewKernelsBlock

    return CompiledDirectBlock if (R, S) == (3, 3) and takes(K) else CompiledFewKernelsBlock


def _takes_values(layer: Layer) -> bool:
    """Return whether compiled kernels can do a layer's channels."""
    return layer.dtype == "float32" and takes((layer.input_shape or (1,))[-1])


def _normalization_block(layer: BatchNormalization) -> Layer:
    """Return what normalises faster; a frozen layer uses its running statistics, and stays."""
    if not layer.trainable:
        return layer
    from pellucid.engine.blocks.compiled_blocks import CompiledNormalizationBlock

    return CompiledNormalizationBlock(layer)


def _pooling_block(layer: Any) -> Layer:
    from pellucid.engine.blocks.compiled_blocks import CompiledPoolingBlock

    return CompiledPoolingBlock(layer)


def _dense_block(units: int) -> type[Block]:
    if not compiled.available():
        return DenseBlock
    from pellucid.engine.blocks.compiled_blocks import CompiledDenseBlock, CompiledFewUnitsBlock

    if takes(units):
        return CompiledDenseBlock
    return CompiledFewUnitsBlock if units <= MOST_UNITS else DenseBlock


def _dropout_block(layer: Dropout) -> Layer:
    """Return what drops the same values faster, where they come in sixteens."""
    if layer.dtype == "float32" and takes(math.prod(layer.input_shape or (1,))):
        from pellucid.engine.blocks.compiled_blocks import CompiledDropoutBlock

        return CompiledDropoutBlock(layer)
    return layer


def _halves(layer: Layer) -> bool:
    """Return whether a layer is max pooling of 2×2 side by side, which 4×4 tiles hold whole."""
    return (
        type(layer) is MaxPooling2D
        and layer.pool_size == layer.strides == (2, 2)
        and layer.padding == "valid"
    )


def takes(*channels: int) -> bool:
    """Return whether compiled functions are there, and can do so many channels."""
    return SHAPE.whole(*channels) and compiled.available()
