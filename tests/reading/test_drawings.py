"""How many drawings a picture holds, on drawn strokes and on scikit-learn's digits."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from pellucid.reading.drawings import count_drawings
from pellucid.reading.ink import drawings_in, find_ink

DIGITS = load_digits().images


def picture(*digits, gap=20, across=True):
    """Return the digits dark on light, enlarged to 80 pixels, side by side or one above the other."""
    cells = [np.asarray(Image.fromarray(one.astype(np.float32)).resize((80, 80))) for one in digits]
    cells = [np.pad(cell, gap) for cell in cells]
    joined = np.concatenate(cells, axis=1 if across else 0)
    return (250 - 14 * joined).astype(np.uint8)[..., np.newaxis]


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_drawings_of_like_size_are_told_from_one(count, across):
    for first in range(0, 30, 3):
        found = find_ink(picture(*DIGITS[first : first + count], across=across))
        assert (found.drawings > 1) == (count > 1)


def test_a_smaller_drawing_counts_and_a_speck_does_not():
    strokes = np.zeros((100, 100), bool)
    strokes[20:80, 20:26] = True
    assert drawings_in(strokes) == 1
    strokes[20:50, 60:66] = True  # half as high
    assert drawings_in(strokes) == 2
    strokes[20:50, 60:66] = False
    strokes[20:24, 60:64] = True
    assert drawings_in(strokes) == 1


def test_two_digits_that_nearly_touch():
    strokes = np.zeros((60, 60), bool)
    strokes[10:50, 20:24] = strokes[10:50, 27:31] = True
    assert count_drawings(strokes, strokes) == 2
    strokes[28:32, 20:31] = True  # joined, as in an H
    assert count_drawings(strokes, strokes) == 1


def test_two_joined_digits_are_wider_than_one():
    strokes = np.zeros((60, 120), bool)
    strokes[20:40, 10:14] = strokes[20:40, 56:60] = True
    strokes[38:40, 10:60] = True
    assert count_drawings(strokes, strokes) == 2


def test_printed_lines_and_a_frame_are_no_drawings():
    strokes = np.zeros((100, 100), bool)
    strokes[30:70, 48:52] = True
    strokes[::25, :] = True
    strokes[30:70, 48:52] = True
    assert count_drawings(strokes, strokes & (np.abs(np.arange(100) - 50) < 4)) == 1
    strokes[:, 3] = True  # a margin
    assert count_drawings(strokes, strokes & (np.abs(np.arange(100) - 50) < 4)) == 1


def test_no_digit_of_the_data_is_taken_for_two():
    assert all(drawings_in(image >= 100 / 255 * 16) == 1 for image in DIGITS[:600])
