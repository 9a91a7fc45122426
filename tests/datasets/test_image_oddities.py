"""Files that can be read, but whose values use little of their range or whose drawing is hidden."""

import tracemalloc
import warnings

import numpy as np
import pytest
from PIL import Image

from pellucid.core import old_spellings
from pellucid.datasets import image_folder, read_image
from pellucid.datasets.image_oddities import oddities
from pellucid.errors import DataError, PellucidNote

RANDOM = np.random.default_rng(0)


def notes(path):
    """Return the notes that reading the file gives, without its name."""
    old_spellings.explained.clear()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        read_image(path)
    assert all(issubclass(one.category, PellucidNote) for one in found)
    assert all(str(path) in str(one.message) for one in found)
    return [str(one.message).removeprefix(f"{path}: ") for one in found]


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize(("bits", "factor"), [(8, "257"), (10, "64.0616"), (12, "16.0037"), (14, "4.00018")])
def test_few_of_sixteen_bits(tmp_path, bits, factor, suffix):
    values = RANDOM.integers(0, 2**bits, (20, 20)).astype(np.uint16)
    values[0, 0] = 2**bits - 1
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(values).save(path)
    assert notes(path) == [
        f"its 16-bit values use a small part of their range, {values.min():,} to {values.max():,} of 65,535: "
        f"it comes out nearly black. If they were measured with {bits} bits, save them multiplied by "
        f"{factor}, or in 8 bits."
    ]


def test_sixteen_bits_near_one_value(tmp_path):
    values = 32768 + RANDOM.integers(0, 500, (20, 20))
    Image.fromarray(values.astype(np.uint16)).save(tmp_path / "a.png")
    (note,) = notes(tmp_path / "a.png")
    assert "it is nearly one flat tone. Scale them to 0 to 65,535 first." in note


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.integers(0, 65536, (20, 20)).astype(np.uint16),
        RANDOM.integers(0, 20_000, (20, 20)).astype(np.uint16),
        RANDOM.integers(0, 256, (20, 20)).astype(np.uint8),
        RANDOM.integers(0, 2, (20, 20)).astype(bool),
        np.full((20, 20), 3, np.uint8),
        np.full((20, 20), 300, np.uint16),
        np.zeros((20, 20, 4), np.uint8),
    ],
)
def test_images_that_are_not_odd(tmp_path, values):
    Image.fromarray(values).save(tmp_path / "a.png")
    assert notes(tmp_path / "a.png") == []


@pytest.mark.parametrize("highest", [1, 9, 15])
@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_numbers_of_classes_saved_as_an_image(tmp_path, highest, mode):
    values = RANDOM.integers(0, highest + 1, (20, 20)).astype(np.uint8)
    values[0, :2] = 0, highest
    image = Image.fromarray(values)
    if mode == "P":
        image = image.convert("P")
        image.putpalette([tone for tone in range(256) for _ in range(3)])
    Image.Image.save(image if mode != "RGB" else image.convert("RGB"), tmp_path / "a.png")
    assert notes(tmp_path / "a.png") == [
        f"its values use a small part of their range, 0 to {highest} of 255: it is nearly one flat tone. "
        "If they are numbers of classes or other measurements, scale them to 0 to 255 first."
    ]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_drawing_in_the_transparency(tmp_path, mode):
    pixels = np.full((20, 20, 4), 255, np.uint8)
    pixels[..., 3] = 0
    pixels[5:15, 8:11, 3] = 255  # white on transparent
    Image.fromarray(pixels).convert(mode).save(tmp_path / "a.png")
    assert notes(tmp_path / "a.png") == [
        "its drawing lies in the transparency: on white, which transparent areas become, nothing of it is "
        "seen. Save it on a ground of another tone."
    ]
    pixels[..., :3] = 0  # black on transparent: it is seen
    Image.fromarray(pixels).convert(mode).save(tmp_path / "b.png")
    assert notes(tmp_path / "b.png") == []


def test_floating_point_is_refused(tmp_path):
    Image.fromarray(RANDOM.random((8, 8)).astype(np.float32)).save(tmp_path / "a.tif")
    with pytest.raises(
        DataError, match="it is not agreed which of its 32-bit or floating-point values is white"
    ):
        read_image(tmp_path / "a.tif")


def test_a_folder_gives_one_note(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        for number in range(3):
            values = RANDOM.integers(0, 256, (8, 8)).astype(np.uint16)
            Image.fromarray(values).save(tmp_path / name / f"{number}.png")
    with pytest.warns(PellucidNote) as found:
        image_folder(tmp_path, size=(8, 8))
    (note,) = found
    assert str(note.message).startswith(f"{tmp_path / 'a' / '0.png'}: its 16-bit values use a small part")
    assert str(note.message).endswith(" Likewise 5 other images.")


def test_a_large_image_is_not_copied_to_look_at_its_values():
    image = Image.new("L", (4000, 4000), 7)
    tracemalloc.start()
    try:
        assert oddities(image, image, "L") == []
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
