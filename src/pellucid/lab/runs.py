"""The trainings of the lab, each in a run folder named after its settings: done once, and then only read."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO, cast

from pellucid.errors import FileFormatError
from pellucid.experiments import Experiment, find
from pellucid.report.rundata import RunData
from pellucid.runs import Settings, resume, run

# Parts of a configuration that say the same of an experiment in other words.
SAID_BESIDE = ("summary", "reported")


@dataclass
class Runs:
    """Where run folders are, and where progress is told.

    ``given`` are run folders to use instead, by the settings that they answer (:func:`key_of`). ``seconds``
    keeps what each training took here; a folder that was there already took none.
    """

    folder: Path
    progress: TextIO | None = None
    given: dict[str, Path] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


_CURRENT: ContextVar[Runs | None] = ContextVar("runs", default=None)


@contextlib.contextmanager
def runs_in(runs: Runs) -> Iterator[None]:
    """Let :func:`training` use these run folders inside the block."""
    token = _CURRENT.set(runs)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def training(
    name: str,
    *,
    seed: int = 0,
    epochs: int | None = None,
    limit: int | None = None,
    learning_rate: float | None = None,
    validation: str | None = None,
    scaled: bool | None = None,
) -> RunData:
    """Return the run of an experiment with these settings; trained the first time, and read after that.

    The run folder is ``runs/NAME-…``, the end made from the settings. An interrupted training goes on from
    its last epoch.

    Parameters
    ----------
    name
        Of an experiment (``pellucid list``).
    seed
        Of the network.
    epochs, learning_rate, validation, scaled
        Instead of the recipe's; see :class:`~pellucid.experiments.Experiment` and its ``Split``.
    limit
        Train and validate on no more than so many images.

    >>> import io, tempfile
    >>> with runs_in(Runs(Path(tempfile.mkdtemp()), io.StringIO())):
    ...     run = training("digits-perceptron", epochs=2)
    >>> run.history[-1]["epoch"]
    2
    """
    experiment, settings = wanted(
        name, seed, epochs, limit, learning_rate=learning_rate, validation=validation, scaled=scaled
    )
    runs = _CURRENT.get() or Runs(Path("runs"))
    key = key_of(experiment, settings)
    if key in runs.given:
        return RunData.read(runs.given[key])
    folder = runs.folder / f"{name}-{key}"
    with contextlib.redirect_stderr(runs.progress or sys.stderr):
        _make(folder, experiment, settings, runs)
    return RunData.read(folder)


def wanted(
    name: str, seed: int = 0, epochs: int | None = None, limit: int | None = None, **changes: Any
) -> tuple[Experiment, Settings]:
    """Return the experiment with the changes that are not None, and its settings.

    >>> wanted("mnist-cnn", epochs=1, learning_rate=0.001)[0].optimizer.get_config()["learning_rate"]
    0.001
    """
    experiment = find(name).with_recipe(epochs=epochs, learning_rate=changes.get("learning_rate"))
    if changes.get("validation") is not None:
        experiment = replace(experiment, split=replace(experiment.split, validation=changes["validation"]))
    if changes.get("scaled") is not None:
        experiment = replace(experiment, scaled=changes["scaled"])
    return experiment, Settings(seed=seed, limit=limit)


def recipe_of(experiment: Experiment, settings: Settings) -> dict[str, Any]:
    """Return all that the results depend on, as JSON-able data."""
    declared = {name: value for name, value in experiment.to_config().items() if name not in SAID_BESIDE}
    chosen = {name: value for name, value in asdict(settings).items() if name != "threads"}
    return cast("dict[str, Any]", json.loads(json.dumps({**declared, "settings": chosen})))


def recipe_in(configuration: dict[str, Any]) -> dict[str, Any]:
    """Return the same of a run's configuration."""
    return recipe_of(
        Experiment.from_config(configuration["experiment"]), Settings(**configuration["settings"])
    )


def key_of(experiment: Experiment, settings: Settings) -> str:
    """Return a short name for all that the results depend on.

    >>> key_of(*wanted("mnist-cnn")) == key_of(*wanted("mnist-cnn", epochs=6))
    True
    >>> key_of(*wanted("mnist-cnn")) == key_of(*wanted("mnist-cnn", epochs=5))
    False
    """
    recipe = json.dumps(recipe_of(experiment, settings), sort_keys=True)
    return hashlib.sha256(recipe.encode()).hexdigest()[:8]


def _make(folder: Path, experiment: Experiment, settings: Settings, runs: Runs) -> None:
    """Train, go on with what was interrupted, or leave alone what is finished."""
    began = time.perf_counter()
    state = _state(folder)
    if state == "finished":
        return
    told = "going on with" if state else "training"
    print(f"{told} {experiment.name} ({folder.name})", file=sys.stderr, flush=True)
    if state:
        resume(folder, verbose=2)
    else:
        run(experiment, folder, settings, verbose=2, command=f"pellucid run {experiment.name}")
    runs.seconds[folder.name] = time.perf_counter() - began


def _state(folder: Path) -> str:
    """Return the status of the run in a folder, "" where there is none to go on with."""
    if not (folder / "run.json").is_file():
        return ""
    if not (folder / "configuration.json").is_file():  # killed before it had begun: nothing to lose
        shutil.rmtree(folder)
        return ""
    status: str = RunData.read(folder).folder.about["status"]
    if status not in ("running", "interrupted", "finished"):
        raise FileFormatError(f"The run in {folder} has status={status!r}; remove it to train again.")
    return status
