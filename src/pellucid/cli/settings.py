"""``pellucid settings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import labelled, width

if TYPE_CHECKING:
    from pellucid.core.settings import Setting


def settings(as_json: JsonOption = False) -> None:
    """Show the environment variables that pellucid reads, and what they are set to.

    Example: pellucid settings

    Example: PELLUCID_THREADS=2 pellucid settings
    """
    from pellucid.core.settings import SETTINGS

    described = [_described(one) for one in SETTINGS]
    if as_json:
        print_json(described)
    else:
        typer.echo("\n\n".join(_shown(one) for one in described))
    for one in SETTINGS:
        one.value()  # a wrong one ends in its message


def _described(setting: Setting[object]) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": _value(setting),
        "from": setting.origin(),
        "default": setting.default_text,
        "help": setting.help,
        "old_spellings": [old.name for old in setting.old],
        "read_by": list(setting.readers),
    }


def _value(setting: Setting[object]) -> object:
    """Return the value as JSON has it: a folder as text, and what is wrong as it was typed."""
    from pellucid.errors import ArgumentError

    try:
        value = setting.value()
    except ArgumentError:
        return setting.text()
    return value if value is None or isinstance(value, bool | int) else str(value)


def _shown(described: dict[str, Any]) -> str:
    value, origin = described["value"], described["from"]
    words = ("off", "on")[value] if isinstance(value, bool) else value
    now = f"{described['default']} (default)" if origin == "default" else f"{words} (from {origin})"
    rows = [("  now", now), ("  default", described["default"]), ("  what", described["help"])]
    if described["old_spellings"]:
        rows.append(("  before", ", ".join(described["old_spellings"])))
    return f"{described['name']}\n{labelled(rows, width())}"
