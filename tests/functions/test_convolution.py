"""Convolution against hand-worked cases, naive loops, SciPy and Keras; its gradients against differences."""

import os
from itertools import product

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.functions.convolution import convolve, convolve_backward

LEFT_TO_RIGHT = ((1, 0, -1), (1, 0, -1), (1, 0, -1))
TOP_TO_BOTTOM = ((1, 1, 1), (0, 0, 0), (-1, -1, -1))


def random(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


# --- By hand ----------------------------------------------------------------------------------------------


def test_edge_kernels_with_the_border_repeated():
    """A bright square on a dark ground: its left edge is negative, its right edge positive, for 1, 0, -1."""
    image = np.zeros((5, 5))
    image[1:4, 1:4] = 1
    maps = convolve(image, [LEFT_TO_RIGHT, TOP_TO_BOTTOM], padding="edge")
    left_to_right = [
        [-1, -1, 0, 1, 1],
        [-2, -2, 0, 2, 2],
        [-3, -3, 0, 3, 3],
        [-2, -2, 0, 2, 2],
        [-1, -1, 0, 1, 1],
    ]
    np.testing.assert_array_equal(maps[:, :, 0], left_to_right)
    np.testing.assert_array_equal(maps[:, :, 1], np.transpose(left_to_right))


def test_edge_padding_makes_no_edge_where_the_image_ends():
    bright = np.ones((4, 5))
    assert not convolve(bright, [LEFT_TO_RIGHT, TOP_TO_BOTTOM], padding="edge").any()
    assert convolve(bright, [LEFT_TO_RIGHT, TOP_TO_BOTTOM], padding="same").any()


def test_six_by_six_with_two_channels_gives_maps_of_four_by_four():
    ramp = np.arange(36.0).reshape(6, 6)
    image = np.stack([ramp, np.ones((6, 6))], axis=-1)
    kernels = np.zeros((3, 3, 2, 2))
    kernels[:, :, 0, 0] = 1  # the sum of the ramp's window: 9 times its middle
    kernels[:, :, 0, 1], kernels[1, 1, 1, 1] = LEFT_TO_RIGHT, 100
    maps = convolve(image, kernels, bias=[0, 0.5])
    assert maps.shape == (4, 4, 2)
    np.testing.assert_array_equal(maps[:, :, 0], 9 * ramp[1:5, 1:5])
    np.testing.assert_array_equal(maps[:, :, 1], np.full((4, 4), -6 + 100 + 0.5))


def test_the_kernel_is_not_flipped():
    point = np.zeros((3, 3))
    point[1, 1] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(convolve(point, kernel, padding="same")[:, :, 0], kernel[::-1, ::-1])


def test_backward_by_hand():
    """maps = (a + 2b, b + 2c) for the image (a, b, c) and the kernel (1, 2)."""
    d_image, d_kernel, d_bias = convolve_backward([[[10.0], [100.0]]], [[3.0, 4.0, 5.0]], [[1.0, 2.0]])
    np.testing.assert_array_equal(d_image, [[10, 2 * 10 + 100, 2 * 100]])
    np.testing.assert_array_equal(d_kernel, [[3 * 10 + 4 * 100, 4 * 10 + 5 * 100]])
    np.testing.assert_array_equal(d_bias, [110])


# --- Naive loops ------------------------------------------------------------------------------------------


def border_before(pixels, extent, stride, padding, axis):
    """How far the first window starts before the image, and how many windows there are."""
    if padding in ("same", "edge"):
        total = max(extent - (pixels % stride or stride), 0)
        return total // 2, -(-pixels // stride)
    before, after = (0, 0) if padding == "valid" else padding[axis]
    return before, (before + pixels + after - extent) // stride + 1


def pixel(image, row, column, padding):
    H, W, C = image.shape
    if padding == "edge":
        return image[min(max(row, 0), H - 1), min(max(column, 0), W - 1)]
    return image[row, column] if 0 <= row < H and 0 <= column < W else np.zeros(C)


def convolve_by_loops(images, kernels, bias, strides, padding):
    N, H, W, C = images.shape
    R, S, _, K = kernels.shape
    top, H_out = border_before(H, R, strides[0], padding, 0)
    left, W_out = border_before(W, S, strides[1], padding, 1)
    maps = np.zeros((N, H_out, W_out, K))
    for n, i, j, k in np.ndindex(maps.shape):
        maps[n, i, j, k] = bias[k]
        for r, s, c in np.ndindex(R, S, C):
            seen = pixel(images[n], i * strides[0] - top + r, j * strides[1] - left + s, padding)
            maps[n, i, j, k] += seen[c] * kernels[r, s, c, k]
    return maps


@st.composite
def cases(draw):
    """Images (N, H, W, C), kernels (R, S, C, K), bias (K,), strides and padding that fit together."""
    padding = draw(
        st.sampled_from(["valid", "same", "edge"])
        | st.tuples(*[st.tuples(st.integers(0, 2), st.integers(0, 2))] * 2)
    )
    strides = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    H, W = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    room = {"valid": (0, 0), "same": (3, 3), "edge": (3, 3)}
    (vertical, horizontal) = room[padding] if isinstance(padding, str) else map(sum, padding)
    R = draw(st.integers(1, min(4, H + vertical)))
    S = draw(st.integers(1, min(4, W + horizontal)))
    N, C, K = draw(st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 3)))
    seed = draw(st.integers(0, 2**32 - 1))
    return random(N, H, W, C, seed=seed), random(R, S, C, K, seed=seed + 1), random(K), strides, padding


