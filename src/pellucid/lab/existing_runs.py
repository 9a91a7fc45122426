"""Matching existing run folders to the trainings that the lab needs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pellucid.errors import ArgumentError, DataError, FileFormatError
from pellucid.lab.scale import FULL, Scale, Training
from pellucid.lab.trainings import experiment_with, identity_of, key_of, recorded_identity
from pellucid.runs import RunFolder


def match_runs(folders: Iterable[Path], trainings: Iterable[Training], scale: Scale) -> dict[str, Path]:
    """Return the run folders by the key of the training that each stands for.

    A folder is a run folder, or contains run folders; of these, those that match nothing are ignored as long
    as one matches. A full run serves a quick lab too, but not the other way round.

    Raises
    ------
    FileFormatError
        When a folder is not a run folder and contains none.
    ArgumentError
        When a run is not finished, or the lab needs neither its experiment nor its settings.
    """
    trainings = list(trainings)
    found: dict[str, Path] = {}
    for folder in folders:
        inside = _runs_in(folder)
        matches = {one: _matches(one, trainings, scale, strict=len(inside) == 1) for one in inside}
        if not any(matches.values()):
            _matches(inside[0], trainings, scale, strict=True)  # raises: says why it does not match
        for one, keys in matches.items():
            for key in keys:
                found.setdefault(key, one)
    return found


def _runs_in(folder: Path) -> list[Path]:
    if (folder / "run.json").is_file():
        return [folder]
    inside = sorted(path.parent for path in folder.glob("*/run.json")) if folder.is_dir() else []
    if not inside:
        RunFolder.open(folder)  # raises: says what is wrong with it
    return inside


def _matches(folder: Path, trainings: list[Training], scale: Scale, *, strict: bool) -> list[str]:
    """Return the keys of the trainings that a run stands for; ``strict`` raises where there is none."""
    run = RunFolder.open(folder)
    if run.info.status != "finished":
        if not strict:
            return []
        raise ArgumentError(f"{run.standing()} Received: status={run.status.value!r}")
    try:
        identity = recorded_identity(run.configuration)
    except DataError as error:
        raise FileFormatError(f"The run in {folder} does not say what it trained: {error}.") from error
    keys: list[str] = []
    closest: list[str] = []
    for training in trainings:
        if training.name != identity["name"]:
            continue
        differences = _differences_from(identity, training, scale)
        if not differences:
            keys.append(key_of(*experiment_with(training.name, **scale.settings(training))))
        if not closest or len(differences) < len(closest):
            closest = differences
    if keys or not strict:
        return keys
    raise ArgumentError(_refusal(folder, identity["name"], trainings, closest))


def _differences_from(identity: dict[str, Any], training: Training, scale: Scale) -> list[str]:
    """Return how a run differs from a training, at this scale or in full; nothing where one matches."""
    differences: list[str] = []
    for size in (scale, FULL):
        asked = identity_of(*experiment_with(training.name, **size.settings(training)))
        differences = _differences(identity, asked)
        if not differences:
            break
    return differences


def _differences(recorded: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    return [
        f"{name} is {_short(recorded.get(name))} and should be {_short(asked[name])}"
        for name in asked
        if recorded.get(name) != asked[name]
    ]


def _refusal(folder: Path, name: str, trainings: list[Training], differences: list[str]) -> str:
    if differences:
        listed = "; ".join(differences)
        return f"The run in {folder} is of {name}, but not by the lab's recipe: {listed}."
    needed = ", ".join(dict.fromkeys(training.name for training in trainings)) or "none"
    return (
        f"The chosen questions do not need the run in {folder}; they need runs of: {needed}. "
        f"Received: experiment={name!r}"
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
