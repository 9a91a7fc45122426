import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation import risk_coverage
from pellucid.figures import plot_risk_coverage, risk_coverage_text

COVERAGE, RISK = [0.4, 0.6, 0.96, 1.0], [0.0, 0.01, 0.02, 0.05]


def test_a_line_begins_with_the_first_error():
    [line] = plot_risk_coverage({"4 digits": (COVERAGE, RISK)}).axes[0].lines
    np.testing.assert_allclose(line.get_xydata(), [[0.6, 0.01], [0.96, 0.02], [1.0, 0.05]])
    assert line.axes.get_yscale() == "log"


def test_lines_are_told_apart_by_style_and_named():
    figure = plot_risk_coverage({"2 digits": (COVERAGE, RISK), "4 digits": (COVERAGE, RISK)})
    one, other = figure.axes[0].lines
    assert one.get_linestyle() != other.get_linestyle()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["2 digits", "4 digits"]


def test_the_text_tells_the_error_at_round_shares():
    row = risk_coverage_text({"4 digits": (COVERAGE, RISK)}).splitlines()[-1]
    assert row.split()[2::2] == ["0.00", "1.00", "1.00", "1.00", "5.00"]


def test_shares_below_the_strictest_threshold_are_not_known():
    assert "–" in risk_coverage_text({"a": ([0.9, 1.0], [0.1, 0.2])}).splitlines()[-1]


def test_curves_without_any_error_can_be_drawn():
    curve = risk_coverage([0.9, 0.8], [False, False])
    plot_risk_coverage({"a": (curve.coverage, curve.risk)}).savefig("/dev/null", format="svg")


def test_arrays_must_fit():
    with pytest.raises(ShapeError, match=r"'a' are lists of one length\. Received: coverage"):
        plot_risk_coverage({"a": ([0.5, 1.0], [0.1])})
    with pytest.raises(ArgumentError, match=r"needs at least one curve\. Received: curves"):
        risk_coverage_text({})


def test_the_legend_covers_nothing():
    figure = plot_risk_coverage({"4 digits": ([0.5, 0.9, 1.0], [0.0, 0.01, 0.05])})
    figure.draw_without_rendering()
    ax = figure.axes[0]
    assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
