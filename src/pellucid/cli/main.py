"""``pellucid``: the commands by their names.

Results go to standard output, progress and errors to standard error. Exit codes:

====  ==========================================================================
0     done
1     failed, such as a loss that became NaN; or nobody reads the output any more
2     asked for what there is not, or what cannot be
3     the data cannot be had
4     a file or folder cannot be read or written
130   interrupted (Ctrl-C); 143 by SIGTERM, 129 by SIGHUP
====  ==========================================================================
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from pellucid import __version__
from pellucid.cli.shared.command_group import CommandGroup

# A command for each file beside this one, in the order of --help.
COMMANDS = (
    *("list", "show", "run", "new", "resume", "evaluate", "predict", "report", "compare", "suffices", "runs"),
    *("samples", "lab", "workbook", "check", "bench", "data", "settings"),
)

HELP = """Image recognition you can see through: build, train, open up and judge networks.

Begin with: pellucid run digits-cnn-64

\b
A first round, from nothing to a picture of your own:
  pellucid list                               what can be run
  pellucid show digits-cnn-64                 what one of them is
  pellucid run digits-cnn-64                  train it; takes half a minute
  pellucid evaluate runs/digits-cnn-64        how good it is, class by class
  pellucid samples samples                    pictures to try
  pellucid predict runs/digits-cnn-64 samples/digits   what it reads in them
  pellucid run my-photos/                     learn from your own images
"""
EXIT_CODES = """\b
Exit codes: 0 done; 1 failed; 2 asked for what there is not; 3 the data cannot
be had; 4 a file or folder cannot be read or written; 130 interrupted.
"""

app = typer.Typer(
    name="pellucid",
    cls=CommandGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=HELP,
    epilog=EXIT_CODES,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"pellucid {__version__}")
        raise typer.Exit


@app.callback()
def pellucid(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _add(name: str) -> None:
    """Add the command of the file ``name``: its group ``app``, or its function of that name.

    A name that Python has for itself, such as list, ends in an underscore.
    """
    module = import_module(f"pellucid.cli.{name}")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=name)
    else:
        app.command(name)(getattr(module, name, None) or getattr(module, f"{name}_"))


for _name in COMMANDS:
    _add(_name)


def main(arguments: Sequence[str] | None = None) -> Any:
    """Run the command line; a failure ends in one message and an exit code, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A letter that the terminal does not have must not end the program.
            name_as_it_is = stream.encoding.lower().startswith("utf")
            stream.reconfigure(errors="surrogateescape" if name_as_it_is else "replace")
    app(arguments, prog_name="pellucid")
