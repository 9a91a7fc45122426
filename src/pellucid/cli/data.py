"""``pellucid data``: what datasets there are, where they lie, and fetching them ahead of time."""

from __future__ import annotations

from typing import Annotated

import typer

from pellucid.cli.shared.command_group import CommandGroup
from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import table, width
from pellucid.core import settings

app = typer.Typer(cls=CommandGroup, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def data() -> None:
    """List and fetch datasets.

    A run fetches what it needs. Fetch ahead to work without a network later.

    Example: pellucid data fetch mnist
    """


@app.command("list")
def list_datasets(as_json: JsonOption = False) -> None:
    """List the datasets, and where each of them is.

    Example: pellucid data list
    """
    from pellucid.datasets import status

    found = status()
    if as_json:
        print_json([one._asdict() for one in found])
        return
    rows = [[one.name, _megabytes(one.bytes), _whereabouts(one.cached, one.source)] for one in found]
    typer.echo(table(["NAME", "SIZE", "WHERE"], rows, "lrl", columns=width()))


def complete_datasets(incomplete: str) -> list[str]:
    """Return the datasets whose names begin so.

    Examples
    --------
    >>> complete_datasets("mni")
    ['mnist', 'mnist_writers']
    """
    from pellucid.datasets.loading import fetchable

    return [name for name in fetchable() if name.startswith(incomplete)]


@app.command()
def fetch(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME",
            help="The datasets, by the names that pellucid data list shows.",
            autocompletion=complete_datasets,
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Fetch datasets now, to use them later without a network.

    Example: pellucid data fetch mnist cifar10
    """
    from pellucid.datasets import fetch as fetch_dataset

    found = [fetch_dataset(name) for name in names]
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in found:
        typer.echo(f"{one.name}: {one.source}")


@app.command()
def where(as_json: JsonOption = False) -> None:
    """Print the folder in which fetched datasets are kept.

    The environment variable PELLUCID_CACHE chooses another one. PELLUCID_DATA names a folder that data files
    are looked for in before anything is downloaded.

    Example: pellucid data where
    """
    from pellucid.datasets import where as cache_folder

    if as_json:
        print_json({"cache": str(cache_folder()), "mirror": settings.DATA.text()})
    else:
        typer.echo(cache_folder())


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size else "-"


def _whereabouts(cached: bool, source: str) -> str:
    return source if cached else "not here yet; fetched when it is first used"
