"""A question of the lab: key, title, text, the trainings it needs, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.experiments import find

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale, Training


@dataclass(frozen=True)
class Question:
    """One question; ``write`` fills its section and uses the trainings in ``needs``."""

    key: str
    title: str
    prompt: str
    write: Callable[[Section, Scale], None]
    needs: tuple[Training, ...] = ()


def training_lines(scale: Scale, **trainings: Training) -> str:
    """Return the code that assigns each training's run to a variable.

    Examples
    --------
    >>> from pellucid.lab.scale import QUICK, Training
    >>> print(training_lines(QUICK, linear=Training("mnist-linear")))
    from pellucid.lab import training
    <BLANKLINE>
    linear = training("mnist-linear", epochs=5, limit=1500)
    """
    lines = ["from pellucid.lab import training", ""]
    for name, needed in trainings.items():
        settings = [f"{key}={_value(value)}" for key, value in scale.settings(needed).items()]
        lines.append(f"{name} = training({', '.join([_value(needed.name), *settings])})")
    return "\n".join(lines)


def accuracies_lines(runs: Mapping[str, str]) -> str:
    """Return the code that draws runs' training and validation accuracies in one plot, as ``accuracies``.

    ``runs`` holds the variable of each run, by the run's name in the plot.
    """
    listed = ", ".join(f'"{name}": {variable}' for name, variable in runs.items())
    return f"""

from pellucid.lab import plot_compared

accuracies = {{
    f"{{name}}, {{images}}": run.history.column(f"{{key}}_accuracy")
    for name, run in {{{listed}}}.items()
    for key, images in {{"train": "training", "val": "validation"}}.items()
}}
plot_compared(accuracies, "Accuracy, measured after each epoch", shares=True)
"""


def reported_by_others(name: str) -> str:
    """Return the results that others reported for an experiment, attributed to them."""
    reports = []
    for entry in find(name).reported:
        found = [] if entry.test_accuracy is None else [f"test accuracy {entry.test_accuracy:.4f}"]
        found += [] if entry.test_loss is None else [f"test loss {entry.test_loss:.4f}"]
        found += [entry.note] if entry.note else []
        reports.append(f"{entry.by}: {', '.join(found)}")
    results = "; ".join(reports)
    return f"For comparison, results that others report for `{name}` in full (not measured here): {results}."


def _value(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
