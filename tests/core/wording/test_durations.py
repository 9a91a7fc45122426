"""Lengths of time, where seconds become minutes and minutes hours."""

from __future__ import annotations

import pytest

from pellucid.core.wording.durations import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.95, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (90000, "25 h 0 min"),
    ],
)
def test_duration(seconds, text):
    assert duration(seconds) == text
