"""All ``PELLUCID_*`` environment variables in one table: name, default, accepted values and meaning.

Modules read a variable through the table (``settings.THREADS.value()``); ``pellucid settings`` shows it. An
empty variable counts as unset.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pellucid.core.arguments import whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.errors import ArgumentError, UnknownNameError

Value_co = TypeVar("Value_co", covariant=True)

ENGINES = ("plain", "numpy", "compiled")
ON, OFF = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class OldSpelling(Generic[Value_co]):
    """An older variable that is still read if the new one is unset.

    It was a switch: on means ``on``, off means ``off``; None means no effect.
    """

    name: str
    on: Value_co | None
    off: Value_co | None

    def value(self) -> Value_co | None:
        """Return the value that it means; None if it is unset or has no effect."""
        if self.name not in os.environ:
            return None
        return self.on if _switch(self.name, os.environ[self.name]) else self.off


@dataclass(frozen=True)
class Setting(Generic[Value_co]):
    """One environment variable.

    Parameters
    ----------
    name
        The variable.
    read
        Parses (name, text) to the value, or raises ArgumentError.
    default
        The value if the variable is unset.
    default_text
        The default in words.
    help
        What the variable does, in a sentence.
    readers
        The folders of ``src/pellucid/`` that read it, or ``tests``.
    old
        Older variables with the same meaning.
    in_runs
        Whether a run folder records its value.
    """

    name: str
    read: Callable[[str, str], Value_co]
    default: Value_co
    default_text: str
    help: str
    readers: tuple[str, ...]
    old: tuple[OldSpelling[Value_co], ...] = ()
    in_runs: bool = False

    def text(self) -> str | None:
        """Return the variable's text; None if it is unset or empty."""
        return os.environ.get(self.name) or None

    def value(self) -> Value_co:
        """Return the current value: the variable's, or that of an old spelling, or the default.

        Raises
        ------
        ArgumentError
            When the variable has an invalid value; the message names it.
        """
        text = self.text()
        if text is not None:
            return self.read(self.name, text)
        old = self._old_in_use()
        if old is None:
            return self.default
        found: Value_co = old.value()  # type: ignore[assignment]  # one in use has an effect
        explain_once(
            old.name, f"{old.name}={os.environ[old.name]} is the old spelling of {self.name}={found}."
        )
        return found

    def origin(self) -> str:
        """Return the name of the variable that sets the value, or "default"."""
        if self.text() is not None:
            return self.name
        old = self._old_in_use()
        return "default" if old is None else old.name

    def _old_in_use(self) -> OldSpelling[Value_co] | None:
        return next((one for one in self.old if one.value() is not None), None)


def _choice(name: str, text: str) -> str:
    if text not in ENGINES:
        known = f"{', '.join(ENGINES[:-1])} or {ENGINES[-1]}"
        raise UnknownNameError(f"{name} is {known}. Received: {name}={text!r}")
    return text


def _count(name: str, text: str) -> int:
    return whole_number("", name, int(text) if text.strip().isdecimal() else text)


def _folder(name: str, text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # ~ of an unknown user
        raise ArgumentError(f"{name} is a folder. {error} Received: {name}={text!r}") from None


def _switch(name: str, text: str) -> bool:
    if text.strip().lower() not in ON + OFF:
        raise ArgumentError(f"{name} is 1 (on) or 0 (off). Received: {name}={text!r}")
    return text.strip().lower() in ON


ENGINE: Setting[str | None] = Setting(
    "PELLUCID_ENGINE",
    _choice,
    None,
    "the fastest available",
    "How networks are computed: plain (the textbook functions), numpy (fast forms in NumPy) or "
    "compiled (fast forms compiled by Numba). They differ only by rounding.",
    ("engine",),
    old=(
        OldSpelling("PELLUCID_PLAIN", on="plain", off=None),
        OldSpelling("PELLUCID_COMPILED", on=None, off="numpy"),
    ),
    in_runs=True,
)
THREADS: Setting[int | None] = Setting(
    "PELLUCID_THREADS",
    _count,
    None,
    "one for each CPU that the process may use",
    "Number of worker threads for training. It changes no result.",
    ("engine", "lab", "sklearn"),
    in_runs=True,
)
DATA: Setting[Path | None] = Setting(
    "PELLUCID_DATA",
    _folder,
    None,
    "none",
    "A folder searched for datasets, each in a folder of its name, before anything is downloaded.",
    ("cli", "datasets", "runs"),
)
CACHE: Setting[Path | None] = Setting(
    "PELLUCID_CACHE",
    _folder,
    None,
    "the platform's cache folder",
    "The folder for downloaded datasets.",
    ("datasets",),
)
NO_SKIPS: Setting[bool] = Setting(
    "PELLUCID_NO_SKIPS",
    _switch,
    False,
    "off",
    "Makes the project's tests fail, not skip, when data or a package is missing.",
    ("tests",),
)
TEST_NETWORK: Setting[bool] = Setting(
    "PELLUCID_TEST_NETWORK",
    _switch,
    False,
    "off",
    "Makes the project's tests check that every public source of data still has the same files.",
    ("tests",),
)

SETTINGS: tuple[Setting[object], ...] = (ENGINE, THREADS, DATA, CACHE, NO_SKIPS, TEST_NETWORK)


def kept_in_runs() -> tuple[str, ...]:
    """Return the variables whose values a run folder records, including old spellings.

    Examples
    --------
    >>> kept_in_runs()
    ('PELLUCID_ENGINE', 'PELLUCID_PLAIN', 'PELLUCID_COMPILED', 'PELLUCID_THREADS')
    """
    return tuple(
        name for one in SETTINGS if one.in_runs for name in (one.name, *(old.name for old in one.old))
    )
