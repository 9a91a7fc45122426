"""What a number that is read may be for: uses as data, the built-in ones and a user's own, in TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.arguments import is_whole, real_number
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError, FileFormatError, UnknownNameError, nearest
from pellucid.evaluation.check_digits import Check, known_check
from pellucid.evaluation.checked_arrays import checked_count, checked_share

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping


@dataclass(frozen=True)
class Use:
    """A field of ``least`` to ``digits`` digits, of which a share ``target`` of those accepted may be wrong.

    ``reason`` says why that target, ``error`` what an error costs in words, ``error_cost`` in euros;
    ``check_cost`` and ``check_seconds`` are those of a person checking one field. None: not known.
    """

    name: str
    title: str
    digits: int
    least: int
    target: float
    reason: str = ""
    error: str = ""
    error_cost: float | None = None
    check_cost: float | None = None
    check_seconds: float = 0.0
    check: Check | None = None


KEYS = tuple(field.name for field in fields(Use) if field.name not in ("name", "least"))


def own_use(digits: int, target: float, *, check: str | None = None) -> Use:
    """Return a use for a field of ``digits`` digits and an error ``target``.

    Raises
    ------
    ArgumentError
        ``digits`` below 1, or a target outside (0, 1).

    Examples
    --------
    >>> own_use(10, 0.001).title
    'a field of 10 digits'
    """
    digits = checked_count(digits, "digits")
    checked = None if check is None else known_check(check, digits)
    title = f"a field of {counted(digits, 'digit')}"
    return Use("own", title, digits, digits, checked_share(target, "target"), check=checked)


def load_uses(path: str | os.PathLike[str] | None = None) -> dict[str, Use]:
    """Return the built-in uses by name and, where ``path`` names a TOML file, those of the file with them.

    Raises
    ------
    FileFormatError
        A file that is not there or is no TOML.
    UnknownNameError
        A use with an unknown key; the nearest is named.
    ArgumentError
        A use that lacks its digits or target, or has one that cannot be.

    Examples
    --------
    >>> uses = load_uses()
    >>> uses["dutch-postal-code"].digits, uses["iban"].check.name
    (4, 'mod-97')
    """
    built_in = (resources.files("pellucid.evaluation") / "uses.toml").read_text(encoding="utf-8")
    uses = _uses(tomllib.loads(built_in), "the built-in uses")
    return uses if path is None else {**uses, **_uses(_read(Path(path)), str(path))}


def find_use(name: str, uses: Mapping[str, Use]) -> Use:
    """Return the use of that name.

    Raises
    ------
    UnknownNameError
        No such use; the nearest is offered.

    Examples
    --------
    >>> find_use("ibann", load_uses())
    Traceback (most recent call last):
    pellucid.errors.UnknownNameError: There is no use 'ibann'; did you mean 'iban'?
    """
    if name not in uses:
        raise UnknownNameError(f"There is no use {name!r}; {nearest(name, uses)}")
    return uses[name]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFormatError(f"The use file {path} cannot be read: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileFormatError(f"The use file {path} is not TOML: {error}.") from error


def _uses(entries: Mapping[str, Any], source: str) -> dict[str, Use]:
    return {name: _use(name, entry, f"Use {name!r} in {source}") for name, entry in entries.items()}


def _use(name: str, entry: Any, where: str) -> Use:
    if not isinstance(entry, dict):
        raise ArgumentError(f"{where} must be a table, begun by [{name}]. Received: {name}={entry!r}")
    for key in entry:
        if key not in KEYS:
            raise UnknownNameError(f"{where} has an unknown key {key!r}: {nearest(key, KEYS)}")
    missing = [key for key in ("digits", "target") if key not in entry]
    if missing:
        raise ArgumentError(f"{where} lacks {' and '.join(missing)}.")
    least, digits = _digits(entry["digits"], where)
    target = checked_share(entry["target"], "target", f"{where}: ")
    costs = {key: _cost(entry.get(key), key, where) for key in ("error_cost", "check_cost")}
    check = entry.get("check")
    return Use(
        name=name,
        title=str(entry.get("title", name)),
        digits=digits,
        least=least,
        target=target,
        reason=str(entry.get("reason", "")),
        error=str(entry.get("error", "")),
        error_cost=costs["error_cost"],
        check_cost=costs["check_cost"],
        check_seconds=_cost(entry.get("check_seconds"), "check_seconds", where) or 0.0,
        check=None if check is None else known_check(str(check), digits),
    )


def _digits(value: Any, where: str) -> tuple[int, int]:
    pair = value if isinstance(value, list) else [value, value]
    if len(pair) != 2 or not all(map(is_whole, pair)) or pair[0] > pair[1]:
        raise ArgumentError(
            f"{where}: digits must be a whole number, 1 or more, or [least, most]. Received: digits={value!r}"
        )
    return pair[0], pair[1]


def _cost(value: Any, key: str, where: str) -> float | None:
    return None if value is None else real_number(where, key, value, "[0, inf)")
