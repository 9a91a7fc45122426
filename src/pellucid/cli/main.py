"""``pellucid``: the commands by their names.

Results go to standard output, progress and errors to standard error. Exit codes:

====  ==========================================================================
0     done
1     failed, such as a loss that became NaN; or nobody reads the output any more
2     asked for what there is not, or what cannot be
3     the data cannot be had
4     a file or folder cannot be read or written
130   interrupted (Ctrl-C)
====  ==========================================================================
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from pellucid import __version__
from pellucid.cli import bench as benching
from pellucid.cli import check as checking
from pellucid.cli import compare as comparing
from pellucid.cli import data as datasets
from pellucid.cli import evaluate as evaluating
from pellucid.cli import lab as labbing
from pellucid.cli import list as listing
from pellucid.cli import predict as predicting
from pellucid.cli import report as reporting
from pellucid.cli import resume as resuming
from pellucid.cli import run as making
from pellucid.cli import show as showing
from pellucid.cli import suffices as sufficing
from pellucid.cli.commands import Commands

HELP = """Image recognition you can see through: build, train, open up and judge networks.

Begin with: pellucid run digits-cnn-64

\b
A first round, from nothing to a picture of your own:
  pellucid list                               what can be run
  pellucid show digits-cnn-64                 what one of them is
  pellucid run digits-cnn-64                  train it; takes half a minute
  pellucid evaluate runs/digits-cnn-64        how good it is, class by class
  pellucid predict runs/digits-cnn-64 a.png   what it reads in a picture
"""
EXIT_CODES = """\b
Exit codes: 0 done; 1 failed; 2 asked for what there is not; 3 the data cannot
be had; 4 a file or folder cannot be read or written; 130 interrupted.
"""

app = typer.Typer(
    name="pellucid",
    cls=Commands,
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


app.command("list")(listing.list_experiments)
app.command("show")(showing.show)
app.command("run")(making.run)
app.command("resume")(resuming.resume)
app.command("evaluate")(evaluating.evaluate)
app.command("predict")(predicting.predict)
app.command("report")(reporting.report)
app.command("compare")(comparing.compare)
app.command("suffices")(sufficing.suffices)
app.command("lab")(labbing.lab)
app.command("workbook")(checking.workbook)
app.command("check")(checking.check)
app.command("bench")(benching.bench)
app.add_typer(datasets.app, name="data")


def main(arguments: Sequence[str] | None = None) -> Any:
    """Run the command line; a failure ends in one message and an exit code, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A letter that the terminal does not have must not end the program.
            name_as_it_is = stream.encoding.lower().startswith("utf")
            stream.reconfigure(errors="surrogateescape" if name_as_it_is else "replace")
    app(arguments, prog_name="pellucid")
