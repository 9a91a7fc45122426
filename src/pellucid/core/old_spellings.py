"""Old spellings, explained once, and unknown arguments, with the nearest known one offered.

Scripts and books for Keras are ten years of spellings deep. What meant something then keeps its meaning here,
and one sentence says how it is written today.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.errors import ArgumentError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGE = str(Path(__file__).parent.parent) + os.sep
_explained: set[str] = set()


class PellucidNote(UserWarning):
    """A sentence about something that works, but is worth knowing; silence it as any warning."""


def explain_once(key: str, sentence: str) -> None:
    """Show ``sentence`` as a :class:`PellucidNote`, once in the life of the process for each ``key``.

    It is shown at the line of the caller's own code that led here. Where warnings are turned into errors it
    raises every time.

    Examples
    --------
    >>> forget_explanations()
    >>> with warnings.catch_warnings(record=True) as notes:
    ...     warnings.simplefilter("always")
    ...     explain_once("lr", "lr= is the old spelling of learning_rate=.")
    ...     explain_once("lr", "lr= is the old spelling of learning_rate=.")
    >>> [str(note.message) for note in notes]
    ['lr= is the old spelling of learning_rate=.']
    """
    if key not in _explained:
        warnings.warn(sentence, PellucidNote, stacklevel=_levels_to_the_caller())
        _explained.add(key)


def forget_explanations() -> None:
    """Let every sentence be shown again; for tests."""
    _explained.clear()


def reject_unknown(
    where: str, unknown: Mapping[str, Any], known: Iterable[str], neutral: Mapping[str, Any] | None = None
) -> None:
    """Raise unless ``unknown``, the arguments that ``where`` did not expect, is empty.

    Parameters
    ----------
    where
        The class or function as its user calls it, such as ``"Dense"``.
    unknown
        What ``**unknown`` caught.
    known
        The names that would have been right.
    neutral
        Arguments of Keras's that pellucid does not have, each with the value at which it does nothing. At
        that value they pass, so that what Keras's own ``get_config`` returns can be read.

    Raises
    ------
    UnknownNameError
        For a name that neither knows; the nearest known one is offered.
    ArgumentError
        For a name in ``neutral`` with another value.

    Examples
    --------
    >>> reject_unknown("Dense", {"activaton": "relu"}, ["units", "activation"])
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: Dense has no argument activaton='relu': did you mean 'activation'?
    """
    known, neutral = list(known), neutral or {}
    for name, value in unknown.items():
        if name not in neutral:
            offer = nearest(name, known) if known else "it takes none"
            raise UnknownNameError(f"{where} has no argument {name}={value!r}: {offer}")
        if value != neutral[name]:
            raise ArgumentError(
                f"{where} has {name} in Keras, but not in pellucid: leave it out. Received: {name}={value!r}"
            )


def _levels_to_the_caller() -> int:
    """Return the ``stacklevel`` at which a warning points at the first line outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    return level
