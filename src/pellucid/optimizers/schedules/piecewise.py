"""Piecewise constant rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pellucid.errors import ArgumentError
from pellucid.optimizers.schedules.base import RATE, LearningRateSchedule

if TYPE_CHECKING:
    from collections.abc import Sequence


class PiecewiseConstantDecay(LearningRateSchedule):
    """One rate up to and including the first boundary, the next up to the second, and so on.

    Parameters
    ----------
    boundaries
        Step numbers, increasing.
    values
        The rates: one more than there are boundaries.
    name
        As in Keras; has no effect.

    Raises
    ------
    ArgumentError
        When the lengths do not match, the boundaries do not increase, or a rate is negative or not finite.

    Examples
    --------
    >>> schedule = PiecewiseConstantDecay([1000, 2000], [0.1, 0.01, 0.001])
    >>> schedule(1000), schedule(1001), schedule(9999)
    (0.1, 0.01, 0.001)
    """

    options: ClassVar[tuple[str, ...]] = ("boundaries", "values", "name")

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.boundaries = [self._number("boundaries", boundary, "(-inf, inf)") for boundary in boundaries]
        self.values = [self._number("values", value, RATE) for value in values]
        self.name = name
        if len(self.values) != len(self.boundaries) + 1:
            raise ArgumentError(
                "PiecewiseConstantDecay takes one more value than boundaries. "
                f"Received: {len(self.values)} values and {len(self.boundaries)} boundaries"
            )
        if sorted(set(self.boundaries)) != self.boundaries:
            raise ArgumentError(
                f"PiecewiseConstantDecay takes increasing boundaries. Received: {boundaries=}"
            )

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        return self.values[sum(step > boundary for boundary in self.boundaries)]
