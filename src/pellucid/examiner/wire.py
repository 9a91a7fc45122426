"""What passes between the examiner and a student's process: plain data in frames, nothing that executes.

A frame is two lengths, a tree in JSON, and the bytes of the tree's arrays. What has no plain form (an object
of a class of the student's own, a generator) stays where it is; an :class:`Opaque` number stands for it.
"""

from __future__ import annotations

import functools
import json
import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

LARGEST = 256 << 20  # bytes of one frame
DEEPEST = 20  # levels of lists in lists
LENGTHS = struct.Struct(">QQ")
PLAIN_TYPE = re.compile(r"[<>|=]?[biufc]\d{1,2}")


class WireError(Exception):
    """What arrived is not a frame of plain data."""


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that stays in the student's process."""

    number: int
    kind: str


def encode(value: Any, keep: Callable[[Any], int] | None = None) -> tuple[Any, bytes]:
    """Return a value as a tree that JSON can hold, and the bytes of its arrays.

    ``keep`` stores an object that has no plain form and returns its number.

    Examples
    --------
    >>> decode(*encode({"kernels": [np.ones(2), (1, None)]}))
    {'kernels': [array([1., 1.]), (1, None)]}
    """
    blob = bytearray()
    return _tree(value, blob, keep, 0), bytes(blob)


def _tree(value: Any, blob: bytearray, keep: Callable[[Any], int] | None, depth: int) -> Any:
    if value is None or type(value) in (bool, float, str) or (type(value) is int and abs(value) < 1 << 63):
        return value
    if isinstance(value, Opaque):
        return {"opaque": [value.number, value.kind]}
    if isinstance(value, np.ndarray | np.generic) or type(value) is complex:
        array = np.asarray(value)
        if array.dtype.kind in "biufc":
            start = len(blob)
            blob += array.tobytes()
            return {"array": [array.dtype.str, list(array.shape), start], "scalar": array is not value}
    if depth < DEEPEST and isinstance(value, list | tuple | dict):
        inner = functools.partial(_tree, blob=blob, keep=keep, depth=depth + 1)
        if isinstance(value, dict):
            return {"dict": [[inner(key), inner(one)] for key, one in value.items()]}
        return {"tuple" if isinstance(value, tuple) else "list": [inner(one) for one in value]}
    if keep is None:
        raise WireError(f"There is no plain form for a {type(value).__name__}")
    return {"opaque": [keep(value), type(value).__name__]}


def decode(tree: Any, blob: bytes, opened: Callable[[Opaque], Any] = lambda opaque: opaque) -> Any:
    """Return the value of a tree; ``opened`` gives what an opaque number stands for.

    Raises
    ------
    WireError
        When the tree is not one that :func:`encode` makes.
    """
    try:
        return _value(tree, blob, opened)
    except (ValueError, TypeError, KeyError, OverflowError, MemoryError, RecursionError) as error:
        raise WireError(f"What arrived is not plain data ({type(error).__name__})") from error


def _value(tree: Any, blob: bytes, opened: Callable[[Opaque], Any]) -> Any:
    if not isinstance(tree, dict):
        if isinstance(tree, list):
            raise TypeError("a bare list")
        return tree
    if "array" in tree:
        return _array(tree, blob)
    if "opaque" in tree:
        number, kind = tree["opaque"]
        return opened(Opaque(int(number), str(kind)[:60]))
    if "dict" in tree:
        return {_value(key, blob, opened): _value(one, blob, opened) for key, one in tree["dict"]}
    values = [_value(one, blob, opened) for one in tree["tuple" if "tuple" in tree else "list"]]
    return tuple(values) if "tuple" in tree else values


def _array(tree: dict[str, Any], blob: bytes) -> Any:
    name, shape, start = tree["array"]
    if not PLAIN_TYPE.fullmatch(name):
        raise ValueError("not a type of numbers")
    if any(extent < 0 for extent in shape):
        raise ValueError("a negative extent")
    count = math.prod(int(extent) for extent in shape)
    array = np.frombuffer(blob, np.dtype(name), count, int(start)) if count else np.empty(0, np.dtype(name))
    array = array.reshape([int(extent) for extent in shape]).copy()
    return array[()] if tree.get("scalar") else array


def write_frame(stream: BinaryIO, message: dict[str, Any], blob: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(message).encode()
    if len(text) + len(blob) > LARGEST:
        raise WireError(f"more than {LARGEST >> 20} MB")
    stream.write(LENGTHS.pack(len(text), len(blob)) + text)
    stream.write(blob)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None at the end of the stream.

    Raises
    ------
    WireError
        When what arrives is not a frame.
    """
    lengths = _exactly(stream, LENGTHS.size)
    if not lengths:
        return None
    text_size, blob_size = LENGTHS.unpack(lengths)
    if text_size + blob_size > LARGEST:
        raise WireError(f"A frame is more than {LARGEST >> 20} MB long")
    text, blob = _exactly(stream, text_size), _exactly(stream, blob_size)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("A frame is not JSON") from error
    if not isinstance(message, dict):
        raise WireError("A frame is not a JSON object")
    return message, blob


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """Read that many bytes; fewer only where the stream ends before the first of them."""
    parts, missing = [], size
    while missing:
        part = stream.read(min(missing, 1 << 20))
        if not part:
            if missing == size:
                return b""
            raise WireError("A frame is cut off")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
