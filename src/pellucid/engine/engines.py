"""The table of engines, and how one is chosen."""

from __future__ import annotations

from pellucid.core import settings
from pellucid.core.old_spellings import explain_once
from pellucid.engine.compiled import COMPILED
from pellucid.engine.numpy_engine import NUMPY
from pellucid.engine.plain import PLAIN
from pellucid.engine.protocol import Engine
from pellucid.errors import ArgumentError, UnknownNameError, nearest

ENGINES: dict[str, Engine] = {engine.name: engine for engine in (PLAIN, NUMPY, COMPILED)}  # fastest last


def register(engine: Engine) -> None:
    """Add an engine to the table; ``engine=`` and PELLUCID_ENGINE can then name it."""
    ENGINES[engine.name] = engine


def choose(engine: str | None = None, *, plain: bool | None = None) -> Engine:
    """Return the engine asked for: by name, by PELLUCID_ENGINE, or else the fastest available.

    Parameters
    ----------
    engine
        Name of the engine.
    plain
        The old spelling: True for ``"plain"``, False for the fastest, whatever PELLUCID_PLAIN says.

    Raises
    ------
    UnknownNameError
        When there is no such engine.
    ArgumentError
        When it cannot be used here, or both arguments are given.

    Examples
    --------
    >>> choose("plain").name
    'plain'
    """
    if plain is not None:
        engine = _old_spelling(plain, engine)
    asked = engine or settings.ENGINE.value()
    return _fastest() if asked is None else _known(asked)


def _old_spelling(plain: bool, engine: str | None) -> str | None:
    """Return the name of the engine that ``plain=`` asks for, and explain the new spelling once."""
    if engine is not None:
        raise ArgumentError(
            "Pass engine=, or plain=, its old spelling, not both. "
            f"Received: engine={engine!r}, plain={plain!r}"
        )
    now = "engine='plain'" if plain else "engine=None, the fastest available"
    explain_once(f"plain={plain}", f"plain={plain} is the old spelling of {now}.")
    if plain:
        return PLAIN.name
    return _fastest().name if settings.ENGINE.value() == PLAIN.name else None


def _fastest() -> Engine:
    return next(engine for engine in reversed(ENGINES.values()) if engine.available())


def _known(name: str) -> Engine:
    if name not in ENGINES:
        raise UnknownNameError(
            f"There is no such engine: {nearest(str(name), list(ENGINES))} Received: engine={name!r}"
        )
    if not ENGINES[name].available():
        usable = [other for other, engine in ENGINES.items() if engine.available()]
        raise ArgumentError(
            f"This engine cannot be used here. {ENGINES[name].description} "
            f"Engines that can be used: {', '.join(usable)}. "
            f"Received: engine={name!r}"
        )
    return ENGINES[name]
