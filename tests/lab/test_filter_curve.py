"""The curve of accuracy against the number of filters."""

import pytest

from pellucid.lab.filter_curve import curve_text, plot_filters

CURVE = {1: [0.17, 0.19], 5: [0.82, 0.86], 64: [0.98, 0.99]}


def test_the_curve_has_each_number_of_filters_its_mean_and_a_band():
    figure = plot_filters(CURVE, "Test accuracy")
    [ax] = figure.axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "5", "64"]
    mean = next(line for line in ax.lines if line.get_label() == "mean")
    assert list(mean.get_ydata()) == pytest.approx([0.18, 0.84, 0.985])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["lowest to highest", "mean"]
    assert ax.get_title(loc="left") == "Test accuracy"


def test_the_curve_in_words_has_every_number():
    told = curve_text(CURVE)
    assert told.startswith("With 1 filter: 18.00 % (17.00 % to 19.00 %). With 5 filters: 84.00 %")
    assert "98.50 %" in told.splitlines()[-1]