@given(cases())
def test_convolve_equals_naive_loops(case):
    images, kernels, bias, strides, padding = case
    maps = convolve(images, kernels, bias, strides=strides, padding=padding)
    np.testing.assert_allclose(maps, convolve_by_loops(*case), atol=1e-12)


# --- Independent libraries --------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "extent"), [((6, 6), (3, 3)), ((7, 5), (2, 4)), ((4, 9), (4, 1))])
def test_valid_equals_scipy(size, extent):
    image, kernels = random(*size, 3), random(*extent, 3, 4, seed=1)
    expected = [scipy.signal.correlate(image, kernels[..., k], mode="valid")[:, :, 0] for k in range(4)]
    np.testing.assert_allclose(convolve(image, kernels), np.stack(expected, axis=-1), atol=1e-12)


@pytest.mark.parametrize(("padding", "mode"), [("edge", "nearest"), ("same", "constant")])
@pytest.mark.parametrize("extent", [(3, 3), (5, 1), (1, 7)])
def test_borders_of_odd_kernels_equal_scipy(padding, mode, extent):
    image, kernel = random(6, 7), random(*extent, seed=1)
    expected = scipy.ndimage.correlate(image, kernel, mode=mode)
    np.testing.assert_allclose(convolve(image, kernel, padding=padding)[:, :, 0], expected, atol=1e-12)


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("size", "extent", "strides"),
    [((8, 8), (3, 3), (1, 1)), ((7, 8), (2, 4), (1, 1)), ((7, 9), (4, 2), (2, 3)), ((6, 5), (1, 1), (2, 2))],
)
@pytest.mark.parametrize("C", [1, 3])
def test_forward_and_backward_equal_keras(keras, padding, size, extent, strides, C):
    jax = pytest.importorskip("jax")
    images, kernels = random(2, *size, C, dtype=np.float32), random(*extent, C, 4, seed=1, dtype=np.float32)

    def conv(images, kernels):
        return keras.ops.conv(images, kernels, strides, padding, data_format="channels_last")

    expected, vjp = jax.vjp(conv, images, kernels)
    gradient = random(*expected.shape, seed=2, dtype=np.float32)
    maps = convolve(images, kernels, strides=strides, padding=padding)
    d_images, d_kernels, _ = convolve_backward(gradient, images, kernels, strides=strides, padding=padding)
    np.testing.assert_allclose(maps, expected, atol=1e-5)
    for ours, theirs in zip((d_images, d_kernels), vjp(gradient), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=5e-5)


# --- Gradients against central differences ----------------------------------------------------------------


def slopes(function, array, gradient, step=1e-3):
    """How <function(), gradient> changes with each element of ``array``, which function looks at."""
    result = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step
        above = np.vdot(function(), gradient)
        array[place] = value - step
        below = np.vdot(function(), gradient)
        array[place] = value
        result[place] = (above - below) / (2 * step)
    return result


def agree(claimed, measured):
    return claimed.shape == measured.shape and np.allclose(claimed, measured, rtol=1e-7, atol=1e-8)


