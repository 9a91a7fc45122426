"""The wall seconds of one epoch, for training and for validation."""

from __future__ import annotations

import time


class EpochClock:
    """A stopwatch with two hands: ``training`` and ``validation``, in wall seconds of the current epoch.

    Validation is whatever runs between ``test_begins`` and ``test_ends``; both hands stand still between
    epochs, so that what callbacks do at the end of an epoch (saving a model, say) counts as neither.

    Examples
    --------
    >>> clock = EpochClock()
    >>> clock.epoch_begins()
    >>> clock.test_begins()
    >>> trained = clock.training
    >>> clock.test_ends()
    >>> clock.epoch_ends()
    >>> 0 < trained < clock.training < 1 and 0 < clock.validation < 1
    True
    """

    def __init__(self) -> None:
        self._seconds = {"training": 0.0, "validation": 0.0}
        self._hand: str | None = None
        self._before_test: str | None = None
        self._since = 0.0

    @property
    def training(self) -> float:
        """Seconds spent training in this epoch so far."""
        self._turn_to(self._hand)
        return self._seconds["training"]

    @property
    def validation(self) -> float:
        """Seconds spent measuring with the weights at rest in this epoch so far."""
        self._turn_to(self._hand)
        return self._seconds["validation"]

    def epoch_begins(self) -> None:
        """Set both hands to zero and start the one for training."""
        self._reset()
        self._turn_to("training")

    def epoch_ends(self) -> None:
        """Stop both hands."""
        self._turn_to(None)

    def test_begins(self) -> None:
        """Go over to the hand for validation; outside an epoch, start it from zero."""
        if self._hand is None:
            self._reset()
        self._before_test = self._hand
        self._turn_to("validation")

    def test_ends(self) -> None:
        """Go back to the hand that ran before."""
        self._turn_to(self._before_test)

    def _reset(self) -> None:
        self._seconds = {"training": 0.0, "validation": 0.0}
        self._hand = None

    def _turn_to(self, hand: str | None) -> None:
        now = time.perf_counter()
        if self._hand is not None:
            self._seconds[self._hand] += now - self._since
        self._hand = hand
        self._since = now
