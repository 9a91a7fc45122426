"""The epochs of a training as rows of a table that fits a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.core.wording.durations import duration

_LABEL, _TIME, _NUMBER = 5, 10, 6  # the narrowest columns: "Epoch", "2 min 41 s", "0.1234"
_SHORT_NAMES = (("categorical_accuracy", "acc"), ("accuracy", "acc"), ("learning_rate", "lr"))
_GROUPS = ("while training", "after it", "")


class EpochTable:
    r"""Rows of epochs under a head, which comes again where the metrics change.

    A line above the head says which metrics are means over the epoch, while the weights move, and which are
    measured after it.

    Examples
    --------
    >>> table = EpochTable()
    >>> head, row = table.lines("1/3", 0.1, {"loss": 0.25, "accuracy": 0.9, "val_loss": 0.3}, 80)
    >>> print(*head, *row, sep="\n")
                         while training  after it
    Epoch        time    loss  accuracy  val_loss
      1/3       0.1 s  0.2500    0.9000    0.3000
    """

    def __init__(self, unit: str = "Epoch") -> None:
        self._unit = unit
        self._names: list[str] = []
        self._widths: list[int] = []

    def lines(
        self, label: str, seconds: float, logs: Mapping[str, Any], width: int
    ) -> tuple[list[str], list[str]]:
        """Return the lines of the head, if it is due, and those of an epoch, all shorter than ``width``.

        Where the terminal is too narrow for the table, each metric stands beside its name.
        """
        logs = _in_groups(logs)
        cells = [label, duration(seconds), *map(number, logs.values())]
        heads = self._head(list(logs), cells, width)
        if heads is None:
            named = [f"{name} {number(value)}" for name, value in logs.items()]
            return [], stacked([*cells[:2], *named], width)
        return heads, [_row(cells, self._widths)]

    def _head(self, names: list[str], cells: Sequence[str], width: int) -> list[str] | None:
        """Return the lines of the head that are due; None if the table does not fit."""
        if self._widths and names == self._names:
            return [] if sum(self._widths) + 2 * len(self._widths) - 2 < width else None
        for forms in (names, [_short(name) for name in names]):
            head = [self._unit, "time", *forms]
            longest_label = 2 * len(cells[0].partition("/")[2]) + 1  # of the last epoch
            least = [max(_LABEL, longest_label), _TIME, *[_NUMBER] * len(names)]
            widths = [max(n, len(a), len(b)) for n, a, b in zip(least, head, cells, strict=True)]
            if sum(widths) + 2 * len(widths) - 2 < width:
                self._names, self._widths = names, widths
                return [*_group_head(names, widths), _row(head, widths)]
        return None


def stacked(parts: Sequence[str], width: int) -> list[str]:
    """Return ``parts`` in as few lines as they need, each shorter than ``width``; all but the first indented.

    Examples
    --------
    >>> stacked(["1/3", "0.1 s", "loss 0.2500", "accuracy 0.9000"], 24)
    ['1/3  0.1 s  loss 0.2500', '  accuracy 0.9000']
    """
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + 2 + len(part) < width:
            lines[-1] += "  " + part
        else:
            lines.append("  " + part)
    return lines


def number(value: Any) -> str:
    """Return four decimals, or an exponent where these would show next to nothing.

    Examples
    --------
    >>> number(0.12345), number(1e-4)
    ('0.1235', '1.00e-04')
    """
    try:
        return f"{value:.4f}" if value == 0 or abs(value) >= 1e-3 else f"{value:.2e}"
    except TypeError:
        return str(value)


def _group(name: str) -> int:
    """Return which of the groups a metric belongs to."""
    return 2 if name == "learning_rate" else int(name.startswith(("val_", "train_")))


def _in_groups(logs: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(logs.items(), key=lambda item: _group(item[0])))  # in their order within a group


def _group_head(names: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return the line that says when the metrics are measured, if there are both kinds and it has room."""
    of_group: list[list[int]] = [
        [wide for name, wide in zip(names, widths[2:], strict=True) if _group(name) == group]
        for group in (0, 1)
    ]
    rooms = [sum(wide) + 2 * len(wide) - 2 for wide in of_group]
    if any(room < len(label) for room, label in zip(rooms, _GROUPS, strict=False)):
        return []
    return [_row(["", "", *_GROUPS[:2]], [*widths[:2], *rooms])]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:>{wide}}" for cell, wide in zip(cells, widths, strict=True))


def _short(name: str) -> str:
    for long, short in _SHORT_NAMES:
        name = name.replace(long, short)
    return name
