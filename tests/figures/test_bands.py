import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.figures import bands_text, plot_bands

HISTORIES = [
    {"loss": [0.9, 0.5], "train_loss": [0.6, 0.4], "val_loss": [0.8, 0.6], "val_accuracy": [0.5, 0.7]},
    {"loss": [0.8, 0.4], "train_loss": [0.4, 0.2], "val_loss": [0.6, 0.2], "val_accuracy": [0.7, 0.9]},
]


def test_lines_are_means_and_bands_reach_from_lowest_to_highest():
    loss, accuracy = plot_bands(HISTORIES).axes
    training, validation = (line.get_ydata() for line in loss.lines)
    np.testing.assert_allclose(training, [0.5, 0.3])
    np.testing.assert_allclose(validation, [0.7, 0.4])
    band = loss.collections[1].get_paths()[0].vertices
    assert {tuple(point) for point in band.round(6)} >= {(1, 0.6), (1, 0.8), (2, 0.2), (2, 0.6)}
    assert [line.get_label() for line in accuracy.lines] == ["validation, mean of 2 seeds"]


def test_each_run_is_a_thin_line():
    loss = plot_bands(HISTORIES).axes[0]
    thin = loss.collections[2:]  # after the bands
    drawn = [segment[:, 1].tolist() for one in thin for segment in one.get_segments()]
    assert drawn == [[0.6, 0.4], [0.4, 0.2], [0.8, 0.6], [0.6, 0.2]]
    assert all(one.get_linewidth() < 1 for one in thin)


def test_only_the_epochs_that_all_have_are_drawn():
    longer = {**HISTORIES[0], **{key: [*values, 0.1] for key, values in HISTORIES[0].items()}}
    (line, *_) = plot_bands([longer, HISTORIES[1]]).axes[0].lines
    assert line.get_xdata().tolist() == [1, 2]


def test_the_running_mean_is_drawn_only_if_there_is_nothing_better():
    lines = plot_bands([{"loss": [0.9]}, {"loss": [0.8]}]).axes[0].lines
    assert [line.get_label() for line in lines] == ["training, while it learns, mean of 2 seeds"]


def test_a_quantity_that_one_run_lacks_is_left_out():
    assert len(plot_bands([HISTORIES[0], {"loss": [0.5, 0.4]}]).axes) == 1


def test_the_text_says_the_same():
    assert bands_text(HISTORIES).splitlines()[1].split() == ["training", "loss", "0.3000", "0.2000", "0.4000"]


@pytest.mark.parametrize("histories", [[], [{"seconds": [1.0]}]])
def test_without_loss_and_accuracy_there_is_nothing_to_draw(histories):
    with pytest.raises(ArgumentError, match="None of the histories has a loss or an accuracy"):
        plot_bands(histories)


def test_the_legend_covers_nothing():
    figure = plot_bands(HISTORIES)
    figure.draw_without_rendering()
    for ax in figure.axes:
        assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
