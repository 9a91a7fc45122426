"""Damage to bytes and to JSON: what disks, transfers, other programs and hostile hands do to files."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Random = np.random.Generator
Mutation = Callable[[bytes, Random], bytes]

NUMBERS = (
    0,
    1,
    -1,
    2,
    127,
    255,
    256,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64,
    10**400,
)
ODD = (
    *NUMBERS,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    None,
    True,
    False,
    "",
    "relu",
    "a" * 5000,
    "../../etc/passwd",
    "\x00",
    "\ud800",
    [],
    {},
    [[]],
    [1, 2, 3],
    [2147483648, 2],
    {"class_name": "Dense", "config": {}},
    {"class_name": "os.system", "config": {"command": "true"}},
)


def of_bytes(content: bytes, random: Random) -> bytes:
    """Return the content with one to four pieces of it damaged."""
    damaged = bytearray(content)
    for _ in range(int(random.integers(1, 5))):
        damaged = _KINDS[int(random.integers(len(_KINDS)))](damaged, random)
    return bytes(damaged)


def of_json(content: bytes, random: Random) -> bytes:
    """Return JSON with values of it replaced, left out or doubled; sometimes with its bytes damaged."""
    if random.random() < 0.2:
        return of_bytes(content, random)
    if random.random() < 0.02:
        return b"[" * 200_000
    try:
        tree = json.loads(content)
    except ValueError:
        return of_bytes(content, random)
    return json.dumps(_tree(tree, random)).encode("utf-8", "surrogatepass")


def of_safetensors(content: bytes, random: Random) -> bytes:
    """Return a model file with its header, its metadata or its tensors damaged."""
    if random.random() < 0.3:
        return of_bytes(content, random)
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header["__metadata__"]
    if random.random() < 0.2:
        header = _tree(header, random)
    else:
        key = str(random.choice([key for key in metadata if key in ("architecture", "compile", "checksums")]))
        metadata[key] = json.dumps(_tree(json.loads(metadata[key]), random))
    text = json.dumps(header).encode("utf-8", "replace")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


def _tree(tree: Any, random: Random) -> Any:
    """Return a tree of dicts and lists with one to three of its values changed."""
    for _ in range(int(random.integers(1, 4))):
        places = list(_places(tree))
        if not places:
            return _odd(random)
        holder, key = places[int(random.integers(len(places)))]
        kind = random.random()
        if kind < 0.7:
            holder[key] = _odd(random)
        elif kind < 0.85:
            del holder[key]
        elif isinstance(holder, list):
            holder.append(holder[key])
        else:
            holder[f"{key}_more"] = holder[key]
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from _places(value)


def _odd(random: Random) -> Any:
    value = ODD[int(random.integers(len(ODD)))]
    return json.loads(json.dumps(value)) if isinstance(value, list | dict) else value


def _flip(content: bytearray, random: Random) -> bytearray:
    if content:
        content[int(random.integers(len(content)))] ^= 1 << int(random.integers(8))
    return content


def _early(content: bytearray, random: Random) -> bytearray:
    """Damage the first bytes, where files say what they are and how large."""
    for _ in range(3):
        if content:
            content[int(random.integers(min(len(content), 64)))] = int(random.integers(256))
    return content


def _cut(content: bytearray, random: Random) -> bytearray:
    return content[: int(random.integers(len(content) + 1))]


def _remove(content: bytearray, random: Random) -> bytearray:
    start, stop = sorted(int(place) for place in random.integers(0, len(content) + 1, 2))
    return content[:start] + content[min(stop, start + 64) :]


def _repeat(content: bytearray, random: Random) -> bytearray:
    start, stop = sorted(int(place) for place in random.integers(0, len(content) + 1, 2))
    return content[:stop] + content[start : min(stop, start + 256)] + content[stop:]


def _number(content: bytearray, random: Random) -> bytearray:
    """Write an extreme number of two, four or eight bytes somewhere."""
    form = ("<H", ">H", "<I", ">I", "<Q", ">Q")[int(random.integers(6))]
    value = NUMBERS[int(random.integers(len(NUMBERS)))] % 2 ** (8 * struct.calcsize(form))
    place = int(random.integers(len(content) + 1))
    content[place : place + struct.calcsize(form)] = struct.pack(form, value)
    return content


def _noise(content: bytearray, random: Random) -> bytearray:
    place = int(random.integers(len(content) + 1))
    return content[:place] + random.bytes(int(random.integers(1, 40))) + content[place:]


_KINDS: tuple[Callable[[bytearray, Random], bytearray], ...] = (
    _flip,
    _flip,
    _early,
    _cut,
    _remove,
    _repeat,
    _number,
    _number,
    _noise,
)
