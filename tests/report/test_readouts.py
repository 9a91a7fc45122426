import re

import numpy as np
import pytest

from pellucid.evaluation import reliability_curve
from pellucid.figures import (
    plot_history,
    plot_images,
    plot_reliability,
    plot_risk_coverage,
    plot_seconds,
    plot_seeds,
)
from pellucid.report.readouts import MOST, readouts
from pellucid.report.svg import inline_svg

HISTORY = {"loss": [0.5, 0.25, 0.125], "val_loss": [0.4, 0.3, float("nan")], "accuracy": [0.5, 0.75, 1.0]}


def drawn(figure):
    figure.draw_without_rendering()
    return readouts(figure)


def told(svg):
    """Return the lines of each box."""
    boxes = re.findall(r"<text[^>]*>(.*?)</text>", svg)
    return [re.findall(r"<tspan[^>]*>(.*?)</tspan>", box) for box in boxes]


def test_each_epoch_has_the_values_of_all_lines_that_have_one():
    boxes = told(drawn(plot_history(HISTORY)))
    assert boxes[0] == ["epoch 1", "training, while it learns 0.5", "validation, after the epoch 0.4"]
    assert boxes[2] == ["epoch 3", "training, while it learns 0.125"]
    assert boxes[4] == ["epoch 2", "training, while it learns 75.00 %"]
    assert len(boxes) == 6


def test_bands_lie_beside_each_other_and_fill_the_axes():
    svg = drawn(plot_history({"loss": [0.5, 0.25, 0.125]}))
    bands = re.findall(r'class="band" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    ends = [(float(x), float(x) + float(width)) for x, width in bands]
    assert len(ends) == 3
    assert [right for _, right in ends[:-1]] == pytest.approx([left for left, _ in ends[1:]], abs=0.2)
    guides = [float(x) for x in re.findall(r'<path d="M([\d.]+) ', svg)]
    assert all(left <= x <= right for x, (left, right) in zip(guides, ends, strict=True))


def test_bars_and_curves_of_many_points_are_read_too():
    assert told(drawn(plot_seconds({"seconds": [3.5, 2.0]})))[0] == ["epoch 1", "Seconds per epoch 3.5"]
    coverage = np.linspace(0.001, 1, 1000)
    boxes = told(drawn(plot_risk_coverage({"4 digits": (coverage, coverage / 10)})))
    assert len(boxes) == MOST
    assert boxes[-1][1] == "4 digits 10.00 %"
    curve = reliability_curve([0, 0, 1, 0], [[0.9, 0.1]] * 4)
    boxes = told(drawn(plot_reliability(curve)))
    assert ["confidence 90.00 %", "as the network says 75.00 %"] in boxes
    boxes = told(drawn(plot_seeds({"0": (0.9, 0.8, 0.95), "7": (0.8, 0.7, 0.9)})))
    assert boxes == [  # the line of the mean has no points along the axis
        ["seed 0", "test accuracy, 95 % interval 90.00 %"],
        ["seed 7", "test accuracy, 95 % interval 80.00 %"],
    ]


def test_pictures_have_none():
    assert drawn(plot_images(np.zeros((2, 8, 8)), [0, 1])) == ""


def test_names_are_text():
    svg = drawn(plot_risk_coverage({"<script>": ([0.5, 1.0], [0.1, 0.2])}))
    assert "<script>" not in svg
    assert "&lt;script&gt; 10.00 %" in svg


def test_they_stand_in_the_drawing_in_the_colours_of_the_page():
    svg = inline_svg(plot_history(HISTORY), name="history", label="")
    assert svg.count('<g class="readouts">') == 2
    assert 'style="fill: var(--training)"' in svg
    assert svg.endswith("</svg>\n") or svg.rstrip().endswith("</svg>")
