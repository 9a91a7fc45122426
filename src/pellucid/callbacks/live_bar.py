"""The living line of a training: a bar, the metrics so far, the speed and the time left, as there is room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pellucid.callbacks.epoch_table import number
from pellucid.core.wording.durations import duration

_SHORTEST_BAR, _LONGEST_BAR = 5, 24
_PERCENT_TOO = 16  # columns that are enough for a bar and its percentage
_SO_FAR = "mean so far: "


@dataclass(frozen=True)
class Moment:
    """How far a training is: a share of it ``done``, after ``seconds``, at ``rate`` images per second."""

    label: str
    done: float
    seconds: float
    rate: float | None
    logs: Mapping[str, Any]


def bar_line(moment: Moment, width: int, *, letters: bool = True, so_far: bool = True) -> str:
    """Return the line of a moment, shorter than ``width``; what has no room is left out, the speed first.

    Parameters
    ----------
    letters
        Whether the terminal has box-drawing letters.
    so_far
        Whether to say, where there is room, that the metrics are means so far.

    Examples
    --------
    >>> moment = Moment("Epoch 3/12", 0.25, 1.0, 12_000, {"loss": 0.5})
    >>> bar_line(moment, 80)
    'Epoch 3/12  ━━━━━──────────────   25%  loss 0.5000  12,000 images/s  3.0 s left'
    >>> bar_line(moment, 40)
    'Epoch 3/12  ━━━━──────────  loss 0.5000'
    """
    metrics = [f"{name} {number(value)}" for name, value in moment.logs.items()]
    left = [f"{duration(moment.seconds / moment.done - moment.seconds)} left"]
    rate = [] if moment.rate is None else [f"{moment.rate:,.0f} images/s"]
    percentage = f"{moment.done:4.0%}"
    candidates = [[*metrics, *rate, *left], [*metrics, *left], metrics]
    candidates += [metrics[:count] for count in range(len(metrics) - 1, -1, -1)]
    for rest in candidates:
        if len("  ".join([moment.label, percentage, *rest])) < width:
            break
    room = width - 1 - len("  ".join([moment.label, *rest, ""]))
    if so_far and metrics[:1] == rest[:1] != [] and room >= len(_SO_FAR) + _PERCENT_TOO:
        rest = [_SO_FAR + rest[0], *rest[1:]]
        room -= len(_SO_FAR)
    return "  ".join([moment.label, *_bar(moment.done, room, letters=letters), *rest])[: width - 1]


def _bar(done: float, room: int, *, letters: bool) -> list[str]:
    """Return a bar with the percentage, only the bar or only the percentage, as there is ``room`` for."""
    percentage = f"{done:4.0%}"
    if room < _SHORTEST_BAR:
        return [percentage]
    full, rest = ("━", "─") if letters else ("=", ".")
    length = min(room - len(percentage) - 2 if room >= _PERCENT_TOO else room, _LONGEST_BAR)
    filled = round(done * length)
    bar = full * filled + rest * (length - filled)
    return [bar, percentage] if room >= _PERCENT_TOO else [bar]
