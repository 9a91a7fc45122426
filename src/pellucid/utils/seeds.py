"""The seed of networks that are not given one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from pellucid.core.arguments import whole_number
from pellucid.core.randomness import stream

LARGEST = 2**32 - 1


@dataclass
class _Chosen:
    """The seed set for the process, if any, and how many networks have been made since."""

    seed: int | None = None
    networks: int = 0


_chosen = _Chosen()


def set_random_seed(seed: int) -> None:
    """Set the seed of all networks made from here on, so that a script gives the same networks every time.

    Seeds Python's and NumPy's own generators too, as Keras does, for what a script draws from them.

    Parameters
    ----------
    seed
        A whole number from 0 to 2**32 - 1.

    Raises
    ------
    ArgumentError
        When it is not such a number.

    Examples
    --------
    >>> from pellucid import Sequential
    >>> set_random_seed(1)
    >>> first = Sequential().seed
    >>> set_random_seed(1)
    >>> Sequential().seed == first
    True
    """
    import random

    import numpy as np

    _chosen.seed = checked_seed(seed)
    _chosen.networks = 0
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the old global generator is what scripts use


def checked_seed(seed: object) -> int:
    """Return ``seed``, checked to be one."""
    return whole_number("", "seed", seed, least=0, most=LARGEST)


def next_seed() -> int:
    """Return the seed for a new network: derived from the one set, or drawn from the system."""
    if _chosen.seed is None:
        return secrets.randbelow(LARGEST + 1)
    generator = stream(_chosen.seed, "network", _chosen.networks)
    _chosen.networks += 1
    return int(generator.integers(LARGEST + 1))
