import math

import pytest
from matplotlib.figure import Figure

from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures import history_text, plot_history, plot_history_panel
from pellucid.figures.history import history_columns

COLUMNS = {
    "loss": [0.5, 0.3, 0.2],
    "accuracy": [0.8, 0.85, 0.9],
    "val_loss": [0.4, 0.2, 0.25],
    "val_accuracy": [0.82, 0.9, 0.88],
    "train_loss": [0.35, 0.2, 0.1],
    "train_accuracy": [0.84, 0.91, 0.95],
}
ROWS = [{"epoch": i + 1, **{key: values[i] for key, values in COLUMNS.items()}} for i in range(3)]


class Fitted:
    """What ``fit`` returns, as far as a figure of it asks."""

    history = COLUMNS
    seconds = (3.0, 2.0, 2.0)


def lines(figure):
    return {line.get_label(): line for line in figure.axes[0].get_lines()}


def test_both_panels_show_the_three_measures_from_epoch_1():
    loss, accuracy = plot_history(ROWS).axes
    for ax, quantity in ((loss, "loss"), (accuracy, "accuracy")):
        drawn = {line.get_label(): line.get_ydata().tolist() for line in ax.get_lines()}
        assert drawn == {
            "training, while it learns": COLUMNS[quantity],
            "training, after the epoch": COLUMNS[f"train_{quantity}"],
            "validation, after the epoch": COLUMNS[f"val_{quantity}"],
        }
        assert ax.get_lines()[0].get_xdata().tolist() == [1, 2, 3]
        assert ax.get_xlabel() == "epoch"
        assert [text.get_text() for text in ax.get_legend().get_texts()] == list(drawn)


def test_no_two_lines_look_alike_even_without_colour():
    drawn = lines(plot_history_panel(COLUMNS, "loss")).values()
    assert len({(line.get_linestyle(), line.get_marker()) for line in drawn}) == 3


def test_the_loss_axis_begins_at_0_and_accuracy_is_in_percent():
    loss, accuracy = plot_history(COLUMNS).axes
    assert loss.get_ylim()[0] == 0
    assert accuracy.yaxis.get_major_formatter()(0.975, 0) == "97.5 %"


@pytest.mark.parametrize("history", [COLUMNS, ROWS, Fitted()], ids=["lists", "rows", "fit's"])
def test_every_form_of_a_history_is_understood(history):
    columns = history_columns(history)
    assert columns["epoch"] == [1, 2, 3]
    assert columns["val_loss"] == COLUMNS["val_loss"]
    assert next(iter(columns)) == "epoch"


def test_the_seconds_of_fit_are_part_of_its_history():
    assert history_columns(Fitted())["seconds"] == [3, 2, 2]


def test_what_was_not_measured_is_left_out():
    figure = plot_history({"loss": [0.5, 0.3]})
    assert len(figure.axes) == 1
    assert list(lines(figure)) == ["training, while it learns"]


def test_an_epoch_that_was_not_validated_leaves_a_gap():
    figure = plot_history([{"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": 0.5, "val_loss": 0.4}])
    first, second = lines(figure)["validation, after the epoch"].get_ydata()
    assert math.isnan(first)
    assert second == 0.4


def test_many_epochs_have_few_markers_and_one_epoch_has_them():
    assert lines(plot_history({"loss": [1.0] * 100}))["training, while it learns"].get_markevery() > 1
    assert lines(plot_history({"loss": [1.0]}))["training, while it learns"].get_markevery() == 1


def test_cycles_are_called_cycles():
    figure = plot_history(COLUMNS, unit="cycle")
    assert figure.axes[0].get_xlabel() == "cycle"
    assert "validation, after the cycle" in lines(figure)
    assert history_text(COLUMNS, unit="cycle").splitlines()[-4].startswith("cycle")


def test_a_panel_is_drawn_on_ones_own_axes():
    figure = Figure()
    _, right = figure.subplots(1, 2)
    assert plot_history_panel(COLUMNS, "accuracy", ax=right) is figure
    assert len(right.get_lines()) == 3


def test_the_text_says_what_the_drawing_shows():
    text = history_text(ROWS)
    assert text.splitlines()[0] == (
        "Loss over 3 epochs: training, while it learns, from 0.5000 to 0.2000; training, after the epoch, "
        "from 0.3500 to 0.1000; validation, after the epoch, from 0.4000 to 0.2500, lowest 0.2000 in epoch 2."
    )
    assert "highest 0.9000 in epoch 2." in text.splitlines()[1]
    table = text.splitlines()[3:]
    assert table[0].split() == ["epoch", *COLUMNS]
    assert table[3].split() == ["3", "0.2000", "0.9000", "0.2500", "0.8800", "0.1000", "0.9500"]


def test_a_loss_that_is_not_a_number_is_told():
    text = history_text({"loss": [0.5, math.nan], "val_loss": [math.nan, math.nan]})
    assert "from 0.5000 to –; validation, after the epoch, from – to –." in text


def test_a_history_without_loss_and_accuracy_is_refused():
    with pytest.raises(ArgumentError, match=r"has a loss or an accuracy\. Received: keys=\['epoch', 'mse'\]"):
        plot_history({"mse": [1.0]})
    with pytest.raises(ArgumentError, match=r"has no accuracy, only the keys \['epoch', 'loss'\]"):
        plot_history_panel({"loss": [1.0]}, "accuracy")


@pytest.mark.parametrize("history", [[], {}, {"loss": []}])
def test_an_empty_history_is_refused(history):
    with pytest.raises(ArgumentError, match=r"at least one epoch; train first\. Received: an empty history"):
        plot_history(history)


def test_lists_of_different_length_are_refused():
    with pytest.raises(ShapeError, match=r"of one length\. Received: lengths=\{'loss': 2, 'accuracy': 1\}"):
        plot_history({"loss": [1, 2], "accuracy": [1]})


def test_the_text_has_the_seconds_of_each_epoch_with_two_significant_digits():
    lines = history_text({"loss": [0.5, 0.25], "seconds": [0.0683, 14.6]}).splitlines()
    assert [line.split()[-1] for line in lines[-3:]] == ["seconds", "0.068", "15"]


def test_the_text_of_one_panel_tells_only_what_it_shows():
    history = {"loss": [0.5, 0.25], "val_loss": [1, 2], "accuracy": [0.5, 0.75], "val_accuracy": [0.5, 0.6]}
    text = history_text(history, quantities=("loss",))
    assert "ccuracy" not in text
    assert "val_loss" in text
    assert "ccuracy" in history_text(history)


def test_the_legend_covers_nothing():
    figure = plot_history({"loss": [0.5, 0.1], "val_loss": [0.2, 0.1], "train_loss": [0.4, 0.1]})
    figure.draw_without_rendering()
    for ax in figure.axes:
        assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0


def test_the_legend_leaves_the_axes_their_width():
    figure = plot_history_panel(
        {"loss": [0.5, 0.1], "val_loss": [0.2, 0.1], "train_loss": [0.4, 0.1]}, "loss"
    )
    figure.draw_without_rendering()
    assert figure.axes[0].get_position().width > 0.8
