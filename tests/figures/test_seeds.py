import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures import plot_seeds, seeds_text

THREE = {"0": (0.9, 0.87, 0.92), "1": (0.92, 0.9, 0.94), "7": (0.94, 0.92, 0.95)}


def test_each_seed_has_a_dot_and_a_bar_and_there_is_their_mean():
    ax = plot_seeds(THREE).axes[0]
    [bars] = ax.containers
    assert bars.lines[0].get_ydata().tolist() == [0.9, 0.92, 0.94]
    ends = [segment[:, 1].tolist() for segment in bars.lines[2][0].get_segments()]
    assert ends == [pytest.approx(interval[1:]) for interval in THREE.values()]
    mean = next(line for line in ax.lines if line.get_label() == "mean, 92.00 %")
    assert list(mean.get_ydata()) == pytest.approx([0.92, 0.92])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "7"]


def test_the_legend_covers_no_dot():
    figure = plot_seeds(THREE)
    figure.draw_without_rendering()
    [ax] = figure.axes
    assert ax.get_legend().get_window_extent().y1 < ax.get_window_extent().y0


def test_many_seeds_have_some_labels():
    ax = plot_seeds({str(seed): (0.9, 0.8, 0.95) for seed in range(100)}).axes[0]
    assert len(ax.get_xticks()) <= 20


def test_the_text_says_the_same():
    lines = seeds_text(THREE).splitlines()
    assert lines[0] == "Test accuracy of 3 seeds: from 90.00 % to 94.00 %, mean 92.00 %."
    assert lines[-1].split() == ["7", "94.00", "%", "92.00", "%", "95.00", "%"]


@pytest.mark.parametrize("function", [plot_seeds, seeds_text])
def test_no_seed_and_a_seed_without_an_interval_are_refused(function):
    with pytest.raises(ArgumentError, match=r"give at least one\. Received: accuracies=\{\}"):
        function({})
    with pytest.raises(ShapeError, match=r"two ends of its interval\. Received: '0' of shape \(\)"):
        function({"0": 0.9})
