import numpy as np
import pytest

from pellucid.datasets import idx
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
