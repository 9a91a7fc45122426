"""A question of the lab: how it is called, what it asks, what it needs trained, and who writes its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.experiments import find

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scales import Scale, Training


@dataclass(frozen=True)
class Question:
    """One question; ``write`` fills its section, having the trainings that it ``needs`` by name."""

    key: str
    title: str
    asked: str
    write: Callable[[Section, Scale], None]
    needs: tuple[Training, ...] = ()


def training_lines(scale: Scale, **trainings: Training) -> str:
    """Return the code that gives each training's run a name.

    >>> from pellucid.lab.scales import QUICK, Training
    >>> print(training_lines(QUICK, linear=Training("mnist-linear")))
    from pellucid.lab import training
    <BLANKLINE>
    linear = training("mnist-linear", epochs=4, limit=6000)
    """
    lines = ["from pellucid.lab import training", ""]
    for name, wanted in trainings.items():
        given = [f"{key}={_value(value)}" for key, value in scale.settings(wanted).items()]
        lines.append(f"{name} = training({', '.join([_value(wanted.name), *given])})")
    return "\n".join(lines)


def reported_by_others(name: str) -> str:
    """Return what others reported of an experiment, named as theirs."""
    told = []
    for entry in find(name).reported:
        results = [] if entry.test_accuracy is None else [f"test accuracy {entry.test_accuracy:.4f}"]
        results += [] if entry.test_loss is None else [f"test loss {entry.test_loss:.4f}"]
        results += [entry.note] if entry.note else []
        told.append(f"{entry.by}: {', '.join(results)}")
    return f"For comparison, what others report of `{name}` in full (not measured here): {'; '.join(told)}."


def _value(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
