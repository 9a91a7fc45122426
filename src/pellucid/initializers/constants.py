"""Initializers with constant values."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.core.arguments import real_number
from pellucid.initializers.base import Floats, Initializer


class Constant(Initializer):
    """All values are the same.

    Examples
    --------
    >>> Constant(0.5)((2,), np.random.default_rng(0))
    array([0.5, 0.5])
    """

    options: ClassVar[tuple[str, ...]] = ("value",)

    def __init__(self, value: float = 0.0, **unknown: Any) -> None:
        super().__init__(**unknown)
        self.value = real_number("Constant", "value", value)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return an array of ``shape`` filled with the value."""
        return np.full(shape, self.value)


class Zeros(Initializer):
    """All values are 0.

    Examples
    --------
    >>> Zeros()((2,), np.random.default_rng(0))
    array([0., 0.])
    """

    aliases: ClassVar[tuple[str, ...]] = ("zero",)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return zeros."""
        return np.zeros(shape)


class Ones(Initializer):
    """All values are 1.

    Examples
    --------
    >>> Ones()((2,), np.random.default_rng(0))
    array([1., 1.])
    """

    aliases: ClassVar[tuple[str, ...]] = ("one",)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return ones."""
        return np.ones(shape)
