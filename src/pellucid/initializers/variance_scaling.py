"""Initializers whose variance depends on the shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pellucid.core.arguments import real_number
from pellucid.errors import UnknownNameError, nearest
from pellucid.initializers.base import Floats, RandomInitializer
from pellucid.initializers.distributions import truncated_normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")
TRUNCATED_DEVIATION = 0.87962566103423978  # of a standard normal distribution cut off at ±2


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return fan in and fan out of weights of this shape, as Keras counts them.

    Examples
    --------
    >>> fans((784, 10))  # (D, U)
    (784, 10)
    >>> fans((3, 3, 32, 64))  # (R, S, C, K): R·S·C and R·S·K
    (288, 576)
    """
    if len(shape) < 2:
        size = math.prod(shape)
        return size, size
    extent = math.prod(shape[:-2])
    return shape[-2] * extent, shape[-1] * extent


class VarianceScaling(RandomInitializer):
    """Random values with mean 0 and variance ``scale`` / fan.

    Parameters
    ----------
    scale
        The variance times the fan.
    mode
        Which fan: ``"fan_in"``, ``"fan_out"``, or ``"fan_avg"``, their mean.
    distribution
        ``"truncated_normal"``, ``"untruncated_normal"`` or ``"uniform"``.
    seed
        As for every random initializer.

    Raises
    ------
    ArgumentError
        When the scale is not above 0.
    UnknownNameError
        For an unknown mode or distribution.

    Examples
    --------
    >>> initializer = VarianceScaling(2.0, distribution="untruncated_normal")
    >>> initializer((50, 1000), np.random.default_rng(0)).var().round(2)  # 2 / 50
    np.float64(0.04)
    """

    options: ClassVar[tuple[str, ...]] = ("scale", "mode", "distribution", "seed")
    neutral: ClassVar[Mapping[str, Any]] = {"input_axes": None, "output_axes": None}

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        **unknown: Any,
    ) -> None:
        super().__init__(seed, **unknown)
        where = type(self).__name__
        self.scale = real_number(where, "scale", scale, "(0, inf)")
        self.mode = _one_of(MODES, mode, where, "mode")
        full_name = "truncated_normal" if distribution == "normal" else distribution
        self.distribution = _one_of(DISTRIBUTIONS, full_name, where, "distribution")

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return values of that variance."""
        fan_in, fan_out = fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return generator.uniform(-limit, limit, shape)
        if self.distribution == "untruncated_normal":
            return generator.normal(0, math.sqrt(variance), shape)
        return math.sqrt(variance) / TRUNCATED_DEVIATION * truncated_normal(shape, generator)


class _NamedScaling(VarianceScaling):
    """A VarianceScaling under another name, with the seed as its only argument."""

    options: ClassVar[tuple[str, ...]] = ("seed",)
    fixed: ClassVar[tuple[float, str, str]]

    def __init__(self, seed: int | None = None, **unknown: Any) -> None:
        super().__init__(*self.fixed, seed, **unknown)


class GlorotUniform(_NamedScaling):
    """Uniform of variance 2 / (fan in + fan out): Keras's default for kernels (Glorot & Bengio 2010).

    Examples
    --------
    >>> GlorotUniform()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.004)
    """

    fixed = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal of variance 2 / (fan in + fan out) (Glorot & Bengio 2010).

    Examples
    --------
    >>> GlorotNormal()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.004)
    """

    fixed = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform of variance 2 / fan in, for rectified units (He et al. 2015).

    Examples
    --------
    >>> HeUniform()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.02)
    """

    fixed = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal of variance 2 / fan in, for rectified units (He et al. 2015).

    Examples
    --------
    >>> HeNormal()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.02)
    """

    fixed = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform of variance 1 / fan in (LeCun et al. 1998, "Efficient BackProp").

    Examples
    --------
    >>> LecunUniform()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.01)
    """

    fixed = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal of variance 1 / fan in (LeCun et al. 1998, "Efficient BackProp").

    Examples
    --------
    >>> LecunNormal()((100, 400), np.random.default_rng(0)).var().round(3)
    np.float64(0.01)
    """

    fixed = (1.0, "fan_in", "truncated_normal")


def _one_of(known: tuple[str, ...], name: str, where: str, argument: str) -> str:
    if name in known:
        return name
    raise UnknownNameError(f"{where} knows no {argument}={name!r}: {nearest(str(name), known)}")
