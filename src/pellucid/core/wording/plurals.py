"""Counts as text: "1 image", "2,000 images"."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, with an s unless the number is 1.

    Examples
    --------
    >>> counted(1, "image"), counted(2000, "test image"), counted(0, "epoch")
    ('1 image', '2,000 test images', '0 epochs')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"
