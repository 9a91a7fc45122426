import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.figures import kernels_text, maps_text, plot_kernels, plot_maps


def test_each_kernel_and_each_map_has_its_number():
    for figure in (plot_kernels(np.zeros((3, 3, 1, 20))), plot_maps(np.zeros((6, 6, 20)))):
        assert [ax.texts[0].get_text() for ax in figure.axes] == [str(number) for number in range(1, 21)]


def test_the_text_of_kernels_has_their_weights():
    kernels = np.arange(12.0).reshape(1, 2, 3, 2)
    lines = kernels_text(kernels).splitlines()
    assert lines[0] == "2 kernels of 1 × 2 × 3 weights, from 0.0000 to 11.0000."
    assert [line.split() for line in lines[3:]] == [
        ["1", "5.0000", "0.0000", "10.0000"],
        ["2", "6.0000", "1.0000", "11.0000"],
    ]


def test_the_text_of_maps_says_where_they_peak():
    maps = np.zeros((3, 4, 2))
    maps[2, 1, 1] = 6
    lines = maps_text(maps).splitlines()
    assert lines[0] == "2 feature maps of 3 × 4, values from 0.0000 to 6.0000."
    assert lines[4].split() == ["2", "0.5000", "6.0000", "3,", "2", "8", "%"]


@pytest.mark.parametrize("function", [plot_kernels, kernels_text, plot_maps, maps_text])
def test_other_shapes_are_refused(function):
    with pytest.raises(ShapeError, match=r"Received: shape=\(5,\)"):
        function(np.zeros(5))
