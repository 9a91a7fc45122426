from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from idx_files import idx_bytes

from pellucid.datasets import describe, idx, load
from pellucid.datasets.fetching.downloads import Download
from pellucid.errors import DatasetError


def as_array(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


def test_bytes_of_any_rank() -> None:
    content = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3]) + bytes([1, 2, 3, 4, 5, 6])
    parsed = idx.parse(as_array(content), "images")
    assert parsed.dtype == np.uint8
    np.testing.assert_array_equal(parsed, [[[1, 2, 3]], [[4, 5, 6]]])


def test_whole_numbers_are_big_endian() -> None:
    content = bytes([0, 0, 12, 1, 0, 0, 0, 2]) + bytes([0, 0, 1, 2, 255, 255, 255, 254])
    np.testing.assert_array_equal(idx.parse(as_array(content), "writers"), [258, -2])


def test_an_empty_array() -> None:
    assert idx.parse(as_array(bytes([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 5])), "none").shape == (0, 5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "images is not an idx file of uint8 or int32. Received: start=b''"),
        (b"<html>", "images is not an idx file of uint8 or int32. Received: start=b'<htm'"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 0]), "images is not an idx file of uint8 or int32"),
        (
            bytes([0, 0, 8, 3, 0, 0]),
            "images is damaged: it ends inside its header of 16 bytes. Received: size=6",
        ),
        (
            bytes([0, 0, 8, 1, 0, 0, 0, 3, 1, 2]),
            r"images is damaged: an idx file of shape \(3,\) has 11 bytes. Received: size=10",
        ),
        (
            bytes([0, 0, 8, 1, 0, 0, 0, 1, 1, 2]),
            r"images is damaged: an idx file of shape \(1,\) has 9 bytes. Received: size=10",
        ),
        (
            bytes([0, 0, 8, 3]) + b"\xff" * 12 + b"x",
            r"of shape \(4294967295, 4294967295, 4294967295\) has \d{29} bytes. Received: size=17",
        ),
    ],
)
def test_other_bytes_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        idx.parse(as_array(content), "images")


@pytest.mark.parametrize(
    "extents", [(2, 0x92000000, 0x01000000, 256, 0), (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)]
)
def test_an_axis_of_length_0_hides_no_impossible_others(extents: tuple[int, ...]) -> None:
    header = bytes([0, 0, 0x0C, len(extents)]) + b"".join(one.to_bytes(4, "big") for one in extents)
    with pytest.raises(
        DatasetError, match=r"a is damaged: there is no array of this shape\. Received: shape=\("
    ):
        idx.parse(np.frombuffer(header, np.uint8), "a")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_idx_files_become_images_and_labels(
    name: str, tmp_path: Path, install: Callable[[str, dict[str, bytes]], Download]
) -> None:
    values = np.random.default_rng(0)
    x_train, x_test = (values.integers(0, 256, (n, 28, 28), dtype=np.uint8) for n in (5, 3))
    y_train, y_test = (values.integers(0, 10, n, dtype=np.uint8) for n in (5, 3))
    contents = {
        "train-images-idx3-ubyte": idx_bytes(8, x_train),
        "train-labels-idx1-ubyte": idx_bytes(8, y_train),
        "t10k-images-idx3-ubyte": idx_bytes(8, x_test),
        "t10k-labels-idx1-ubyte": idx_bytes(8, y_test),
    }
    entry = install(name, contents)
    data = load(name, progress=False)
    np.testing.assert_array_equal(data.x_train, x_train[..., np.newaxis])
    np.testing.assert_array_equal(data.y_train, y_train)
    np.testing.assert_array_equal(data.x_test, x_test[..., np.newaxis])
    np.testing.assert_array_equal(data.y_test, y_test)
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert (data.name, data.max_value, data.sha256) == (name, 255, entry.sha256)
    assert data.classes == describe(name).classes
    assert data.source.startswith(f"PELLUCID_DATA={tmp_path / 'mirror'}; cached in ")
    data.x_train[0] = 0  # an array of one's own, not of the cache
