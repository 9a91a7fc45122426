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


def compared_lines(name: str, lines: Mapping[str, str], title: str, *, shares: bool = False) -> str:
    """Return the code that draws columns of histories in one plot, as the variable ``name``.

    ``lines`` holds, by each line's label, the run's variable and the column.

    Examples
    --------
    >>> print(compared_lines("losses", {"raw values": "raw.loss"}, "Training loss").strip())
    from pellucid.lab import plot_compared
    <BLANKLINE>
    losses = {
        "raw values": raw.history.column("loss"),
    }
    plot_compared(losses, "Training loss")
    """
    columns = {label: place.split(".") for label, place in lines.items()}
    listed = [f'    "{label}": {run}.history.column("{key}"),' for label, (run, key) in columns.items()]
    drawn = f'plot_compared({name}, "{title}"{", shares=True" if shares else ""})'
    return (
        "\n".join(["\n\nfrom pellucid.lab import plot_compared\n", f"{name} = {{", *listed, "}", drawn])
        + "\n"
    )


def curves_lines(runs: Mapping[str, str], quantity: str = "accuracy") -> str:
    """Return the code that draws runs' training and validation accuracies, or losses, in one plot.

    ``runs`` holds the variable of each run, by the run's name in the plot.
    """
    lines = {
        f"{name}, {images}" if name else images: f"{variable}.{key}_{quantity}"
        for name, variable in runs.items()
        for key, images in {"train": "training", "val": "validation"}.items()
    }
    shares = quantity == "accuracy"
    title = f"{quantity.capitalize()}, measured after each epoch"
    return compared_lines("accuracies" if shares else "losses", lines, title, shares=shares)


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
