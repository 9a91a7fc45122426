"""The border, against hand-worked cases, TensorFlow's formula, loops, and the definition of a gradient."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.functions.padding import out_size, pad, pad_backward, pixels_in_windows, window_grid

sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))
windows = st.tuples(st.integers(1, 9), st.integers(1, 9))
strides = st.tuples(st.integers(1, 4), st.integers(1, 4))
widths = st.tuples(st.integers(0, 3), st.integers(0, 3))


# --- The size that comes out ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "window", "strides", "padding", "expected"),
    [
        ((28, 28), 3, 1, "valid", (26, 26)),
        ((6, 6), 3, 1, "valid", (4, 4)),
        ((6, 6), 3, 1, "edge", (6, 6)),
        ((28, 28), 3, 1, "same", (28, 28)),
        ((24, 24), 2, 2, "valid", (12, 12)),
        ((24, 24), 2, 2, "same", (12, 12)),  # divides evenly: no window more
        ((25, 24), 2, 2, "valid", (12, 12)),
        ((25, 24), 2, 2, "same", (13, 12)),
        ((5, 7), (2, 3), (3, 1), "valid", (2, 5)),
        ((5, 5), 3, 1, 1, (5, 5)),
        ((5, 5), 3, 1, (0, 2), (3, 7)),
        ((5, 5), 3, 2, ((1, 0), (2, 2)), (2, 4)),
        (5, 5, 1, "valid", (1, 1)),
        ((3, 3), 5, 1, "same", (3, 3)),
        ((3, 3), 1, 5, "same", (1, 1)),
    ],
)
def test_out_size_by_hand(size, window, strides, padding, expected):
    assert out_size(size, window, strides, padding) == expected


@given(sizes, windows, strides)
def test_same_border_follows_the_formula_of_tensorflow(size, window, strides):
    """Its documentation states the total by the remainder, where ours counts the windows."""
    grid = window_grid(size, window, strides, "same")
    for pixels, extent, stride, (before, after), out in zip(
        size, window, strides, grid.widths, grid.out, strict=True
    ):
        remainder = pixels % stride
        total = max(extent - (remainder or stride), 0)
        assert (before, after) == (total // 2, total - total // 2)
        assert out == int(np.ceil(pixels / stride))


@given(sizes, windows, strides)
def test_no_same_window_lies_outside_the_image(size, window, strides):
    grid = window_grid(size, window, strides, "same")
    for axis in range(2):
        first_start = -grid.widths[axis][0]
        last_start = first_start + (grid.out[axis] - 1) * strides[axis]
        assert first_start + window[axis] > 0
        assert last_start < size[axis]


@given(sizes, windows, strides, widths, widths)
def test_out_size_counts_the_windows_that_fit(size, window, strides, vertical, horizontal):
    padded = (size[0] + sum(vertical), size[1] + sum(horizontal))
    expected = tuple(
        len([start for start in range(0, pixels, stride) if start + extent <= pixels])
        for pixels, extent, stride in zip(padded, window, strides, strict=True)
    )
    if 0 in expected:
        with pytest.raises(ShapeError):
            out_size(size, window, strides, (vertical, horizontal))
    else:
        assert out_size(size, window, strides, (vertical, horizontal)) == expected


def test_edge_is_as_wide_as_same():
    same, edge = (window_grid((7, 8), (3, 4), (2, 3), padding) for padding in ("same", "edge"))
    assert same.widths == edge.widths
    assert not same.edge
    assert edge.edge


# --- The border -------------------------------------------------------------------------------------------


@given(sizes, windows, strides, st.integers(0, 2**32 - 1))
def test_border_is_zeros_or_the_nearest_pixel(size, window, strides, seed):
    images = np.random.default_rng(seed).normal(size=(2, *size, 3))
    for padding in ("same", "edge"):
        grid = window_grid(size, window, strides, padding)
        (top, bottom), (left, right) = grid.widths
        padded = pad(images, grid)
        assert padded.shape == (2, top + size[0] + bottom, left + size[1] + right, 3)
        for i, j in product(range(padded.shape[1]), range(padded.shape[2])):
            row, column = i - top, j - left
            nearest_row, nearest_column = min(max(row, 0), size[0] - 1), min(max(column, 0), size[1] - 1)
            inside = (row, column) == (nearest_row, nearest_column)
            expected = images[:, nearest_row, nearest_column] * (inside or padding == "edge")
            np.testing.assert_array_equal(padded[:, i, j], expected)


def test_without_a_border_nothing_is_copied():
    images = np.ones((1, 4, 4, 1))
    assert pad(images, window_grid((4, 4), 3)) is images


def is_transposed(forward, backward, images, gradient):
    """Is ``backward`` the gradient of the linear function ``forward``? Then <f(x), g> = <x, b(g)> always."""
    sides = np.vdot(forward(images), gradient), np.vdot(images, backward(gradient))
    return bool(np.isclose(*sides, rtol=1e-10))


@given(
    sizes,
    windows,
    strides,
    st.sampled_from(["valid", "same", "edge", 2, ((0, 3), (1, 2))]),
    st.integers(0, 2**32 - 1),
)
def test_pad_backward_is_the_gradient_of_pad(size, window, strides, padding, seed):
    if padding not in ("same", "edge"):
        window = np.minimum(window, size)
    grid = window_grid(size, window, strides, padding)
    generator = np.random.default_rng(seed)
    images = generator.normal(size=(2, *size, 3))
    gradient = generator.normal(size=pad(images, grid).shape)
    kept = gradient.copy()
    gradient.flags.writeable = False
    assert is_transposed(lambda x: pad(x, grid), lambda g: pad_backward(g, grid), images, gradient)
    assert pad_backward(gradient, grid).shape == images.shape
    np.testing.assert_array_equal(gradient, kept)


def test_is_transposed_catches_a_gradient_that_only_crops():
    generator = np.random.default_rng(0)
    edge, same = (window_grid((5, 5), 3, 1, padding) for padding in ("edge", "same"))
    images, gradient = generator.normal(size=(1, 5, 5, 1)), generator.normal(size=(1, 7, 7, 1))
    assert not is_transposed(lambda x: pad(x, edge), lambda g: pad_backward(g, same), images, gradient)


# --- Pixels and windows -----------------------------------------------------------------------------------


@given(sizes, windows, strides, st.sampled_from(["valid", "same"]))
def test_pixels_in_windows_meets_each_pixel_of_each_window_once_and_in_order(size, window, strides, padding):
    if padding == "valid":
        window = tuple(np.minimum(window, size).tolist())
    grid = window_grid(size, window, strides, padding)
    numbered = np.arange(size[0] * size[1]).reshape(1, *size, 1)
    met = {place: [] for place in product(range(grid.out[0]), range(grid.out[1]))}
    window_numbers = np.arange(grid.out[0] * grid.out[1]).reshape(1, *grid.out, 1)
    for pixels, windows in pixels_in_windows(numbered, grid):
        assert numbered[pixels].shape == window_numbers[windows].shape
        for pixel, number in zip(numbered[pixels].ravel(), window_numbers[windows].ravel(), strict=True):
            met[divmod(int(number), grid.out[1])].append(int(pixel))
    for (i, j), pixels in met.items():
        top, left = i * strides[0] - grid.widths[0][0], j * strides[1] - grid.widths[1][0]
        assert pixels == [
            row * size[1] + column
            for row, column in product(range(top, top + window[0]), range(left, left + window[1]))
            if 0 <= row < size[0] and 0 <= column < size[1]
        ]


def test_a_window_far_wider_than_the_image_meets_each_pixel_once():
    image = np.array([[5, 6]]).reshape(1, 1, 2, 1)
    grid = window_grid((1, 2), (1, 6), strides=2, padding="same")  # one window, two pixels beyond each side
    met = [(image[pixels].tolist(), windows) for pixels, windows in pixels_in_windows(image, grid)]
    assert met == [([[[[value]]]], (slice(None), slice(0, 1), slice(0, 1))) for value in (5, 6)]


# --- Bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("padding", "offer"),
    [
        ("sane", "did you mean 'same'?"),
        ("SAME", "did you mean 'same'?"),
        ("vaild", "did you mean 'valid'?"),
        ("causal", "known are 'edge', 'same', 'valid'"),
    ],
)
def test_an_unknown_padding_is_offered_the_nearest(padding, offer):
    with pytest.raises(UnknownNameError) as caught:
        out_size((5, 5), 3, 1, padding)
    assert str(caught.value) == (
        f"padding must be 'valid', 'same', 'edge' or numbers. Received: padding={padding!r}: {offer}"
    )


@pytest.mark.parametrize("padding", [-1, 0.5, (1, -1), (1, 2, 3), ((1, 2), (3, -4)), (1, "2"), None])
def test_padding_numbers_of_a_wrong_form_are_refused(padding):
    with pytest.raises(ArgumentError) as caught:
        out_size((5, 5), 3, 1, padding)
    assert str(caught.value) == (
        "padding must be 'valid', 'same', 'edge', or whole numbers of 0 or more in the form p, "
        f"(vertical, horizontal) or ((top, bottom), (left, right)). Received: padding={padding!r}"
    )


def test_a_window_larger_than_the_image_is_refused():
    with pytest.raises(ShapeError) as caught:
        out_size((3, 8), (4, 2))
    assert str(caught.value) == (
        "a kernel or window must fit into the padded image: take a smaller one, or padding='same'. "
        "Received: a window of 4×2 for 3×8 pixels, padding='valid'"
    )
    with pytest.raises(ShapeError, match=r"Received: a window of 2×11 for 3×8 pixels, padding=1$"):
        out_size((3, 8), (2, 11), padding=1)
