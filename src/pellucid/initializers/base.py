"""The base classes of all initializers, and of random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import whole_number
from pellucid.core.randomness import stream
from pellucid.core.serializable import Serializable

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = npt.NDArray[np.float64]


class Initializer(Serializable):
    """The base of all initializers; a subclass defines ``draw``."""

    def __call__(self, shape: Sequence[int], generator: np.random.Generator) -> Floats:
        """Return float64 values of ``shape``, drawn from ``generator``.

        Examples
        --------
        >>> from pellucid.initializers import GlorotUniform
        >>> GlorotUniform()((2, 3), np.random.default_rng(0)).shape
        (2, 3)
        """
        return self.draw(tuple(shape), generator)

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Return the values."""
        raise NotImplementedError


class RandomInitializer(Initializer):
    """The base of random initializers.

    Parameters
    ----------
    seed
        With a whole number, the initializer returns the same values at every call with the same shape,
        whatever the generator, as in Keras; with None (default) the generator decides.
    """

    options: ClassVar[tuple[str, ...]] = ("seed",)

    def __init__(self, seed: int | None = None, **unknown: Any) -> None:
        super().__init__(**unknown)
        self.seed = None if seed is None else whole_number(type(self).__name__, "seed", seed, least=0)

    def __call__(self, shape: Sequence[int], generator: np.random.Generator) -> Floats:
        """Return float64 values of ``shape``."""
        own = generator if self.seed is None else stream(self.seed, "initializer")
        return self.draw(tuple(shape), own)
