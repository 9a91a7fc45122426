"""Percentages: of measured shares, of how sure a network is, and of targets that somebody chose."""

from __future__ import annotations

import math

import pytest

from pellucid.core.wording.percents import confidence_percent, exact_percent, percent


@pytest.mark.parametrize(
    ("share", "places", "text"), [(0.9896, 2, "98.96 %"), (1, 0, "100 %"), (math.nan, 2, "–")]
)
def test_percent(share, places, text):
    assert percent(share, places) == text


def test_a_confidence_is_never_rounded_to_certainty():
    assert [confidence_percent(share) for share in (0.0, 1e-12, 0.5, 1 - 1e-9, 1.0)] == [
        *("0.0 %", "<0.1 %", "50.0 %", ">99.9 %", "100.0 %"),
    ]


def test_a_target_has_the_decimals_that_it_was_given():
    assert [exact_percent(share) for share in (0.2, 0.001, 0.000125)] == ["20 %", "0.1 %", "0.0125 %"]
