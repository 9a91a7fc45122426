import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.intervals import proportion
from pellucid.figures import cycles_text, plot_cycles

ACCURACY = [0.5, 0.8, 0.9, 0.85]


def test_the_line_runs_from_cycle_1():
    [line] = plot_cycles(ACCURACY).axes[0].get_lines()
    assert line.get_xdata().tolist() == [1, 2, 3, 4]
    assert line.get_ydata().tolist() == ACCURACY


def test_the_band_is_the_interval_of_each_accuracy():
    ax = plot_cycles(ACCURACY, n=1000, images_per_cycle=600).axes[0]
    [band] = ax.collections
    outline = band.get_paths()[0].vertices
    at_3 = sorted(set(outline[outline[:, 0] == 3][:, 1]))
    expected = proportion(900, 1000)
    assert at_3 == pytest.approx([expected.low, expected.high])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "95 % interval",
        "1,000 held-out images",
    ]
    assert ax.get_xlabel() == "cycle of 600 training images"


def test_without_n_there_is_no_band():
    assert not plot_cycles(ACCURACY).axes[0].collections


def test_the_text_says_how_it_went():
    assert cycles_text(ACCURACY, n=1000).splitlines()[0] == (
        "Accuracy on 1,000 held-out images over 4 cycles: from 50.00 % to 85.00 %, "
        "highest 90.00 % after cycle 3."
    )


def test_the_table_of_many_cycles_has_ten_rows_with_the_first_and_the_last():
    rows = [line.split() for line in cycles_text(np.linspace(0, 1, 100)).splitlines()[3:]]
    assert len(rows) == 10
    assert rows[0] == ["1", "0.00", "%"]
    assert rows[-1] == ["100", "100.00", "%"]


@pytest.mark.parametrize("accuracy", [[], [[0.5]], 0.5])
def test_accuracies_are_one_number_a_cycle(accuracy):
    with pytest.raises(ShapeError, match=r"one number for each cycle\. Received: shape"):
        plot_cycles(accuracy)


@pytest.mark.parametrize("accuracy", [[98.5], [-0.1], [np.nan]])
def test_percentages_are_refused(accuracy):
    with pytest.raises(ArgumentError, match=r"between 0 and 1; divide percentages by 100. Received: min="):
        cycles_text(accuracy)


def test_the_legend_covers_nothing():
    figure = plot_cycles([0.8, 0.9, 0.95], n=1000)
    figure.draw_without_rendering()
    for ax in figure.axes:
        assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
