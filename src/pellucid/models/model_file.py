"""The bytes of a model file: writing them, and reading whatever a file holds."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import FileFormatError, PellucidError
from pellucid.layers.layer import Array
from pellucid.models.checksums import KEY, check, checksums

FORMAT, VERSION = "pellucid-model", "1"
ENDING = ".safetensors"
IN_FOLDER = f"model{ENDING}"  # the file's name where a folder is asked for

_OTHERS = {
    b"PK\x03\x04": "a zip archive, such as Keras's .keras files",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file, such as Keras's .h5 files",
    b"\x80\x02": "a pickle, such as PyTorch's .pt files",
    b"\x93NUMPY": "a NumPy array",
}


def encoded(tensors: dict[str, Array], metadata: dict[str, str]) -> bytes:
    """Return the file's content, deterministically: equal networks give equal bytes and checksums."""
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    content = save(tensors, {**metadata, KEY: checksums(tensors, metadata)})
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])  # safetensors does not fix its order
    ordered = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    ordered += b" " * (-len(ordered) % 8)  # tensors start at a multiple of 8 bytes
    return struct.pack("<Q", len(ordered)) + ordered + content[8 + length :]


def read_file(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the tensors and the metadata of a pellucid model file, or say why it is not one."""
    from safetensors import SafetensorError, safe_open

    path = _in_folder(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = dict(file.metadata() or {})
            _check_format(path, metadata)
            tensors = {name: _tensor(path, file, name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, UnicodeDecodeError) as error:
        other = _other_kind(path)
        raise FileFormatError(
            f"{path} is not a model file that pellucid wrote, or it is cut short or damaged "
            f"({f'it looks like {other}' if other else error})"
        ) from error
    check(path, tensors, metadata)
    return tensors, metadata


@contextmanager
def blaming(filepath: str | Path, what: str) -> Iterator[None]:
    """Turn any error that a file's content causes into a FileFormatError that names the file."""
    try:
        yield
    except (
        PellucidError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
        MemoryError,
    ) as error:
        said = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise FileFormatError(f"{filepath} is a pellucid model file, but {what}: {said}") from error


def _in_folder(path: Path) -> Path:
    """Return the model file in a folder that ``save`` was given."""
    if not path.is_dir():
        return path
    if (path / IN_FOLDER).is_file():
        return path / IN_FOLDER
    raise FileFormatError(f"{path} is a folder, not a model file")


def _check_format(path: Path, metadata: dict[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise FileFormatError(
            f"{path} is a safetensors file, but not a pellucid model: its metadata has no format={FORMAT!r}"
        )
    if metadata.get("version") != VERSION:
        raise FileFormatError(
            f"{path} was written as version {metadata.get('version')!r} of the format; "
            f"this pellucid reads version {VERSION!r}. "
            "Install the pellucid that wrote it, or a newer one."
        )


def _tensor(path: Path, file: Any, name: str) -> Array:
    """Return one tensor; NumPy lacks some of the types that safetensors has, such as BF16."""
    try:
        found: Array = file.get_tensor(name)
        if found.dtype.kind not in "fiub":  # a type that another library taught NumPy, as ml_dtypes does
            raise TypeError(found.dtype)
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        raise FileFormatError(
            f"{path} holds the tensor {name} as {file.get_slice(name).get_dtype()}, a type of number that "
            "NumPy does not have: save it as float32 (F32)"
        ) from error
    return found


def _other_kind(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(8)
    return next((kind for magic, kind in _OTHERS.items() if start.startswith(magic)), None)
