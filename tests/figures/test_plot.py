import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import pellucid.figures
import pellucid.lab
from pellucid.figures import plot_history, plot_images, plot_seconds
from pellucid.figures.plot import Plot, png

FIGURES = (
    plot_history({"loss": [1, 2]}),
    plot_seconds({"seconds": [1, 2]}),
    plot_images([[[0.0, 1.0]]], [3]),
)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_notebook_shows_every_plot_as_a_picture(figure):
    assert isinstance(figure, Plot)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert figure._repr_png_() == png(figure)


def test_no_plot_is_a_figure_that_a_notebook_names_only():
    assert not hasattr(Figure(), "_repr_png_")
    for package in (pellucid.figures, pellucid.lab):
        for path in Path(package.__file__).parent.glob("*.py"):
            assert not re.search(r"(?<!\w)Figure\(", path.read_text("utf-8")), path