@given(cases())
def test_backward_equals_central_differences(case):
    images, kernels, bias, strides, padding = case

    def forward():
        return convolve(images, kernels, bias, strides=strides, padding=padding)

    gradient = random(*forward().shape, seed=3)
    claimed = convolve_backward(gradient, images, kernels, strides=strides, padding=padding)
    for ours, array in zip(claimed, (images, kernels, bias), strict=True):
        assert agree(ours, slopes(forward, array, gradient))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: 2 * d,
        lambda d: -d,
        lambda d: d[::-1],
        lambda d: d[:, ::-1],
        lambda d: d.swapaxes(0, 1),
        lambda d: d[:, :, :1] + 0 * d,
        lambda d: d * (np.arange(d.size).reshape(d.shape) > 0),
        lambda d: d + 1e-5,
    ],
)
def test_the_comparison_catches_a_wrong_gradient(spoil):
    images, kernels = random(2, 5, 5, 2), random(3, 3, 2, 2, seed=1)
    gradient = random(2, 5, 5, 2, seed=2)
    _, d_kernels, _ = convolve_backward(gradient, images, kernels, padding="edge")
    measured = slopes(lambda: convolve(images, kernels, padding="edge"), kernels, gradient)
    assert agree(d_kernels, measured)
    assert not agree(spoil(d_kernels), measured)


@pytest.mark.parametrize("padding", ["valid", "edge"])
def test_without_the_images_gradient_the_others_are_the_same(padding):
    images, kernels = random(2, 5, 5, 3), random(2, 2, 3, 4, seed=1)
    gradient = random(*convolve(images, kernels, padding=padding).shape, seed=2)
    with_images = convolve_backward(gradient, images, kernels, padding=padding)
    without = convolve_backward(gradient, images, kernels, padding=padding, images_gradient=False)
    assert without[0] is None
    np.testing.assert_array_equal(without[1], with_images[1])
    np.testing.assert_array_equal(without[2], with_images[2])


# --- Forms of the arguments -------------------------------------------------------------------------------

IMAGE = random(5, 6)
COLOUR = random(5, 6, 3)
KERNELS = random(2, 3, 3, 4, seed=1)  # (R, S, C, K)


@pytest.mark.parametrize(
    ("images", "kernels", "shape"),
    [
        (IMAGE, KERNELS[:, :, 0, 0], (4, 4, 1)),
        (IMAGE, KERNELS[:, :, :1, 0], (4, 4, 1)),
        (IMAGE, KERNELS[:, :, :1], (4, 4, 4)),
        (IMAGE, [KERNELS[:, :, 0, 0], KERNELS[:, :, 0, 1]], (4, 4, 2)),
        (IMAGE, KERNELS[:, :, 0, 0].tolist(), (4, 4, 1)),
        (IMAGE, tuple(map(tuple, KERNELS[:, :, 0, 0])), (4, 4, 1)),
        (IMAGE[:, :, None], KERNELS[:, :, 0, 0], (4, 4, 1)),
        (COLOUR, KERNELS[..., 0], (4, 4, 1)),
        (COLOUR, KERNELS, (4, 4, 4)),
        (COLOUR, list(np.moveaxis(KERNELS, -1, 0)), (4, 4, 4)),
        (COLOUR[None], KERNELS, (1, 4, 4, 4)),
        (COLOUR[None], tuple(np.moveaxis(KERNELS, -1, 0)), (1, 4, 4, 4)),
        (IMAGE[None, :, :, None], [KERNELS[:, :, 0, 0]], (1, 4, 4, 1)),
    ],
)
def test_every_form_of_images_and_kernels(images, kernels, shape):
    maps = convolve(images, kernels)
    assert maps.shape == shape
    as_batch = images.reshape((-1, 5, 6, 3 if images.ndim > 2 and images.shape[-1] == 3 else 1))
    is_list = isinstance(kernels, (list, tuple)) and np.ndim(kernels) > 2
    bank = np.moveaxis(np.array(kernels), 0, -1) if is_list else np.array(kernels)
    bank = bank.reshape(2, 3, as_batch.shape[-1], shape[-1])
    expected = convolve_by_loops(as_batch, bank, np.zeros(shape[-1]), (1, 1), "valid")
    np.testing.assert_allclose(maps, expected.reshape(shape), atol=1e-12)

    gradient = random(*expected.shape, seed=2)
    d_images, d_kernels, d_bias = convolve_backward(gradient.reshape(shape), images, kernels)
    d_batch, d_bank, _ = convolve_backward(gradient, as_batch, bank)
    np.testing.assert_array_equal(d_images, d_batch.reshape(images.shape))
    assert isinstance(d_kernels, list) == is_list
    d_given = np.stack(d_kernels, axis=-1) if is_list else d_kernels
    assert np.shape(d_kernels) == np.shape(kernels)
    np.testing.assert_array_equal(d_given.reshape(d_bank.shape), d_bank)
    assert d_bias.shape == shape[-1:]


