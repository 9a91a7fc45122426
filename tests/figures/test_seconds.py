import math

import pytest

from pellucid.errors import ArgumentError
from pellucid.figures import plot_seconds, seconds_text


def test_one_bar_an_epoch_from_epoch_1():
    bars = plot_seconds([{"epoch": 1, "seconds": 3.5}, {"epoch": 2, "seconds": 2.0}]).axes[0].patches
    assert [bar.get_height() for bar in bars] == [3.5, 2.0]
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx([1, 2])


def test_the_first_epoch_is_told_apart_from_the_others():
    assert seconds_text({"seconds": [9, 1, 2, 3]}).startswith(
        "15.00 s for 4 epochs: the first took 9.00 s, the median of the others is 2.00 s.\n"
    )


def test_one_epoch_has_no_others():
    assert seconds_text({"seconds": [9]}).startswith("9.00 s for 1 epoch.\n")


def test_an_epoch_that_was_not_timed_is_a_dash():
    text = seconds_text({"seconds": [1, math.nan]})
    assert text.splitlines()[-1].split() == ["2", "–"]


def test_a_history_without_seconds_is_refused():
    with pytest.raises(ArgumentError, match=r"has no seconds, only the keys \['epoch', 'loss'\]"):
        plot_seconds({"loss": [1.0]})
    with pytest.raises(ArgumentError, match="has no seconds"):
        seconds_text({"loss": [1.0]})
