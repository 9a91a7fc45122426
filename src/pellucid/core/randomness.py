"""Random numbers that depend only on their purpose.

Every random number of a run comes from a stream named by (seed, purpose, epoch, step, layer). Streams use
Philox, a counter-based generator (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): the key
is the name, the counter is the position. The same name gives the same numbers, on any thread, in any order,
and after an interruption.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Uniforms = npt.NDArray[np.float64]

WORDS_PER_BLOCK = 4  # a block of Philox's output is 256 bits


def stream(seed: int, purpose: str, *position: int) -> np.random.Generator:
    """Return the generator named by ``seed``, ``purpose`` and ``position`` (epoch, step, layer, …).

    Examples
    --------
    >>> float(stream(0, "shuffle", 3).random()) == float(stream(0, "shuffle", 3).random())
    True
    >>> float(stream(0, "shuffle", 3).random()) == float(stream(0, "shuffle", 4).random())
    False
    """
    return np.random.Generator(np.random.Philox(key=_name(seed, purpose, *position)))


def stream_key(seed: int, purpose: str, *position: int) -> tuple[np.uint64, np.uint64]:
    """Return the key of that stream, to compute Philox's blocks without a generator.

    Examples
    --------
    >>> state = stream(0, "x").bit_generator.state["state"]
    >>> [int(half) for half in stream_key(0, "x")] == state["key"].tolist()
    True
    """
    name = _name(seed, purpose, *position)
    return np.uint64(name & 0xFFFFFFFFFFFFFFFF), np.uint64(name >> 64)


def _name(seed: int, purpose: str, *position: int) -> int:
    """Return a 128-bit number for a name."""
    name = "\0".join([str(seed), purpose, *map(str, position)])
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "little")


def uniforms(generator: np.random.Generator, images: int, numbers: int, *, first: int = 0) -> Uniforms:
    """Draw ``numbers`` numbers from [0, 1) for each of ``images`` images, starting with image ``first``.

    Returns (images, numbers) in float64. ``generator`` is a :func:`stream` that is not used for anything
    else. Each image of a batch starts a new block of the generator, so that the numbers are the same however
    the batch is cut into micro-batches.

    Examples
    --------
    >>> whole, piece = uniforms(stream(0, "x"), 8, 3), uniforms(stream(0, "x"), 2, 3, first=4)
    >>> bool((piece == whole[4:6]).all())
    True
    """
    blocks = -(-numbers // WORDS_PER_BLOCK)  # per image, rounded up
    philox = generator.bit_generator
    if first:
        philox.advance(first * blocks)  # type: ignore[attr-defined]  # NumPy's stubs lack it
    words = np.asarray(philox.random_raw(images * blocks * WORDS_PER_BLOCK)).reshape(images, -1)
    drawn: Uniforms = (words[:, :numbers] >> np.uint64(11)) * np.float64(2.0**-53)  # 53 bits fill a float64
    return drawn
