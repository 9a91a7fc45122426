import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from sklearn.datasets import load_digits

from pellucid.datasets import describe, load, read_image
from pellucid.errors import DatasetError
from pellucid.reading.digit_form import bring_into_form, has_form
from pellucid.reading.ink import Ink, find_ink

MNIST_FORM, DIGITS_FORM = describe("mnist").digit_form, describe("digits").digit_form
DRAWINGS = Path(__file__).parents[1] / "cli" / "drawings"


@pytest.fixture(scope="module")
def maker():
    import sys

    spec = importlib.util.spec_from_file_location("make_drawings", DRAWINGS / "make_drawings.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_drawings"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["make_drawings"]


FILES = sorted(path.name for path in DRAWINGS.iterdir() if path.suffix in (".png", ".jpg"))


def ink(*strokes, shape=(100, 80)):
    """Return ink in these rectangles."""
    strength = np.zeros(shape)
    for rows, columns in strokes:
        strength[rows, columns] = 1
    return Ink(strength, light=False, left_out=0.0)


def test_there_are_at_least_four_drawings_of_each_digit():
    assert all(sum(name.startswith(f"{digit}-") for name in FILES) >= 4 for digit in range(10))


def test_the_drawings_are_what_their_script_draws(maker):
    assert sorted(drawing.file for drawing in maker.DRAWINGS) == FILES
    for drawing in maker.DRAWINGS:
        kept = read_image(DRAWINGS / drawing.file, grey=False).astype(int)
        off = np.abs(kept - maker.draw(drawing).astype(int))
        assert off.mean() < (0.5 if drawing.file.endswith("png") else 6), drawing.file


@pytest.mark.parametrize("name", FILES)
def test_each_drawing_is_brought_into_the_form_of_mnist(maker, name):
    drawing = next(one for one in maker.DRAWINGS if one.file == name)
    found = find_ink(read_image(DRAWINGS / name))
    assert found.light == (sum(drawing.ink) > sum(drawing.paper))  # polarity
    image, steps = bring_into_form(found, MNIST_FORM)
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255
    assert (np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]) == 0).mean() > 0.9  # dark ground
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    extent = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert max(extent) in (19, 20)
    assert np.abs(np.array(ndimage.center_of_mass(image)) - 14).max() <= 1
    assert 0.02 < (image > 127).mean() < 0.3  # strokes, not a blot
    assert steps[0] == ("light on dark already" if found.light else "inverted (dark on light)")
    assert steps[-2:] == ["fitted to 20×20", "centred by mass in 28×28"]


@pytest.mark.parametrize("name", FILES)
def test_each_drawing_is_brought_into_the_form_of_scikit_learns_digits(name):
    image, steps = bring_into_form(find_ink(read_image(DRAWINGS / name)), DIGITS_FORM)
    assert image.shape == (8, 8)
    assert image.max() == 255
    assert max(image.any(axis=0).sum(), image.any(axis=1).sum()) == 8
    assert "slant taken out" in steps


def test_proportions_are_kept():
    image, _ = bring_into_form(ink((slice(10, 90), slice(20, 60))), MNIST_FORM)  # 80 x 40
    assert (image.any(axis=1).sum(), image.any(axis=0).sum()) == (20, 10)
    image, _ = bring_into_form(ink((slice(40, 60), slice(0, 80))), MNIST_FORM)  # 20 x 80
    assert (image.any(axis=1).sum(), image.any(axis=0).sum()) == (5, 20)


def test_the_edges_are_grey():
    slanted = np.tri(200, 200) - np.tri(200, 200, -20)
    image, _ = bring_into_form(Ink(slanted, light=True, left_out=0.0), MNIST_FORM)
    assert ((image > 20) & (image < 235)).sum() > 20


def test_the_centre_is_that_of_mass_and_not_of_extent():
    heavy_top = ink((slice(10, 25), slice(25, 55)), (slice(25, 90), slice(36, 42)))
    image, _ = bring_into_form(heavy_top, MNIST_FORM)
    rows = np.flatnonzero(image.any(axis=1))
    assert abs(ndimage.center_of_mass(image)[0] - 14) <= 0.5
    assert rows[0] > 6  # pushed down: the extent's own middle would give 4
    image, _ = bring_into_form(heavy_top, DIGITS_FORM)
    assert np.flatnonzero(image.any(axis=1))[[0, -1]].tolist() == [0, 7]


def test_thin_strokes_are_widened_and_it_is_said():
    thin, steps = bring_into_form(ink((slice(10, 90), slice(40, 41))), MNIST_FORM)
    assert "thin strokes widened" in steps
    assert (thin > 127).any(axis=0).sum() == 2
    _, steps = bring_into_form(ink((slice(10, 90), slice(36, 44))), MNIST_FORM)
    assert "thin strokes widened" not in steps


def test_slant_is_taken_out_of_scikit_learns_digits_only():
    slanted = np.zeros((100, 100))
    for row in range(80):
        slanted[90 - row, 20 + row // 2 : 32 + row // 2] = 1
    given = Ink(slanted, light=False, left_out=0.0)
    assert bring_into_form(given, DIGITS_FORM)[0].any(axis=0).sum() <= 3
    assert bring_into_form(given, MNIST_FORM)[0].any(axis=0).sum() > 10


def test_a_point_has_a_form_too():
    image, _ = bring_into_form(ink((slice(50, 51), slice(40, 41))), MNIST_FORM)
    assert image[14, 14] == 255


@pytest.mark.parametrize("row", range(0, 1797, 40))
def test_scikit_learns_own_digits_have_their_form(row):
    image = np.rint(load_digits().images[row] * 255 / 16).astype(np.uint8)
    assert has_form(image, DIGITS_FORM)
    assert not has_form(255 - image, DIGITS_FORM)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((28, 28), np.uint8),
        np.full((28, 28), 255, np.uint8),
        np.pad(np.full((24, 4), 255, np.uint8), ((2, 2), (12, 12))),  # 24 high
        np.pad(np.full((20, 4), 255, np.uint8), ((8, 0), (12, 12))),  # off the centre
        np.pad(np.full((20, 4), 255, np.uint8), ((5, 5), (13, 13))),  # 30 x 30
    ],
)
def test_what_does_not_have_mnists_form(image):
    assert not has_form(image, MNIST_FORM)


@pytest.mark.data
def test_mnists_own_digits_have_their_form_and_keep_it():
    try:
        images = load("mnist").x_test[:2000]
    except DatasetError as error:
        pytest.skip(str(error))
    assert all(has_form(image[..., 0], MNIST_FORM) for image in images)
    off = []
    for image in images[:100]:
        large = np.kron(255 - image, np.ones((5, 5, 1), np.uint8))  # dark on light, 140 x 140
        again, _ = bring_into_form(find_ink(large), MNIST_FORM)
        off.append(np.abs(again.astype(int) - image[..., 0]).mean())
    assert np.mean(off) < 8  # of 255
