"""``pellucid bench [NAME…]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.layout import width
from pellucid.cli.shared.options import ThreadsOption, complete_experiments


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME|FILE.py]",
            help="Experiments whose networks are measured; the lab's when none is named.",
            autocompletion=complete_experiments,
        ),
    ] = None,
    threads: ThreadsOption = None,
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="How many times each is timed.")] = 5,
    seconds: Annotated[
        float, typer.Option(min=0.01, max=600, metavar="S", help="How many seconds each timing takes.")
    ] = 1.0,
    against: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Libraries to measure as well, if installed: tensorflow, torch, jax, mygrad; with commas.",
        ),
    ] = "",
    keep_environment: Annotated[
        bool,
        typer.Option(
            "--keep-environment",
            help="Keep OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE as they are set, instead of unsetting them.",
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all results to FILE, as JSON.")
    ] = None,
) -> None:
    """Measure how fast networks train and predict here.

    Uses random images in memory, with the shapes and batch sizes of the experiments; each measurement runs in
    its own process. Takes a minute and a half for pellucid alone, several minutes for each other library. Use
    an otherwise idle machine.

    Example: pellucid bench

    Example: pellucid bench mnist-cnn digits-cnn --rounds 3

    Example: pellucid bench mnist-cnn --against tensorflow,torch,jax
    """
    from pellucid.bench.benchmark import BenchOptions, bench
    from pellucid.cli.shared.bench_tables import shown
    from pellucid.core.files import write_text
    from pellucid.runs.record.json_form import to_json

    libraries = [name.strip() for name in against.split(",") if name.strip()]
    options = BenchOptions(names or (), threads, rounds, seconds, libraries, keep_environment)
    found = bench(options, lambda what: typer.echo(f"measuring {what}", err=True))
    if out is not None:
        write_text(out, json.dumps(to_json(found), indent=2, allow_nan=False) + "\n")
    typer.echo(shown(found, width()))
    if out is not None:
        typer.echo(f"\nfigures  {out}")
