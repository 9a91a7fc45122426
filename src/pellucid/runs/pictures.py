"""The pictures of a run, in one .npz file: a few images, the first kernels and their feature maps."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from pellucid.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

# name: (dtype, possible ranks, its shape as text)
ARRAYS = {
    "first_images": ("uint8", (3, 4), "(n, H, W) or (n, H, W, C)"),
    "first_labels": ("int64", (1,), "(n,)"),
    "mistakes": ("uint8", (3, 4), "(M, H, W) or (M, H, W, C)"),
    "mistake_index": ("int64", (1,), "(M,)"),
    "kernels": ("float32", (4,), "(R, S, C, K)"),
    "maps": ("float32", (3,), "(H, W, K)"),
}
# The named axes of each pair have the same length.
PAIRS = (
    ("first_images", 0, "first_labels", 0),
    ("mistakes", 0, "mistake_index", 0),
    ("kernels", 3, "maps", 2),
)
LARGEST = 256 * 2**20  # bytes unpacked; a larger file is not a few pictures, perhaps malicious


def to_uint8(images: ArrayLike, white: float | None = None) -> NDArray[np.uint8]:
    """Return ``images`` as uint8 from black 0 to white 255, whatever their scale.

    ``white`` is the value of a white pixel (16 for scikit-learn's digits). By default uint8 is unchanged, and
    other values are assumed to range from 0 to 1, or to the largest value if that is above 1. Negative and
    non-finite values become black.

    Examples
    --------
    >>> to_uint8([[0, 8, 16]], white=16)
    array([[  0, 128, 255]], dtype=uint8)
    """
    array = np.asarray(images)
    if array.dtype == np.uint8 and white in (None, 255):
        return array
    values = np.nan_to_num(array.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    white = white or max(1.0, float(values.max(initial=1.0)))
    return np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8)


def pictures_to_bytes(pictures: Mapping[str, ArrayLike], white: float | None = None) -> bytes:
    """Return the arrays as .npz; images are converted to uint8 by :func:`to_uint8`.

    Raises
    ------
    ShapeError
        When a rank is wrong, or the two arrays of a pair do not match.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, content in pictures.items():
        dtype = ARRAYS[name][0]
        array = to_uint8(content, white) if dtype == "uint8" else np.asarray(content)
        arrays[name] = array.astype(dtype)
    fault = _fault(arrays)
    if fault:
        raise ShapeError(f"The pictures of a run folder do not fit: {fault}.")
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def pictures_from_bytes(data: bytes) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of an .npz file that :func:`pictures_to_bytes` wrote; raises ``ValueError``.

    Nothing is unpickled, and a file that would unpack to more than 256 MiB is refused unread.

    Examples
    --------
    >>> pictures_from_bytes(pictures_to_bytes({"first_labels": [5, 0, 4]}))
    {'first_labels': array([5, 0, 4])}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST:
                raise ValueError(f"unpacks to more than {LARGEST // 2**20} MiB")
            arrays = {}
            for member in members:
                name = member.filename.removesuffix(".npy")
                if name in ARRAYS:
                    arrays[name] = _read_array(archive.read(member))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"is not a whole .npz file ({error})") from None
    fault = _fault(arrays)
    if fault:
        raise ValueError(f"holds arrays that do not fit: {fault}")
    return arrays


def _read_array(data: bytes) -> NDArray[np.generic]:
    """Return the array of an .npy file, after comparing its declared size with the actual one."""
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):  # the version that NumPy writes for arrays of numbers
        raise ValueError(f"holds an array of .npy version {version}")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject:
        raise ValueError("holds Python objects, which are never loaded")
    size = dtype.itemsize
    for extent in shape:
        size *= extent
    if size != len(data) - file.tell():
        raise ValueError(f"declares an array of shape {shape}, which is not what it holds")
    file.seek(0)
    array: NDArray[np.generic] = np.lib.format.read_array(file, allow_pickle=False)
    return array


def _fault(arrays: dict[str, NDArray[np.generic]]) -> str | None:
    """Return what is wrong with the arrays' types and shapes, or None."""
    for name, array in arrays.items():
        dtype, ranks, wanted = ARRAYS[name]
        if array.dtype != dtype or array.ndim not in ranks:
            return f"{name} must be {dtype} {wanted}, but is {array.dtype} of shape {array.shape}"
    for one, axis, other, other_axis in PAIRS:
        if one in arrays and other in arrays and arrays[one].shape[axis] != arrays[other].shape[other_axis]:
            return f"{one} of shape {arrays[one].shape} and {other} of shape {arrays[other].shape}"
    return None
