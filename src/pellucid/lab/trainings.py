"""The lab's trainings: each is done once, in a run folder named after its settings, and read after that."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from pellucid.errors import ArgumentError, DataError, FileFormatError
from pellucid.experiments import Experiment, find
from pellucid.layers import Conv2D, Layer
from pellucid.report.rundata import RunData
from pellucid.runs import Settings, resume, run
from pellucid.runs.record.configuration import Configuration

if TYPE_CHECKING:
    from concurrent.futures import Future

# Entries of an experiment's configuration that its results do not depend on.
IGNORED_IN_KEY = ("summary", "reported")


@dataclass
class TrainingStore:
    """Where run folders are kept, and where progress is written: nowhere for None.

    ``existing`` are run folders of the user's to read instead of training, by :func:`key_of`. ``seconds`` has
    the duration of each training that was done here, by folder name. ``pending`` are those that other
    processes do, by folder name: what each wrote, and its duration.
    """

    folder: Path
    progress: TextIO | None = None
    existing: dict[str, Path] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    pending: dict[str, Future[tuple[str, dict[str, float]]]] = field(default_factory=dict)


_CURRENT: ContextVar[TrainingStore | None] = ContextVar("store", default=None)


@contextlib.contextmanager
def using_store(store: TrainingStore) -> Iterator[None]:
    """Let :func:`training` use this store inside the block."""
    token = _CURRENT.set(store)
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
    filters: int | None = None,
) -> RunData:
    """Return the run of an experiment with these settings: trained the first time, read after that.

    The run folder is ``runs/NAME-KEY``, with a key made from the settings. An interrupted training is resumed
    from its last epoch.

    Parameters
    ----------
    name
        Name of an experiment (``pellucid list``).
    seed
        Seed of the network.
    epochs, learning_rate, validation, scaled
        Replace the recipe's values; see :class:`~pellucid.experiments.Experiment` and its ``Split``.
    limit
        The largest number of images to train and validate on.
    filters
        How many kernels the first convolution has.

    Raises
    ------
    FileFormatError
        When the run folder is there and damaged.

    Examples
    --------
    >>> import io, tempfile
    >>> with using_store(TrainingStore(Path(tempfile.mkdtemp()), io.StringIO())):
    ...     run = training("digits-perceptron", epochs=2)
    >>> run.history[-1].epoch
    2
    """
    experiment, settings = experiment_with(
        name, seed, epochs, limit, learning_rate=learning_rate, validation=validation, scaled=scaled,
        filters=filters,
    )  # fmt: skip
    store = _CURRENT.get() or TrainingStore(Path("runs"), sys.stderr)
    key = key_of(experiment, settings)
    if key in store.existing:
        return RunData.read(store.existing[key])
    folder = store.folder / folder_name(experiment, settings)
    if folder.name in store.pending:
        _wait_for(folder.name, store)
    with contextlib.redirect_stderr(store.progress or io.StringIO()):
        _train(folder, experiment, settings, store)
    return RunData.read(folder)


def experiment_with(
    name: str, seed: int = 0, epochs: int | None = None, limit: int | None = None, **changes: Any
) -> tuple[Experiment, Settings]:
    """Return the experiment with the changes that are not None, and its settings.

    Examples
    --------
    >>> experiment_with("mnist-cnn", epochs=1, learning_rate=0.001)[0].optimizer.get_config()["learning_rate"]
    0.001
    """
    experiment = find(name).with_recipe(epochs=epochs, learning_rate=changes.get("learning_rate"))
    if changes.get("validation") is not None:
        experiment = replace(experiment, split=replace(experiment.split, validation=changes["validation"]))
    if changes.get("scaled") is not None:
        experiment = replace(experiment, scaled=changes["scaled"])
    if changes.get("filters") is not None:
        experiment = replace(experiment, layers=_with_filters(experiment, changes["filters"]))
    return experiment, Settings(seed=seed, limit=limit)


def _with_filters(experiment: Experiment, filters: int) -> list[Layer]:
    """Return the experiment's layers, with so many kernels in the first convolution."""
    layers = experiment.fresh_layers()
    first = next((place for place, layer in enumerate(layers) if isinstance(layer, Conv2D)), None)
    if first is None:
        raise ArgumentError(
            f"The network of {experiment.name!r} has no convolution. Received: filters={filters!r}"
        )
    layers[first] = Conv2D.from_config({**layers[first].get_config(), "filters": filters})
    return layers


def identity_of(experiment: Experiment, settings: Settings) -> dict[str, Any]:
    """Return everything that a run's results depend on, as JSON-able data."""
    declared = {name: value for name, value in experiment.to_config().items() if name not in IGNORED_IN_KEY}
    chosen = {name: value for name, value in asdict(settings).items() if name != "threads"}
    return cast("dict[str, Any]", json.loads(json.dumps({**declared, "settings": chosen})))


def recorded_identity(configuration: Configuration) -> dict[str, Any]:
    """Return the same from the configuration that a run folder recorded."""
    if configuration.settings is None:
        raise DataError("settings is missing")
    return identity_of(configuration.experiment.experiment(), configuration.settings)


def key_of(experiment: Experiment, settings: Settings) -> str:
    """Return a short digest of everything that the results depend on.

    Examples
    --------
    >>> key_of(*experiment_with("mnist-cnn")) == key_of(*experiment_with("mnist-cnn", epochs=6))
    True
    >>> key_of(*experiment_with("mnist-cnn")) == key_of(*experiment_with("mnist-cnn", epochs=5))
    False
    """
    identity = json.dumps(identity_of(experiment, settings), sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()[:8]


def folder_name(experiment: Experiment, settings: Settings) -> str:
    """Return the name of the folder of a training, in the folder of runs.

    Examples
    --------
    >>> folder_name(*experiment_with("mnist-cnn", epochs=1)).rpartition("-")[0]
    'mnist-cnn'
    """
    return f"{experiment.name}-{key_of(experiment, settings)}"


def _wait_for(name: str, store: TrainingStore) -> None:
    """Wait for a training that another process does, and tell of it."""
    told, seconds = store.pending.pop(name).result()
    store.seconds.update(seconds)
    if store.progress is not None:
        store.progress.write(told)
        store.progress.flush()


def _train(folder: Path, experiment: Experiment, settings: Settings, store: TrainingStore) -> None:
    """Train, resume what was interrupted, or do nothing where the run is finished."""
    began = time.perf_counter()
    state = _state(folder)
    if state == "finished":
        return
    doing = "resuming" if state else "training"
    print(f"{doing} {experiment.name} ({folder.name})", file=sys.stderr, flush=True)
    if state:
        resume(folder)
    else:
        run(experiment, folder, settings, command=f"pellucid run {experiment.name}")
    store.seconds[folder.name] = time.perf_counter() - began


def _state(folder: Path) -> str:
    """Return the status of the run in a folder; "" where there is none to resume."""
    if not (folder / "run.json").is_file():
        return ""
    if not (folder / "configuration.json").is_file():  # killed before training began: nothing is lost
        shutil.rmtree(folder)
        return ""
    status: str = RunData.read(folder).info.status
    if status not in ("running", "interrupted", "failed", "finished"):
        raise FileFormatError(
            f"The run in {folder} can be neither read nor resumed; remove it to train again. "
            f"Received: status={status!r}"
        )
    return status
