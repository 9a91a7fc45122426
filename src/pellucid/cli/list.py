"""``pellucid list``."""

from __future__ import annotations

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import hint, table, width


def list_(as_json: JsonOption = False) -> None:
    """List the experiments that can be run.

    Example: pellucid list
    """
    from pellucid.experiments.catalogue import EXPERIMENTS

    if as_json:
        keys = ("name", "dataset", "epochs", "summary")
        print_json([{key: getattr(one, key) for key in keys} for one in EXPERIMENTS])
        return
    rows = [[one.name, one.dataset, one.summary] for one in EXPERIMENTS]
    typer.echo(table(["NAME", "DATA", "WHAT IT IS"], rows, columns=width()))
    hint("\nLook at one: pellucid show mnist-cnn\nRun one: pellucid run digits-cnn-64")
