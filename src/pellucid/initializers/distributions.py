"""Initializers that draw from one distribution, independent of the shape."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.core.arguments import real_number
from pellucid.errors import ArgumentError
from pellucid.initializers.base import Floats, RandomInitializer


class RandomUniform(RandomInitializer):
    """The uniform distribution from ``minval`` to ``maxval``.

    Examples
    --------
    >>> RandomUniform(0, 1)((1000,), np.random.default_rng(0)).mean().round(1)
    np.float64(0.5)
    """

    aliases: ClassVar[tuple[str, ...]] = ("uniform",)
    options: ClassVar[tuple[str, ...]] = ("minval", "maxval", "seed")

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None, **unknown: Any
    ) -> None:
        super().__init__(seed, **unknown)
        self.minval = real_number("RandomUniform", "minval", minval)
        self.maxval = real_number("RandomUniform", "maxval", maxval)
        if self.minval > self.maxval:
            raise ArgumentError(
                f"RandomUniform takes minval below maxval. Received: minval={minval!r}, maxval={maxval!r}"
            )

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return uniform values."""
        return generator.uniform(self.minval, self.maxval, shape)


class RandomNormal(RandomInitializer):
    """The normal distribution.

    Examples
    --------
    >>> RandomNormal(stddev=2.0)((1000,), np.random.default_rng(0)).std().round(1)
    np.float64(2.0)
    """

    aliases: ClassVar[tuple[str, ...]] = ("normal",)
    options: ClassVar[tuple[str, ...]] = ("mean", "stddev", "seed")

    def __init__(
        self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None, **unknown: Any
    ) -> None:
        super().__init__(seed, **unknown)
        self.mean = real_number(type(self).__name__, "mean", mean)
        self.stddev = real_number(type(self).__name__, "stddev", stddev, "[0, inf)")

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return normal values."""
        return generator.normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """The normal distribution, with values beyond two deviations drawn again.

    Examples
    --------
    >>> np.abs(TruncatedNormal(stddev=1.0)((1000,), np.random.default_rng(0))).max() <= 2
    np.True_
    """

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return values within two deviations of the mean."""
        return self.mean + self.stddev * truncated_normal(shape, generator)


def truncated_normal(shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
    """Return standard normal values; those beyond ±2 are drawn again until none is.

    Examples
    --------
    >>> truncated_normal((2, 3), np.random.default_rng(0)).shape
    (2, 3)
    """
    values = np.asarray(generator.standard_normal(shape))
    while (outside := np.abs(values) > 2).any():
        values[outside] = generator.standard_normal(np.count_nonzero(outside))
    return values
