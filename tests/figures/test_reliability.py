import numpy as np
import pytest

from pellucid.errors import DataError
from pellucid.evaluation import reliability_curve
from pellucid.figures import plot_reliability, reliability_text

# Ten images at 95 %, eight of them right; ten at 55 %, five of them right.
LABELS = np.array([0] * 8 + [1] * 2 + [0] * 5 + [1] * 5)
PROBABILITIES = np.repeat([[0.95, 0.05], [0.55, 0.45]], 10, axis=0)
CURVE = reliability_curve(LABELS, PROBABILITIES, bins=10)


def points(figure, label):
    [bars] = [bars for bars in figure.axes[0].containers if bars.get_label() == label]
    return bars[0].get_xydata()


def test_points_are_confidence_and_accuracy_and_empty_bins_are_left_out():
    figure = plot_reliability(CURVE)
    np.testing.assert_allclose(points(figure, "as the network says"), [[0.55, 0.5], [0.95, 0.8]])
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "perfect calibration",
        "as the network says",
    ]


def test_bars_are_the_intervals():
    [bars] = plot_reliability(CURVE).axes[0].containers
    low, high = bars[2][0].get_segments()[1][:, 1]
    figure = CURVE[-1].accuracy
    assert (low, high) == pytest.approx((figure.low, figure.high))


def test_scaled_confidences_are_drawn_beside():
    after = reliability_curve(LABELS, np.repeat([[0.85, 0.15], [0.52, 0.48]], 10, axis=0), bins=10)
    figure = plot_reliability(CURVE, after)
    assert points(figure, "after temperature scaling")[:, 0] == pytest.approx([0.52, 0.85])
    assert "After temperature scaling:" in reliability_text(CURVE, after)


def test_text_has_every_bin():
    lines = reliability_text(CURVE).splitlines()
    assert lines[0] == "Accuracy by confidence, for 20 images in 2 bins."
    assert lines[-1].split()[::2] == ["90.0", "–", "%", "95.00", "80.0", "49.0", "94.3"]


def test_bins_without_images_are_refused():
    with pytest.raises(DataError, match="needs images, but none of the bins has one"):
        plot_reliability([])


def test_the_legend_covers_nothing():
    figure = plot_reliability(CURVE)
    figure.draw_without_rendering()
    ax = figure.axes[0]
    assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
