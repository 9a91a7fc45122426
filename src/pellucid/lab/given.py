"""Run folders that somebody has already: which training of the lab each is, or why it is none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.lab.runs import key_of, recipe_in, recipe_of, wanted
from pellucid.lab.scales import FULL, Scale, Training
from pellucid.runs import RunFolder


def recognised(folders: Iterable[Path], trainings: Iterable[Training], scale: Scale) -> dict[str, Path]:
    """Return the run folders by the key of the training that they answer.

    A folder may hold a run, or run folders: of these the ones that do not fit are left out, if any fits. A
    run in full answers a quick lab too, but not the other way.

    Raises
    ------
    FileFormatError
        A folder that is no run folder and holds none.
    ArgumentError
        A run that is not finished, or of an experiment or with settings that the lab does not ask for.
    """
    trainings = list(trainings)
    found: dict[str, Path] = {}
    for folder in folders:
        inside = _runs_in(folder)
        answers = {one: _answers(one, trainings, scale, strict=len(inside) == 1) for one in inside}
        if not any(answers.values()):
            _answers(inside[0], trainings, scale, strict=True)  # says why it does not fit
        for one, keys in answers.items():
            for key in keys:
                found.setdefault(key, one)
    return found


def _runs_in(folder: Path) -> list[Path]:
    if (folder / "run.json").is_file():
        return [folder]
    inside = sorted(path.parent for path in folder.glob("*/run.json")) if folder.is_dir() else []
    if not inside:
        RunFolder.open(folder)  # says what is wrong with it
    return inside


def _answers(folder: Path, trainings: list[Training], scale: Scale, *, strict: bool) -> list[str]:
    """Return the keys of the trainings that a run answers; a single folder must answer one."""
    run = RunFolder.open(folder)
    if run.about["status"] != "finished":
        if not strict:
            return []
        raise ArgumentError(
            f"The run in {folder} is {run.about['status']}, not finished. Finish it with "
            f"`pellucid resume {folder}`."
        )
    try:
        recipe = recipe_in(run.configuration)
    except (KeyError, TypeError) as error:
        raise FileFormatError(
            f"The run in {folder} does not say what it trained: {error} is missing."
        ) from error
    keys, faults = [], []
    for training in trainings:
        if training.name != recipe["name"]:
            continue
        differences = []
        for size in (scale, FULL):
            fits = wanted(training.name, **size.settings(training))
            differences = _differences(recipe, recipe_of(*fits))
            if not differences:
                keys.append(key_of(*wanted(training.name, **scale.settings(training))))
                break
        faults += differences
    if keys or not strict:
        return keys
    raise ArgumentError(_refusal(folder, recipe["name"], trainings, faults))


def _differences(given: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    return [
        f"{name} is {_short(given.get(name))} and should be {_short(asked[name])}"
        for name in asked
        if given.get(name) != asked[name]
    ]


def _refusal(folder: Path, name: str, trainings: list[Training], faults: list[str]) -> str:
    if faults:
        told = "; ".join(dict.fromkeys(faults))
        return f"The run in {folder} is of {name}, but not by the lab's recipe: {told}."
    asked = ", ".join(dict.fromkeys(training.name for training in trainings)) or "none"
    return (
        f"The run in {folder} is of the experiment {name!r}, which the questions asked for do not need. "
        f"They need: {asked}."
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