def test_a_batch_of_no_images():
    images, kernels = np.ones((0, 5, 6, 3)), KERNELS
    assert convolve(images, kernels, padding="edge").shape == (0, 5, 6, 4)
    d_images, d_kernels, d_bias = convolve_backward(np.ones((0, 4, 4, 4)), images, kernels)
    assert d_images.shape == images.shape
    np.testing.assert_array_equal(d_kernels, np.zeros(kernels.shape))
    np.testing.assert_array_equal(d_bias, np.zeros(4))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.uint8, np.float32),
        (np.int64, np.float32),
        (bool, np.float32),
        (np.float16, np.float32),
    ],
)
def test_the_dtype_of_the_images_is_kept(given, kept):
    images = np.ones((2, 5, 5, 2), given)
    for kernels in (np.ones((3, 3, 2, 4)), np.ones((3, 3, 2, 4), np.float32), np.ones((3, 3, 2, 4), int)):
        maps = convolve(images, kernels, np.ones(4))
        assert maps.dtype == kept
        for gradient in convolve_backward(maps.astype(np.float64), images, kernels):
            assert gradient.dtype == kept


def test_the_arguments_are_not_changed():
    for C, padding in product((1, 2), ("valid", "same", "edge")):
        images, kernels, bias = random(2, 5, 5, C), random(3, 3, C, 4, seed=1), random(4, seed=2)
        gradient = random(*convolve(images, kernels, padding=padding).shape, seed=3)
        arguments = (images, kernels, bias, gradient)
        kept = [array.copy() for array in arguments]
        for array in arguments:
            array.flags.writeable = False
        convolve(images, kernels, bias, padding=padding)
        convolve_backward(gradient, images, kernels, padding=padding)
        for array, copy in zip(arguments, kept, strict=True):
            np.testing.assert_array_equal(array, copy)


def test_what_comes_out_shares_no_memory_with_what_went_in():
    images, kernels = random(1, 4, 4, 1), np.ones((1, 1, 1, 1))
    maps = convolve(images, kernels)
    assert not np.shares_memory(maps, images)
    assert not any(
        np.shares_memory(d, array)
        for d in convolve_backward(maps, images, kernels)
        for array in (images, kernels, maps)
    )


@pytest.mark.parametrize("C", [1, 3])
def test_arrays_of_any_layout(C):
    wide, kernels = random(4, 12, 5, 2 * C), random(2, 3, C, 4, seed=1)
    for images in (wide[::2, ::2, ::-1, ::2], np.asfortranarray(wide[..., :C]), wide[..., :C].swapaxes(1, 2)):
        kernel_view = np.asfortranarray(kernels[::-1])
        maps = convolve(images, kernel_view, padding="same")
        np.testing.assert_allclose(maps, convolve(images.copy(), kernel_view.copy(), padding="same"))
        gradient = np.asfortranarray(maps)[:, :, ::-1]
        views = convolve_backward(gradient, images, kernel_view, padding="same")
        copies = convolve_backward(gradient.copy(), images.copy(), kernel_view.copy(), padding="same")
        for ours, expected in zip(views, copies, strict=True):
            np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_nan_and_infinity_come_out_where_a_kernel_sees_them():
    image = np.zeros((5, 5))
    image[0, 0] = np.nan
    maps = convolve(image, np.ones((2, 2)))[:, :, 0]
    assert np.isnan(maps[0, 0])
    assert np.isnan(maps).sum() == 1


