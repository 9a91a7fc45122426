"""Checksums in model files, by which a damaged weight is found when the file is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import FileFormatError

KEY = "checksums"  # in the metadata

Tensors = Mapping[str, npt.NDArray[Any]]


def checksums(tensors: Tensors, metadata: Mapping[str, str]) -> str:
    """Return the SHA-256 of each tensor, and of the metadata, as JSON.

    Examples
    --------
    >>> found = json.loads(checksums({"dense/bias": np.zeros(2)}, {"format": "pellucid-model"}))
    >>> sorted(found), found["tensors"]["dense/bias"][:8]
    (['metadata', 'tensors'], 'cdead7b1')
    """
    of_tensors = {name: _of_tensor(array) for name, array in sorted(tensors.items())}
    return json.dumps({"metadata": _of_metadata(metadata), "tensors": of_tensors})


def check(path: object, tensors: Tensors, metadata: Mapping[str, str]) -> None:
    """Raise unless a file's tensors and metadata are those that were written.

    Files of earlier versions, which have no checksums, pass.

    Raises
    ------
    FileFormatError
        When something was changed; the message names the first tensor.
    """
    if KEY not in metadata:
        return
    try:
        written = json.loads(metadata[KEY])
        of_tensors, of_metadata = dict(written["tensors"]), written["metadata"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise _damaged(path, "the checksums in its metadata cannot be read") from None
    if of_metadata != _of_metadata(metadata):
        raise _damaged(path, "the description of the network in it is not the one that was written")
    for name in sorted({*of_tensors, *tensors}):
        if name not in tensors:
            raise _damaged(path, f"the tensor {name} that was written is missing")
        if of_tensors.get(name) != _of_tensor(tensors[name]):
            raise _damaged(path, f"the numbers of the tensor {name} are not those that were written")


def _damaged(path: object, what: str) -> FileFormatError:
    return FileFormatError(
        f"{path} was damaged or changed after it was written: {what}. Restore it from a copy, or save it "
        "again."
    )


def _of_tensor(array: npt.NDArray[Any]) -> str:
    found = hashlib.sha256(f"{array.dtype.str}{array.shape}".encode())
    found.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return found.hexdigest()


def _of_metadata(metadata: Mapping[str, str]) -> str:
    others = {name: text for name, text in metadata.items() if name != KEY}
    return hashlib.sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()
