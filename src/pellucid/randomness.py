"""Random numbers that depend on what they are for, and on nothing else.

Every random number of a run comes from a stream named by (seed, purpose, epoch, step, layer). Streams are
made by Philox, a counter-based generator (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
the key is the name, the counter is the position. So it does not matter which thread asks, in which order, or
whether the run was interrupted in between: the same name gives the same numbers.
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, purpose: str, *position: int) -> np.random.Generator:
    """Return the generator named by ``seed``, ``purpose`` and ``position`` (epoch, step, layer, …).

    >>> float(stream(0, "shuffle", 3).random()) == float(stream(0, "shuffle", 3).random())
    True
    >>> float(stream(0, "shuffle", 3).random()) == float(stream(0, "shuffle", 4).random())
    False
    """
    name = "\0".join([str(seed), purpose, *map(str, position)])
    digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