# --- Bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("images", "kernels", "error", "message"),
    [
        (
            np.ones((3, 8)),
            np.ones((4, 2)),
            ShapeError,
            "a kernel or window must fit into the padded image: take a smaller one, or padding='same'. "
            "Received: a window of 4×2 for 3×8 pixels, padding='valid'",
        ),
        (
            np.ones((16, 8, 8)),
            np.ones((3, 3, 1, 4)),
            ShapeError,
            "images and kernels must have equally many channels C. (A batch of grey images is (N, H, W, 1); "
            "several kernels for grey images are (R, S, 1, K), or a list of kernels (R, S).) "
            "Received: images (N, H, W, C)=(1, 16, 8, 8), kernels (R, S, C, K)=(3, 3, 1, 4)",
        ),
        (
            np.ones(5),
            np.ones((3, 3)),
            ShapeError,
            "images must be (H, W), (H, W, C) or (N, H, W, C). Received: images.shape=(5,)",
        ),
        (
            np.ones((1, 1, 8, 8, 1)),
            np.ones((3, 3)),
            ShapeError,
            "images must be (H, W), (H, W, C) or (N, H, W, C). Received: images.shape=(1, 1, 8, 8, 1)",
        ),
        (
            np.ones((2, 0, 8, 1)),
            np.ones((3, 3)),
            ShapeError,
            "images must have pixels and channels. Received: images.shape=(2, 0, 8, 1)",
        ),
        (
            np.ones((8, 8)),
            np.ones(3),
            ShapeError,
            "kernels must be (R, S), (R, S, C) or (R, S, C, K), or a list of kernels (R, S) or (R, S, C). "
            "Received: kernels.shape=(3,)",
        ),
        (
            np.ones((8, 8)),
            [1, 0, -1],
            ShapeError,
            "kernels must be (R, S), (R, S, C) or (R, S, C, K), or a list of kernels (R, S) or (R, S, C). "
            "Received: kernels.shape=(3,)",
        ),
        (
            np.ones((8, 8)),
            np.ones((3, 3, 1, 0)),
            ShapeError,
            "kernels must hold at least one weight. Received: kernels (R, S, C, K)=(3, 3, 1, 0)",
        ),
        (np.ones((8, 8)), [], ShapeError, "kernels must hold at least one kernel. Received: kernels=[]"),
        (
            np.ones((8, 8)),
            [np.ones((3, 3)), np.ones((5, 5))],
            ShapeError,
            "the kernels of a list must have one shape, (R, S) or (R, S, C). "
            "Received: kernels of shapes [(3, 3), (5, 5)]",
        ),
        (
            np.ones((8, 8)),
            [np.ones((3, 3, 1, 2))],
            ShapeError,
            "the kernels of a list must have one shape, (R, S) or (R, S, C). "
            "Received: kernels of shapes [(3, 3, 1, 2)]",
        ),
        (
            np.ones((8, 8)),
            [np.ones((3, 3)), [[1, 2], [3]]],
            ShapeError,
            "kernels[1] must be one array. Received: kernels[1] with rows of unequal length",
        ),
        (
            np.full((8, 8), "1"),
            np.ones((3, 3)),
            ArgumentError,
            "images must be an array of real numbers. Received: images.dtype=<U1",
        ),
        (
            np.full((8, 8), 1, object),
            np.ones((3, 3)),
            ArgumentError,
            "images must be an array of real numbers. Received: images.dtype=object",
        ),
        (
            np.ones((8, 8)),
            [np.ones((3, 3)), np.full((3, 3), None)],
            ArgumentError,
            "kernels[1] must be an array of real numbers. Received: kernels[1].dtype=object",
        ),
        (
            np.ones((8, 8)),
            np.ones((3, 3), complex),
            ArgumentError,
            "kernels must be an array of real numbers. Received: kernels.dtype=complex128",
        ),
    ],
)
def test_images_and_kernels_that_cannot_be_used(images, kernels, error, message):
    for call in (lambda: convolve(images, kernels), lambda: convolve_backward(0, images, kernels)):
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value) == message


@pytest.mark.parametrize("strides", [0, -1, (1, 0), 1.5])
def test_strides_that_cannot_be_used(strides):
    with pytest.raises(ArgumentError) as caught:
        convolve(IMAGE, LEFT_TO_RIGHT, strides=strides)
    assert str(caught.value) == (
        "strides must be one whole number or two (vertical, horizontal), each at least 1. "
        f"Received: strides={strides}"
    )


def test_an_unknown_padding_is_offered_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        convolve(IMAGE, LEFT_TO_RIGHT, padding="edges")
    assert str(caught.value) == (
        "padding must be 'valid', 'same', 'edge' or numbers. Received: padding='edges': did you mean 'edge'?"
    )


@pytest.mark.parametrize("bias", [1.0, np.ones(3), np.ones((1, 2))])
def test_a_bias_without_one_number_per_kernel(bias):
    with pytest.raises(ShapeError) as caught:
        convolve(IMAGE, [LEFT_TO_RIGHT, TOP_TO_BOTTOM], bias)
    assert str(caught.value) == (
        f"bias must have one number per kernel, shape (2,). Received: bias.shape={np.shape(bias)}"
    )


def test_a_gradient_without_the_shape_of_the_maps():
    with pytest.raises(ShapeError) as caught:
        convolve_backward(np.ones((5, 6)), IMAGE, LEFT_TO_RIGHT)
    assert str(caught.value) == (
        "gradient must have the shape of the output, (3, 4, 1). Received: gradient.shape=(5, 6)"
    )
