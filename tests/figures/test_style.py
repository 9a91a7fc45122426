import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from pellucid.figures import plot_seconds
from pellucid.figures.confusion import CELLS, FULL_FROM
from pellucid.figures.style import (
    DARK,
    LIGHT,
    all_shortened,
    axes_or_new,
    count_axis,
    legend_below,
    plain,
    shortened,
    styled,
)


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    light = []
    for colour in (one, other):
        c = np.array(to_rgb(colour))
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        light.append(linear @ [0.2126, 0.7152, 0.0722])
    return (max(light) + 0.05) / (min(light) + 0.05)


def over(colour, alpha, paper):
    return alpha * np.array(to_rgb(colour)) + (1 - alpha) * np.array(to_rgb(paper))


def test_contrast_is_computed_as_defined():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.01)


def test_both_palettes_have_the_same_names_and_no_colour_twice_in_the_light_one():
    assert LIGHT.keys() == DARK.keys()
    assert len(set(LIGHT.values())) == len(LIGHT)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "name", ["ink", "muted", "training", "validation", "third", "fourth", "fifth", "sixth"]
)
def test_text_and_lines_can_be_read_on_the_paper(palette, name):
    assert contrast(palette[name], palette["paper"]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("step", range(CELLS.N))
def test_a_number_can_be_read_on_every_cell(palette, step):
    cell = over(palette["cell"], CELLS.colors[step][3], palette["paper"])
    number = palette["on-cell" if step / CELLS.N >= FULL_FROM else "on-pale-cell"]
    assert contrast(number, cell) >= 6


def test_training_and_validation_are_told_apart_without_colour_too():
    red_blind = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])
    for palette in (LIGHT, DARK):  # Machado et al. 2009, protanopia
        seen = [red_blind @ to_rgb(palette[name]) for name in ("training", "validation")]
        assert np.abs(seen[0] - seen[1]).max() > 0.3


def test_the_settings_of_the_user_neither_change_a_figure_nor_are_changed():
    before = plot_seconds({"seconds": [1, 2]}).axes[0].title.get_fontsize()
    with mpl.rc_context({"axes.titlesize": 40, "font.family": "serif", "axes.grid": False}):
        settings = dict(mpl.rcParams)
        figure = plot_seconds({"seconds": [1, 2]})
        assert dict(mpl.rcParams) == settings
    assert figure.axes[0].title.get_fontsize() == before
    assert figure.axes[0].title.get_fontfamily() != ["serif"]


def test_a_figure_is_drawn_on_axes_of_ones_own():
    figure = Figure()
    ax = figure.subplots()
    assert axes_or_new(ax) is ax
    assert plot_seconds({"seconds": [1, 2]}, ax=ax) is figure
    assert len(ax.patches) == 2


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (1, [1]),
        (6, [1, 2, 3, 4, 5, 6]),
        (12, list(range(1, 13))),
        (20, [1, 5, 10, 15, 20]),
        (100, [1, *range(10, 101, 10)]),
        (7000, [1, 7000]),
    ],
)
def test_epochs_are_counted_from_1(last, ticks):
    with styled():
        ax = axes_or_new(None)
        count_axis(ax, last, "epoch")
    assert ax.get_xticks().tolist() == ticks


def test_a_dollar_sign_is_a_dollar_sign():
    figure = Figure()
    text = figure.text(0, 0, plain("$a$ and $b$"))
    assert text.get_window_extent().width > figure.text(0, 0, "a and b").get_window_extent().width


def test_a_legend_below_covers_nothing_of_the_axes():
    with styled():
        ax = axes_or_new(None)
        ax.plot([0, 1], label="a line")
        legend_below(ax)
    ax.get_figure().draw_without_rendering()
    assert ax.get_legend().get_window_extent().y1 < ax.get_window_extent().y0


@pytest.mark.parametrize(
    ("name", "length", "cut"),
    [
        ("cat", 14, "cat"),
        ("a long name number 07 of the kinds", 14, "a long … kinds"),
        ("abcdef", 3, "a…f"),
        ("abc", 2, "a…"),
    ],
)
def test_names_are_cut_in_the_middle(name, length, cut):
    assert shortened(name, length) == cut
    assert len(cut) <= length


@pytest.mark.parametrize(
    ("names", "cut"),
    [
        (["cat", "dog"], ["cat", "dog"]),
        (["a long name, the first", "a long name, the second"], ["a long … first", "a long …second"]),
        ([f"kind number {n:02d} of the thirty kinds" for n in (0, 17)], ["…00…", "…17…"]),
        (["x" * 30, "x" * 31], ["1 xxxxx…xxxxxx", "2 xxxxx…xxxxxx"]),
        ([f"{'a' * 20}{n}{'b' * 40}{n}{'c' * 20}" for n in "12"], ["…1bbbbb…bbbb1…", "…2bbbbb…bbbb2…"]),
        ([f"{'a' * 40}{n}{'b' * 40}{m}{'c' * 40}" for n, m in ("12", "13", "22")], None),
        (["same", "same"], ["same", "same"]),
    ],
)
def test_names_are_cut_where_they_do_not_differ(names, cut):
    found = all_shortened(names)
    assert found == cut or (cut is None and len(set(found)) == 3)
    assert max(map(len, found)) <= 14
