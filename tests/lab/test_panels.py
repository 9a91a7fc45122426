import numpy as np

from pellucid.lab.panels import panels_text, plot_histograms, plot_panels


def test_panels_share_one_scale_around_zero():
    figure = plot_panels({"before": [[-3.0, 1.0]], "after": [[0.0, 1.0]]}, "Rectification")
    pictures = [ax.get_images()[0] for ax in figure.axes if ax.get_images()]
    assert {picture.get_clim() for picture in pictures} == {(-3.0, 3.0)}
    assert figure.get_suptitle() == "Rectification"


def test_many_kernels_stand_in_rows_and_stay_legible():
    figure = plot_panels({f"kernel {n}": np.eye(3) for n in range(1, 17)}, "Kernels")
    pictures = [ax for ax in figure.axes if ax.get_images()]
    assert len(pictures) == 16
    assert figure.get_size_inches()[1] > figure.get_size_inches()[0] * 0.7
    assert [ax.get_title(loc="left") for ax in pictures[:2]] == ["kernel 1", "kernel 2"]


def test_a_panel_of_zeros_has_a_scale():
    assert plot_panels({"zeros": np.zeros((2, 2))}, "Nothing").axes[0].get_images()[0].get_clim() == (-1, 1)


def test_histograms_count_all_values():
    figure = plot_histograms({"before": np.arange(60.0).reshape(6, 10)}, "Values")
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 60


def test_the_text_tells_each_panel():
    text = panels_text({"before": [[-1.0, 1.0]], "after": [[0.0, 1.0]]})
    assert [line.partition(":")[0] for line in text.splitlines()] == ["before", "after"]
