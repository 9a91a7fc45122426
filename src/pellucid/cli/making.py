"""``pellucid run NAME``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pellucid.cli.options import ExperimentArgument, JsonOption, ThreadsOption
from pellucid.cli.text import labelled, print_json, width

if TYPE_CHECKING:
    from pellucid.runfolder import RunFolder

OPENERS = {"darwin": "open", "win32": "start"}


def run(
    name: ExperimentArgument,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs (cycles, for mnist-by-hand) instead of the recipe's.")
    ] = None,
    batch_size: Annotated[int | None, typer.Option(help="Images a step instead of the recipe's.")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Learning rate instead of the recipe's.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the network: first weights, order of images, dropout.")] = 0,
    threads: ThreadsOption = None,
    limit: Annotated[
        int | None,
        typer.Option(help="Use no more than so many images to train and validate, for a first look."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The run folder to make, instead of runs/NAME.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Train a network, test it, and keep everything in a run folder.

    Ctrl-C ends it cleanly; pellucid resume goes on.

    Example: pellucid run digits-cnn-64

    Example: pellucid run mnist-cnn --epochs 3 --limit 12000

    Example: pellucid run my_experiment.py --seed 1 --out runs/mine-seed-1
    """
    from pellucid.experiments import Settings, find
    from pellucid.experiments import run as run_experiment

    experiment = find(name).with_recipe(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)
    settings = Settings(seed=seed, threads=threads, limit=limit)
    folder = out or free_folder(Path("runs") / experiment.name)
    command = shlex.join(["pellucid", *sys.argv[1:]])
    with telling_how_to_go_on(folder):
        finished = run_experiment(experiment, folder, settings, command=command)
    show_results(finished, as_json=as_json)


def free_folder(wanted: Path) -> Path:
    """Return ``wanted``, or the first of wanted-2, wanted-3, … that does not exist.

    >>> print(free_folder(Path("no-such-folder")))
    no-such-folder
    """
    folder, number = wanted, 1
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder


@contextmanager
def telling_how_to_go_on(folder: Path) -> Iterator[None]:
    """When the block is interrupted, say what it leaves and how to go on with it."""
    try:
        yield
    except KeyboardInterrupt:
        if (folder / "configuration.json").exists():
            typer.echo(f"\nInterrupted. Go on with: pellucid resume {shlex.quote(str(folder))}", err=True)
        else:
            typer.echo("\nInterrupted before training began.", err=True)
        raise


def show_results(run: RunFolder, *, as_json: bool) -> None:
    """Say what came out of a finished run, and write its figures and report."""
    from pellucid.report import write_figures, write_report

    results, page = run.results, run.path / "report.html"
    if as_json:
        print_json({"run": str(run.path), "report": str(page), **results})
    else:
        typer.echo(labelled(_results(results), width()))
    write_figures(run.path)
    write_report(run.path)
    if not as_json:
        typer.echo(f"report         {page}")
        opener = OPENERS.get(sys.platform, "xdg-open")
        typer.echo(f"\nTo look at it: {opener} {shlex.quote(str(page))}", err=True)


def _results(results: dict[str, Any]) -> list[tuple[str, str]]:
    from pellucid.evaluation import Figure

    test = results["test"]
    low, high = test["accuracy_interval"]
    accuracy = Figure(test["accuracy"], low, high, test["n"], "Wilson")
    seconds, rate = results["seconds"]["training"], results["images_per_second"]
    return [
        ("test accuracy", f"{accuracy}; {test['correct']:,} right"),
        ("test loss", f"{test['loss']:.4f}"),
        ("training", f"{seconds:.1f} s, {rate:,.0f} images/s"),
        *(("watch out", warning) for warning in results["warnings"]),
    ]
