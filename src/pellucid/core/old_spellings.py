"""Old spellings, each explained once, and unknown arguments, with the nearest known one suggested.

Keras has changed its spellings for ten years, and many scripts and books use the old ones. They keep working
here, and a note says how each is written today.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.keras.arguments import RENAMED, argument_instead
from pellucid.core.keras.table import arguments_of
from pellucid.errors import ArgumentError, PellucidNote, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGE = str(Path(__file__).parent.parent) + os.sep

WITHOUT = "what it does is not there, and without it the result is another one"

explained: set[str] = set()  # the keys of the notes that this process has shown


class AnyOf(tuple[Any, ...]):
    """Several values of an argument that all have no effect."""


ANYTHING = AnyOf()  # of no effect at any value


def explain_once(key: str, sentence: str) -> None:
    """Show ``sentence`` as a :class:`~pellucid.errors.PellucidNote`, once in a process for each ``key``.

    The note points at the line of user code that led here. If warnings are turned into errors, it is raised
    every time.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as notes:
    ...     warnings.simplefilter("always")
    ...     explain_once("lr", "lr= is the old spelling of learning_rate=.")
    ...     explain_once("lr", "lr= is the old spelling of learning_rate=.")
    >>> [str(note.message) for note in notes]
    ['lr= is the old spelling of learning_rate=.']
    """
    if key not in explained:
        warnings.warn(sentence, PellucidNote, stacklevel=_levels_to_the_caller())
        explained.add(key)


def reject_unknown(
    where: str, unknown: Mapping[str, Any], known: Iterable[str], neutral: Mapping[str, Any] | None = None
) -> None:
    """Raise unless ``unknown``, the unexpected arguments of ``where``, is empty.

    Parameters
    ----------
    where
        The class or function as the user calls it, such as ``"Dense"``.
    unknown
        The arguments caught by ``**unknown``.
    known
        The names of the valid arguments.
    neutral
        Keras's arguments that pellucid does not have, each with the value at which it has no effect. At that
        value they are accepted, so that the output of Keras's own ``get_config`` can be read.

    Raises
    ------
    UnknownNameError
        For a name unknown to both; the message suggests the nearest.
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
        instead = argument_instead(name)
        if name not in neutral:
            if not instead and name in arguments_of(where):
                instead = f"it is in Keras, but not in pellucid; {WITHOUT}"
            offer = instead or (nearest(name, known) if known else "it takes none")
            raise UnknownNameError(f"{where} has no argument {name}={value!r}: {offer}")
        if not _is_neutral(value, neutral[name]):
            raise ArgumentError(
                f"{where} has {name} in Keras, but not in pellucid: {instead or WITHOUT}. "
                f"Received: {name}={value!r}"
            )


def reject_renamed(where: str, given: Mapping[str, Any]) -> None:
    """Raise for an argument that Keras wrote otherwise until 2017, naming today's.

    To be called before Python misses a required argument, as in ``Dropout(p=0.5)``.

    Raises
    ------
    UnknownNameError
        For the first such name.

    Examples
    --------
    >>> reject_renamed("Dropout", {"p": 0.5})
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: Dropout has no argument p=0.5: write rate=0.5
    """
    for name, value in given.items():
        if name in RENAMED and value is not None:
            today = RENAMED[name]
            value_today = repr(value) if today.endswith("=") else ""
            raise UnknownNameError(f"{where} has no argument {name}={value!r}: {today}{value_today}")


def _is_neutral(value: object, neutral: object) -> bool:
    """Return whether a value has no effect; ``neutral`` is it, or an AnyOf that has it, or ANYTHING."""
    if neutral is ANYTHING:
        return True
    try:
        return any(bool(value == one) for one in (neutral if isinstance(neutral, AnyOf) else (neutral,)))
    except ValueError:  # an array
        return False


def _levels_to_the_caller() -> int:
    """Return the ``stacklevel`` at which a warning points at the first line outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    return level
