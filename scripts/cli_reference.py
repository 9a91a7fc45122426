"""Write docs/cli.md, the reference of all commands and settings: ``python scripts/cli_reference.py``.

It is made from the commands themselves; a test fails when the page is not what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from pellucid.cli.main import COMMANDS, EXIT_CODES, app
from pellucid.core.settings import SETTINGS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """# Command-line reference

Made by `python scripts/cli_reference.py`; do not edit.
"""
EXAMPLE = "Example: "


def reference() -> str:
    """Return the page."""
    commands = get_command(app).commands  # type: ignore[attr-defined]  # the app is a group
    exit_codes = " ".join(EXIT_CODES.removeprefix("\b").split())
    sections = [HEAD, exit_codes, *(_section(f"pellucid {name}", commands[name]) for name in COMMANDS)]
    return "\n\n".join(part.strip() for part in [*sections, _settings()]) + "\n"


def _section(name: str, command: Any) -> str:
    """Return the section of a command; of a group, with those of its commands."""
    paragraphs = [" ".join(part.split()) for part in command.help.split("\n\n")]
    examples = [part.removeprefix(EXAMPLE) for part in paragraphs if part.startswith(EXAMPLE)]
    parts = [f"## {name}", *(part for part in paragraphs if not part.startswith(EXAMPLE))]
    if examples:
        parts.append("\n".join(["```", *examples, "```"]))
    rows = [row for parameter in command.params for row in _rows(parameter)]
    if rows:
        parts.append("\n".join(["| | |", "| --- | --- |", *rows]))
    inner = getattr(command, "commands", {})
    return "\n\n".join([*parts, *(_section(f"{name} {one}", inner[one]) for one in inner)])


def _rows(parameter: Any) -> Iterator[str]:
    value, text = parameter.metavar or parameter.name.upper(), parameter.help or ""
    if parameter.param_type_name == "argument":
        names = value
    elif parameter.is_flag:
        names = ", ".join(parameter.opts)
    else:
        names = f"{', '.join(parameter.opts)} {value}"
        if parameter.default not in (None, "", ()):
            text = f"{text} Default: {parameter.default}."
    pipe = r"\|"  # a | within a table
    yield f"| `{names.replace('|', pipe)}` | {text} |"


def _settings() -> str:
    rows = [f"| `{one.name}` | {one.default_text} | {one.help} |" for one in SETTINGS]
    old = [
        f"`{spelling.name}` is an old spelling of `{one.name}`." for one in SETTINGS for spelling in one.old
    ]
    head = ["| variable | default | what it does |", "| --- | --- | --- |"]
    return "\n\n".join(["## Environment variables", "\n".join([*head, *rows]), " ".join(old)])


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference(), encoding="utf-8")
