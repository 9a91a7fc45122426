import math

import pytest
from matplotlib.colors import to_hex

from pellucid.errors import ArgumentError
from pellucid.figures.overlay import histories_text, plot_histories
from pellucid.figures.style import SEVERAL

ONE = {"loss": [1.0, 0.5], "val_loss": [0.8, 0.4], "train_loss": [0.7, 0.3], "val_accuracy": [0.7, 0.9]}
OTHER = [{"epoch": 1, "loss": 2.0, "accuracy": 0.5}, {"epoch": 2, "loss": 1.0, "accuracy": 0.6}]


def test_a_colour_is_a_run_and_a_look_is_a_kind():
    loss, accuracy = plot_histories({"one": ONE, "other": OTHER}).axes
    drawn = [(to_hex(line.get_color()), line.get_linestyle(), list(line.get_ydata())) for line in loss.lines]
    assert drawn == [
        (SEVERAL[0], "-", [0.8, 0.4]),
        (SEVERAL[0], "--", [0.7, 0.3]),
        (SEVERAL[1], ":", [2.0, 1.0]),  # the running mean, where there is nothing else
    ]
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[0.7, 0.9], [0.5, 0.6]]
    assert (loss.get_title(loc="left"), accuracy.get_title(loc="left")) == ("Loss", "Accuracy")


def test_the_legend_names_runs_and_the_kinds_that_are_there():
    [legend] = plot_histories({"one$": ONE, "other": {"val_loss": [1.0]}}, unit="cycle").legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *("one\\$", "other", "validation", "training, after the epoch"),
    ]


def test_runs_of_different_length_and_more_runs_than_colours():
    figure = plot_histories({str(n): {"val_loss": [1.0] * (n + 1)} for n in range(8)}, unit="cycle")
    [ax] = figure.axes
    assert [len(line.get_xdata()) for line in ax.lines] == list(range(1, 9))
    assert ax.get_xlabel() == "cycle"


def test_text_says_how_each_ended_and_where_it_was_best():
    lines = histories_text({"one": ONE, "other": {"val_loss": [0.1, math.nan]}}).splitlines()
    assert lines[0].split() == [
        *("run", "epochs", "val_loss", "lowest", "in", "epoch", "train_loss"),
        *("val_accuracy", "highest", "in", "epoch"),
    ]
    assert lines[1].split() == ["one", "2", "0.4000", "2", "0.3000", "0.9000", "2"]
    assert lines[2].split() == ["other", "2", "–", "1", "–", "–", "–"]


@pytest.mark.parametrize("histories", [{}, {"one": {"seconds": [1.0]}}])
def test_nothing_to_draw_is_an_error(histories):
    with pytest.raises(ArgumentError, match=r"None of the histories has a loss or an accuracy"):
        plot_histories(histories)
