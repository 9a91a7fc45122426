import io
import zipfile

import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.runs import pictures
from pellucid.runs.pictures import pictures_from_bytes, pictures_to_bytes, to_uint8


def whole():
    generator = np.random.default_rng(0)
    return {
        "first_images": generator.integers(0, 256, (10, 8, 8, 1), np.uint8),
        "first_labels": np.arange(10),
        "mistakes": generator.integers(0, 256, (3, 8, 8), np.uint8),
        "mistake_index": np.array([5, 1, 9]),
        "kernels": generator.normal(size=(3, 3, 1, 5)).astype(np.float32),
        "maps": generator.normal(size=(6, 6, 5)).astype(np.float32),
    }


def npz(**members):
    """Return an .npz file of members that are arrays or bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            data = io.BytesIO()
            if isinstance(content, bytes):
                data.write(content)
            else:
                np.lib.format.write_array(data, content)
            archive.writestr(name + ".npy", data.getvalue())
    return file.getvalue()


def test_pictures_come_back_as_they_were():
    read = pictures_from_bytes(pictures_to_bytes(whole()))
    assert set(read) == set(whole())
    for name, array in whole().items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype


def test_numpy_alone_reads_the_file():
    with np.load(io.BytesIO(pictures_to_bytes(whole())), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["kernels"], whole()["kernels"])


@pytest.mark.parametrize(
    ("images", "white", "expected"),
    [
        ([0.0, 0.5, 1.0], None, [0, 128, 255]),
        ([0.0, 8.0, 16.0], None, [0, 128, 255]),
        (np.uint8([0, 7, 255]), None, [0, 7, 255]),
        (np.uint8([0, 8, 16]), 16, [0, 128, 255]),
        (np.uint8([0, 8, 16]), 255, [0, 8, 16]),
        ([0, 1, 2], 2, [0, 128, 255]),
        ([-1.0, np.nan, np.inf], None, [0, 0, 0]),
        ([], None, []),
    ],
)
def test_images_of_any_scale_become_uint8(images, white, expected):
    given = np.array(images)
    before = given.copy()
    result = to_uint8(given, white)
    assert result.dtype == np.uint8
    assert result.tolist() == expected
    np.testing.assert_array_equal(given, before)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"first_images": np.zeros((8, 8))}, r"first_images must be uint8 \(n, H, W\) or \(n, H, W, C\)"),
        ({"kernels": np.zeros((3, 3, 5))}, r"kernels must be float32 \(R, S, C, K\), but is .* \(3, 3, 5\)"),
        ({"first_labels": np.arange(9)}, r"first_images of shape \(10, .* and first_labels of shape \(9,\)"),
        ({"maps": np.zeros((6, 6, 4))}, r"kernels of shape .* and maps of shape \(6, 6, 4\)"),
    ],
)
def test_writing_refuses_arrays_that_do_not_fit(change, fault):
    with pytest.raises(ShapeError, match=fault):
        pictures_to_bytes(whole() | change)


def test_what_a_later_release_adds_is_ignored():
    data = npz(first_labels=np.arange(3), hologram=np.arange(5))
    assert list(pictures_from_bytes(data)) == ["first_labels"]


def test_every_truncation_is_found_out():
    data = pictures_to_bytes(whole())
    for length in range(0, len(data), 97):
        with pytest.raises(ValueError, match="not a whole"):
            pictures_from_bytes(data[:length])


def test_a_flipped_byte_inside_an_array_is_found_out():
    data = bytearray(pictures_to_bytes(whole()))
    data[300] ^= 1
    with pytest.raises(ValueError, match=r"not a whole \.npz file \(Bad CRC-32"):
        pictures_from_bytes(bytes(data))


def test_objects_are_never_loaded():
    file = io.BytesIO()
    np.savez(file, first_labels=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="holds Python objects, which are never loaded"):
        pictures_from_bytes(file.getvalue())


def test_an_array_that_declares_more_than_it_holds_is_refused_before_memory_is_taken():
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (2**40, 8, 8)}
    )
    with pytest.raises(ValueError, match=r"declares an array of shape .* which is not what it holds"):
        pictures_from_bytes(npz(first_images=header.getvalue() + b"\0" * 64))


def test_a_file_that_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST", 100)
    with pytest.raises(ValueError, match="unpacks to more than 0 MiB"):
        pictures_from_bytes(pictures_to_bytes(whole()))


@pytest.mark.parametrize(
    ("member", "fault"),
    [
        (b"not an array", "magic string is not correct"),
        (np.lib.format.magic(2, 0) + b"\0" * 20, r"array of \.npy version \(2, 0\)"),
        (np.zeros((2, 2)), "holds arrays that do not fit: first_labels must be int64"),
    ],
)
def test_other_arrays_are_refused(member, fault):
    with pytest.raises(ValueError, match=fault):
        pictures_from_bytes(npz(first_labels=member))
