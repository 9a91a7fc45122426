"""Layers joined for speed: a convolution with the rectification and the pooling that follow it.

A block computes what its layers would compute one after another, to rounding, in fewer passes over memory. It
is not for users: the engine puts blocks in the place of layers where it finds a row of layers that fits
(``blocks_for``), and the layers stay what the user built, saved and sees. Their plain form is what a block is
tested against.
"""

from pellucid.engine.blocks.block import Block
from pellucid.engine.blocks.choosing import blocks_for
from pellucid.engine.blocks.dense_block import DenseBlock
from pellucid.engine.blocks.numpy_blocks import DirectBlock, WinogradBlock

__all__ = ["Block", "DenseBlock", "DirectBlock", "WinogradBlock", "blocks_for"]
