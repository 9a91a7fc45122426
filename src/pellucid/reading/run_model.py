"""The trained network of a finished run, as a function from inputs to probabilities."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.errors import FileFormatError
from pellucid.experiments import mnist_by_hand
from pellucid.experiments.experiment import Program
from pellucid.models.checksums import check
from pellucid.runs import RunFolder
from pellucid.runs.record.run_info import RunStatus

MODEL = "model.safetensors"

Probabilities: TypeAlias = npt.NDArray[np.float32]
Predict: TypeAlias = Callable[[npt.NDArray[np.float32]], Probabilities]


def predict_of(run: RunFolder) -> Predict:
    """Return the function that turns inputs (N, …) into probabilities (N, U).

    Raises as :func:`functions_of` does.
    """
    return functions_of(run)[0]


def functions_of(run: RunFolder) -> tuple[Predict, Predict | None]:
    """Return the functions that turn inputs (N, …) into probabilities (N, U), and into features (N, D).

    The second is None for the program by hand.

    Raises
    ------
    FileFormatError
        When the run is not finished, or its model is missing or was changed.
    """
    path = run.path / MODEL
    if run.info.status is not RunStatus.FINISHED:
        raise FileFormatError(run.standing())
    _check_unchanged(path, (run.info.files or {}).get(MODEL))
    if run.configuration.experiment.program is Program.BY_HAND:
        weights = _weights_by_hand(path)
        return (lambda inputs: mnist_by_hand.predict(weights, inputs)), None

    from pellucid.models import load_model
    from pellucid.models.features import last_features

    model = load_model(path, compile=False)
    return (lambda inputs: np.asarray(model.predict(inputs, verbose=0))), partial(last_features, model)


def _check_unchanged(path: Path, digest: str | None) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise FileFormatError(f"{path} is missing: restore it from a copy, or make the run again.") from None
    if digest not in (None, found):
        raise FileFormatError(
            f"{path} is not what the run wrote: it was changed or cut short afterwards. "
            "Restore it from a copy, or make the run again."
        )


def _weights_by_hand(path: Path) -> mnist_by_hand.Weights:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            tensors: dict[str, Any] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            check(path, tensors, dict(file.metadata() or {}))
        return mnist_by_hand.Weights(**tensors)
    except (SafetensorError, TypeError) as error:
        raise FileFormatError(f"{path} does not hold the weights of mnist-by-hand ({error})") from error
