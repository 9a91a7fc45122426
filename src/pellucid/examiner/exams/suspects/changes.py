"""Changes of a case, or of its right answer, that several suspects are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case

Right = Callable[[Case], Array]
Change = Callable[[Array], Array]


def with_changed(role: str, change: Change) -> Callable[[Case, Right], Array]:
    """Return the right answer to a case of which one array is changed."""
    return lambda case, right: right(case.with_arrays({**case.arrays, role: change(case.arrays[role])}))


def afterwards(change: Callable[[Array, Case], Array]) -> Callable[[Case, Right], Array]:
    """Return the right answer, changed."""
    return lambda case, right: np.asarray(change(right(case), case))
