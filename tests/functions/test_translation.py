import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.functions import translate, translate_backward
from pellucid.functions.translation import FILL_MODES

MODES = st.sampled_from(FILL_MODES)
SHAPES = st.tuples(st.integers(0, 3), st.integers(1, 5), st.integers(1, 4), st.integers(1, 2))
DISTANCES = st.one_of(st.integers(-12, 12), st.floats(-12, 12))


def draw(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def pixel(image, i, j, fill_mode, fill_value):
    """The pixel at any whole place, inside the image (H, W) or not."""
    places = []
    for asked, size in ((i, image.shape[0]), (j, image.shape[1])):
        place = asked
        if fill_mode == "constant" and not 0 <= place < size:
            return fill_value
        while fill_mode == "reflect" and not 0 <= place < size:
            place = -1 - place if place < 0 else 2 * size - 1 - place
        while fill_mode == "wrap" and not 0 <= place < size:
            place += size if place < 0 else -size
        places.append(min(max(place, 0), size - 1))
    return image[tuple(places)]


def translate_by_loops(images, down, right, fill_mode, fill_value=0.0):
    outputs = np.empty_like(images)
    for n, i, j, c in np.ndindex(images.shape):
        y, x = i - down[n], j - right[n]
        top, left = math.floor(y), math.floor(x)
        outputs[n, i, j, c] = sum(
            weight_y * weight_x * pixel(images[n, :, :, c], row, column, fill_mode, fill_value)
            for row, weight_y in ((top, 1 - (y - top)), (top + 1, y - top))
            for column, weight_x in ((left, 1 - (x - left)), (left + 1, x - left))
        )
    return outputs


@pytest.mark.parametrize(
    ("fill_mode", "expected"),
    [
        ("reflect", "cbaabcddcb"),
        ("nearest", "aaaabcdddd"),
        ("wrap", "bcdabcdabc"),
        ("constant", "kkkabcdkkk"),
    ],
)
def test_by_hand_what_comes_in_from_outside(fill_mode, expected):
    letters = {letter: float(ord(letter)) for letter in "abcdk"}
    row = np.array([letters[letter] for letter in "abcd"])

    def seen(distance):
        moved = translate(
            row.reshape(1, 1, 4, 1), [0], [distance], fill_mode=fill_mode, fill_value=letters["k"]
        )
        return "".join(chr(int(value)) for value in moved.ravel())

    assert seen(3) + seen(-3) == expected[:4] + expected[-4:]
    assert seen(0) == "abcd"


def test_by_hand_down_and_right_are_positive():
    image = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    moved = translate(image, [1], [-1], fill_mode="constant", fill_value=-1)
    assert moved[0, :, :, 0].tolist() == [[-1, -1, -1], [2, 3, -1], [5, 6, -1]]


def test_by_hand_half_a_pixel_is_a_mean():
    image = np.array([[1.0, 3.0], [5.0, 11.0]]).reshape(1, 2, 2, 1)
    moved = translate(image, [-0.5], [-0.5], fill_mode="nearest")
    assert moved[0, :, :, 0].tolist() == [[5.0, 7.0], [8.0, 11.0]]


@given(SHAPES, MODES, st.data())
def test_equals_loops(shape, fill_mode, data):
    distances = st.lists(DISTANCES, min_size=shape[0], max_size=shape[0])
    down, right = data.draw(distances), data.draw(distances)
    images = draw(shape)
    expected = translate_by_loops(images, down, right, fill_mode, 0.75)
    got = translate(images, down, right, fill_mode=fill_mode, fill_value=0.75)
    np.testing.assert_allclose(got, expected, atol=1e-10)


@given(SHAPES, MODES, st.data())
def test_the_backward_is_the_adjoint(shape, fill_mode, data):
    distances = st.lists(DISTANCES, min_size=shape[0], max_size=shape[0])
    down, right = data.draw(distances), data.draw(distances)
    images, gradient = draw(shape), draw(shape, 1)
    moved = translate(images, down, right, fill_mode=fill_mode)
    back = translate_backward(gradient, down, right, fill_mode=fill_mode)
    assert (moved * gradient).sum() == pytest.approx((images * back).sum(), abs=1e-9)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("whole", [True, False])
def test_equals_keras(keras, fill_mode, whole):
    images = draw((6, 7, 5, 2)).astype(np.float32)
    down, right = draw(6, 1) * 3, draw(6, 2) * 3
    if whole:
        down, right = np.rint(down), np.rint(right)
    zeros, ones = np.zeros(6), np.ones(6)
    matrices = np.stack([ones, zeros, -right, zeros, ones, -down, zeros, zeros], axis=1).astype(np.float32)
    expected = keras.ops.image.affine_transform(
        images, matrices, "nearest" if whole else "bilinear", fill_mode, 0.5, data_format="channels_last"
    )
    got = translate(images, down, right, fill_mode=fill_mode, fill_value=0.5)
    np.testing.assert_allclose(got, np.asarray(expected), atol=1e-5)


def test_whole_distances_copy_pixels_as_they_are():
    image = np.array([np.inf, -0.0, np.nan, 1e-45], np.float32).reshape(1, 2, 2, 1)
    assert translate(image, [1], [1], fill_mode="wrap").ravel()[::-1].tobytes() == image.tobytes()


def test_far_away_is_all_filling():
    image = draw((1, 3, 3, 1))
    assert (translate(image, [1e300], [0], fill_mode="constant", fill_value=7) == 7).all()
    assert (translate(image, [-1e300], [0], fill_mode="nearest") == image[:, -1:]).all()


@pytest.mark.parametrize(
    ("error", "call", "told"),
    [
        (ShapeError, lambda: translate(np.zeros((3, 3)), [0], [0]), r"images must be a batch \(N, H, W, C\)"),
        (
            ShapeError,
            lambda: translate(np.zeros((1, 0, 3, 1)), [0], [0]),
            r"Received: images.shape=\(1, 0, 3, 1\)",
        ),
        (
            ShapeError,
            lambda: translate(np.zeros((2, 3, 3, 1)), [0], [0, 0]),
            r"down must be one distance for each image, \(2,\). Received: down\.shape=\(1,\)$",
        ),
        (
            ArgumentError,
            lambda: translate(np.zeros((1, 3, 3, 1)), [0], [np.nan]),
            r"right must be finite distances. Received: right=\[nan\]",
        ),
        (
            UnknownNameError,
            lambda: translate(np.zeros((1, 3, 3, 1)), [0], [0], fill_mode="reflekt"),
            r"Received: fill_mode='reflekt': did you mean 'reflect'\?",
        ),
        (
            ShapeError,
            lambda: translate_backward(np.zeros((3, 3)), [0], [0]),
            r"gradient must be a batch \(N, H, W, C\)",
        ),
    ],
)
def test_what_cannot_be_moved(error, call, told):
    with pytest.raises(error, match=told):
        call()
