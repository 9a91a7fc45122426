import numpy as np
import pytest

from pellucid.figures.images import plot_images
from pellucid.lab.figures import (
    compared_text,
    landscape_text,
    plot_compared,
    plot_landscape,
    plot_receptive_fields,
    plot_slope,
    write_mark,
)


def test_lines_of_one_network_share_a_style_and_of_one_kind_a_colour():
    lines = {name: [0.1, 0.2] for name in ("a train", "a val", "b train", "b val")}
    drawn = plot_compared(lines, "Accuracy", shares=True).axes[0].get_lines()
    assert [line.get_color() for line in drawn[:2]] == [line.get_color() for line in drawn[2:]]
    assert [line.get_linestyle() for line in drawn] == ["-", "-", "--", "--"]
    assert len({line.get_marker() for line in drawn}) == 4


def test_lines_of_different_lengths_are_told_in_one_table():
    text = compared_text({"a": [0.5, 0.6, 0.7], "b": [0.1]}, shares=True)
    assert text.startswith("a: from 50.00 % to 70.00 %. b: from 10.00 % to 10.00 %.")
    assert text.splitlines()[-1] == "    3  70.00 %"


def test_losses_begin_at_zero_and_accuracies_need_not():
    assert plot_compared({"a": [2.0, 3.0]}, "Loss").axes[0].get_ylim()[0] == 0
    assert plot_compared({"a": [0.8, 0.9]}, "Accuracy", shares=True).axes[0].get_ylim()[0] > 0.5


def test_receptive_fields_lie_in_the_middle():
    squares = plot_receptive_fields(np.zeros((10, 10, 3)), [("a", 3), ("b", 5)]).axes[0].patches
    assert [(square.get_x(), square.get_width()) for square in squares] == [(3.0, 3), (2.0, 5)]


def test_the_descent_is_drawn_step_by_step():
    path = [(1.0, 1.0), (0.5, 0.5), (0.25, 0.25)]
    figure = plot_landscape([0, 1], [0, 1], [[0, 1], [1, 2]], path, labels=("v", "w"))
    assert figure.axes[0].get_lines()[0].get_xydata().tolist() == [list(point) for point in path]
    assert "In 2 steps the descent went from 2.0000 to 0.5000." in landscape_text([[0, 2]], path, 2, 0.5)


def test_the_step_goes_down_the_slope():
    across = np.linspace(-2, 2, 401)
    figure = plot_slope(across, across**2, at=1.0, slope=2.0, step=-0.5)
    begins, ends = figure.axes[0].get_lines()[-1].get_ydata()
    assert (begins, ends) == (pytest.approx(1.0), pytest.approx(0.25, abs=1e-4))


def test_a_mark_below_leaves_the_title_above():
    figure = plot_images(np.zeros((2, 8, 8)), [0, 1], title="Two")
    write_mark(figure, "quick run")
    figure.draw_without_rendering()
    title, _ = figure.texts
    assert title.get_window_extent().y1 <= figure.bbox.y1
    assert all(ax.get_window_extent().y1 <= title.get_window_extent().y0 for ax in figure.axes)


@pytest.mark.parametrize(
    "figure",
    [plot_compared({"a": [1, 2]}, "A"), plot_images(np.zeros((2, 8, 8)), [0, 1])],
    ids=["laid out", "tiles"],
)
def test_a_mark_stands_below_and_covers_nothing(figure):
    before = figure.get_size_inches()[1]
    write_mark(figure, "quick run")
    figure.draw_without_rendering()
    (text,) = figure.texts
    assert text.get_text() == "quick run"
    assert figure.get_size_inches()[1] > before
    top = text.get_window_extent().y1
    assert all(ax.get_tightbbox().y0 >= top - 1 for ax in figure.axes)
