"""``pellucid run NAME``."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.interruption import telling_how_to_go_on
from pellucid.cli.shared.json_output import JsonOption
from pellucid.cli.shared.options import EveryOption, ExperimentArgument, QuietOption, ThreadsOption
from pellucid.cli.shared.own_images import is_folder_of_images, show_choices
from pellucid.cli.shared.run_results import show_results, show_seed, show_study
from pellucid.core.terminal import doing, telling


def run(
    name: ExperimentArgument,
    epochs: Annotated[
        int | None,
        typer.Option(metavar="N", help="Epochs (cycles, for mnist-by-hand) instead of the experiment's."),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(metavar="N", help="Batch size instead of the experiment's.")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(metavar="RATE", help="Learning rate instead of the experiment's.")
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="End after N epochs without a lower validation loss, and keep the best epoch's network.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Seed of first weights, order of images and dropout.")
    ] = 0,
    seeds: Annotated[
        int, typer.Option(min=1, metavar="N", help="Run N times, with --seed and the seeds after it.")
    ] = 1,
    split_seed: Annotated[
        int, typer.Option(metavar="N", help="Seed of the split into images to train, validate and test.")
    ] = 0,
    vary_split: Annotated[
        bool, typer.Option("--vary-split", help="With --seeds: another split for each seed as well.")
    ] = False,
    threads: ThreadsOption = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", help="Train and validate on N images at most, for a first look."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The run folder to make, instead of runs/NAME.")
    ] = None,
    every: EveryOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Train a network, test it, and store everything in a run folder.

    Ctrl-C stops it cleanly; pellucid resume continues it.

    A folder with a folder of images for each class is learned with a network that fits them: what was chosen
    is said first.

    Example: pellucid run digits-cnn-64

    Example: pellucid run mnist-cnn --epochs 3 --limit 12000

    Example: pellucid run digits-cnn --seeds 5

    Example: pellucid run my-photos/

    Example: pellucid run my_experiment.py --out runs/mine
    """
    with telling(not quiet), doing("loading pellucid", in_files=False):
        from pellucid.callbacks import Progress
        from pellucid.experiments import find
        from pellucid.runs import Settings, run_seeds
        from pellucid.runs import run as run_experiment

    experiment = find(name).with_recipe(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)
    if patience is not None:
        experiment = replace(experiment, patience=patience)
    settings = Settings(seed=seed, split_seed=split_seed, threads=threads, limit=limit)
    progress = Progress(0 if quiet else "auto", every=every)
    command = shlex.join(["pellucid", *sys.argv[1:]])
    if is_folder_of_images(name) and not quiet:
        show_choices(experiment, settings)
    if seeds == 1:
        folder = out or free_folder(Path("runs") / experiment.name)
        with telling(not quiet), telling_how_to_go_on(folder):
            finished = run_experiment(experiment, folder, settings, verbose=progress, command=command)
            show_results(finished, as_json=as_json)
        return
    folder = out or free_folder(Path("runs") / f"{experiment.name}-{seeds}-seeds")
    with telling(not quiet), telling_how_to_go_on(folder):
        study = run_seeds(
            experiment,
            folder,
            seeds,
            settings,
            vary_split=vary_split,
            verbose=progress,
            command=command,
            on_run=show_seed,
        )
        show_study(folder, study, as_json=as_json)


def free_folder(wanted: Path) -> Path:
    """Return ``wanted``, or the first of wanted-2, wanted-3, … that is free for a new run.

    Free are also the folders of runs that ended before their first epoch: they are replaced.

    Examples
    --------
    >>> print(free_folder(Path("no-such-folder")))
    no-such-folder
    """
    from pellucid.runs.replacing import is_free

    folder, number = wanted, 1
    while not is_free(folder):
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder
