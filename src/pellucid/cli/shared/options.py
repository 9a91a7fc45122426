"""Options and arguments that several commands share, and how a shell completes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.run_folders import complete_runs


def complete_experiments(incomplete: str) -> list[str]:
    """Return the experiments whose names begin with ``incomplete``.

    Examples
    --------
    >>> complete_experiments("mnist-c")
    ['mnist-cnn', 'mnist-cnn-dropout']
    """
    from pellucid.experiments.catalogue import EXPERIMENTS

    return [one.name for one in EXPERIMENTS if one.name.startswith(incomplete)]


ThreadsOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="Worker threads, by default one per processor; changes no result."),
]
EveryOption = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Show every Nth epoch, the first and the last."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Show the result alone, no progress.")]
ExperimentArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME|FILE.py|FOLDER",
        help="An experiment's name (see: pellucid list), a file that declares one, or a folder of images.",
        autocompletion=complete_experiments,
    ),
]
RunOrStudyArgument = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="The folder of a run, such as runs/mnist-cnn, or of several seeds.",
        autocompletion=complete_runs,
    ),
]
