import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.figures.tiles import image_colours, kernel_colours, map_colours, plot_tiles


@pytest.mark.parametrize("shape", [(2, 4, 5), (2, 4, 5, 1), (2, 4, 5, 3)])
def test_images_become_rgb_and_keep_their_values(shape):
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    tiles = image_colours(images)
    assert tiles.shape == (2, 4, 5, 3)
    np.testing.assert_array_equal(tiles, images.reshape(2, 4, 5, -1) * np.ones(3, np.uint8))


def test_images_of_another_kind_are_refused():
    with pytest.raises(
        ShapeError, match=r"\(N, H, W, 1\) or \(N, H, W, 3\)\. Received: shape=\(2, 4, 5, 2\)"
    ):
        image_colours(np.zeros((2, 4, 5, 2)))


def test_kernels_of_three_channels_are_colours_around_grey():
    kernels = np.zeros((1, 1, 3, 2))
    kernels[0, 0, :, 1] = [2, -2, 0]
    tiles = kernel_colours(kernels)
    assert tiles.shape == (2, 1, 1, 3)
    assert tiles[0, 0, 0].tolist() == [128, 128, 128]
    assert tiles[1, 0, 0].tolist() == [255, 0, 128]


def test_negative_weights_are_orange_positive_ones_purple_and_zero_is_almost_white():
    negative, zero, positive = kernel_colours(np.array([-1.0, 0, 1]).reshape(1, 1, 1, 3))[:, 0, 0].astype(int)
    assert negative[0] > negative[1] > negative[2]
    assert positive[2] > positive[0] > positive[1]
    assert zero.min() > 240


def test_all_kernels_are_on_one_scale_if_asked():
    tiles = kernel_colours(np.array([1.0, 2.0]).reshape(1, 1, 1, 2), one_scale=True)
    assert tiles[0].astype(int).sum() > tiles[1].astype(int).sum()  # the weaker one is paler


def test_a_weak_kernel_shows_its_pattern_as_a_strong_one_does():
    kernels = np.zeros((2, 2, 1, 3))
    kernels[0, 0, 0] = [0.01, 5, 0]
    tiles = kernel_colours(kernels)
    np.testing.assert_array_equal(tiles[0], tiles[1])
    assert len(np.unique(tiles[2].reshape(-1, 3), axis=0)) == 1  # of zeros alone


def test_channels_of_other_numbers_lie_side_by_side():
    kernels = np.zeros((2, 3, 2, 4))
    kernels[1, 0, 1, 3] = 1  # last row, first column, second channel, last kernel
    tiles = kernel_colours(kernels)
    assert tiles.shape == (4, 2, 6, 3)
    different = (tiles != tiles[0, 0, 0]).any(axis=-1)
    assert np.argwhere(different).tolist() == [[3, 1, 3]]


def test_a_weak_map_shows_its_pattern_as_a_strong_one_does():
    maps = np.zeros((2, 2, 3))
    maps[0, 0], maps[1, 1] = [0.01, 100, 0], [-0.01, -100, 0]
    tiles = map_colours(maps)
    np.testing.assert_array_equal(tiles[0], tiles[1])
    assert len(np.unique(tiles[0].reshape(-1, 3), axis=0)) == 3
    assert len(np.unique(tiles[2].reshape(-1, 3), axis=0)) == 1


def test_maps_are_on_one_scale_if_asked_and_brighter_for_more():
    maps = np.zeros((1, 2, 2))
    maps[0, 0, 1] = 4
    maps[0, 1, 1] = 2
    brightness = map_colours(maps, one_scale=True).astype(int).sum(axis=-1)  # (K, H, W)
    assert brightness.shape == (2, 1, 2)
    assert brightness[1, 0, 0] > brightness[1, 0, 1] > brightness[0, 0, 0] == brightness[0, 0, 1]


@pytest.mark.parametrize("function", [kernel_colours, map_colours])
def test_constant_arrays_are_no_division_by_zero(function):
    array = np.zeros((3, 3, 1, 2) if function is kernel_colours else (3, 3, 2))
    assert len(np.unique(function(array).reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize(
    ("function", "shape", "message"),
    [
        (kernel_colours, (3, 3, 2), r"Kernels are \(R, S, C, K\)\. Received: shape=\(3, 3, 2\)"),
        (kernel_colours, (3, 3, 0, 2), r"Kernels are \(R, S, C, K\)\. Received: shape=\(3, 3, 0, 2\)"),
        (map_colours, (3, 3), r"maps of one image are \(H, W, K\)\. Received: shape=\(3, 3\)"),
    ],
)
def test_other_shapes_are_refused(function, shape, message):
    with pytest.raises(ShapeError, match=message):
        function(np.zeros(shape))


def test_tiles_fill_rows_from_the_left_and_do_not_overlap():
    tiles = np.zeros((5, 8, 8, 3), np.uint8)
    boxes = [ax.get_position() for ax in plot_tiles(tiles, ["a"] * 5, columns=3).axes]
    assert len(boxes) == 5
    assert boxes[0].x0 < boxes[1].x0 < boxes[2].x0
    assert boxes[3].x0 == boxes[0].x0
    assert boxes[3].y1 < boxes[0].y0
    assert boxes[0].x1 < boxes[1].x0
    assert all(box.x0 >= 0 and box.x1 <= 1 and box.y0 >= 0 and box.y1 <= 1 for box in boxes)


def test_tiles_keep_their_proportions_and_their_pixels():
    tiles = np.random.default_rng(0).integers(0, 256, (1, 10, 20, 3), np.uint8)
    figure = plot_tiles(tiles, columns=5)
    box = figure.axes[0].get_position()
    width, height = figure.get_size_inches()
    assert box.width * width == pytest.approx(2 * box.height * height)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), tiles[0])


def test_a_title_stands_above_the_tiles_and_covers_none():
    tiles = np.zeros((3, 8, 8, 3), np.uint8)
    plain, titled = (plot_tiles(tiles, columns=2, title=title) for title in ("", "Digits"))
    assert titled.get_suptitle() == "Digits"
    assert titled.get_size_inches()[1] > plain.get_size_inches()[1]
    titled.draw_without_rendering()
    bottom = titled.texts[0].get_window_extent().y0
    assert all(ax.get_window_extent().y1 <= bottom for ax in titled.axes)
