"""Durations as text: "9.7 s", "2 min 41 s", "1 h 2 min"."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return a duration as text.

    Examples
    --------
    >>> duration(9.74), duration(59.97), duration(161), duration(3725)
    ('9.7 s', '1 min 0 s', '2 min 41 s', '1 h 2 min')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
