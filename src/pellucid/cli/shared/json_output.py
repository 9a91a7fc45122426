"""The option --json, and printing JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def print_json(value: Any) -> None:
    """Print ``value`` as JSON on standard output.

    Examples
    --------
    >>> print_json({"run": "runs/mnist-cnn"})
    {
      "run": "runs/mnist-cnn"
    }
    """
    typer.echo(json.dumps(value, indent=2, allow_nan=False))
