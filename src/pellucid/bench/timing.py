"""Timing: a warm-up, an estimate, then rounds of about the same length."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, Protocol

from pellucid.bench.measured import CallTimes, TrainingRates
from pellucid.layers.layer import Array


class Peer(Protocol):
    """A network in one library, with its data: the interface that every variant is measured by.

    Attributes
    ----------
    batch_size
        Images a step.
    steps_at_a_time
        Training steps in one call; an epoch is a whole number of calls.
    parameters
        The number of trained parameters.
    ways
        The ways to predict, by name: each takes images (N, …) and a batch size, and returns an array (N, U).
    """

    batch_size: int
    steps_at_a_time: int
    parameters: int
    ways: dict[str, Callable[[Array, int], Array]]

    def train(self, images: int, epochs: int) -> float:
        """Train on the first ``images`` images in random order; return the last epoch's mean loss."""
        ...


def training_rates(peer: Peer, available: int, rounds: int, seconds: float) -> TrainingRates:
    """Return images per second in each round, and the seconds that the first steps took.

    The first steps include what is done once, such as compiling, and are not part of the rates. A round lasts
    about ``seconds``: one epoch of some of the images, or several epochs of all of them.
    """
    several = peer.batch_size * peer.steps_at_a_time
    most = max(several, available // several * several)
    began = time.perf_counter()
    peer.train(several, 1)
    first = time.perf_counter() - began
    images, rate = several, 0.0
    while not rate or (images / rate < seconds / 4 and images < most):
        images = min(most, 4 * images) if rate else images
        rate = images / _seconds(lambda: peer.train(images, 1))  # noqa: B023 - called at once
    rates = []
    for _ in range(rounds):
        images, epochs = share_out(rate * seconds, several, most)
        rate = images * epochs / _seconds(lambda: peer.train(images, epochs))  # noqa: B023 - called at once
        rates.append(rate)
    return TrainingRates(images_per_second=tuple(rates), first_seconds=first)


def share_out(wanted: float, several: int, most: int) -> tuple[int, int]:
    """Return (images, epochs) of about ``wanted`` images in all, in multiples of ``several``.

    Examples
    --------
    >>> share_out(1000, 128, 4096), share_out(10_000, 128, 4096), share_out(1, 128, 4096)
    ((896, 1), (4096, 2), (128, 1))
    """
    if wanted >= most:
        return most, round(wanted / most)
    return max(several, int(wanted) // several * several), 1


def prediction_times(peer: Peer, images: Array, batch_size: int, rounds: int, seconds: float) -> CallTimes:
    """Return the name of the fastest way to predict, and the milliseconds that ``images`` take each round."""
    found = {
        name: [_milliseconds_a_call(lambda: way(images, batch_size), seconds) for _ in range(rounds)]  # noqa: B023 - called at once
        for name, way in peer.ways.items()
    }
    best = min(found, key=lambda name: median(found[name]))
    return CallTimes(way=best, milliseconds=tuple(found[best]))


def _milliseconds_a_call(work: Callable[[], Any], seconds: float) -> float:
    """Return the median over as many calls as fit into ``seconds``, at least two."""
    work()
    times = [_seconds(work)]
    while len(times) < 2 or sum(times) < seconds:
        times.append(_seconds(work))
    return 1000 * median(times)


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
