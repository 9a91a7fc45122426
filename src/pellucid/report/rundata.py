"""A run's data for the report: loaded and cross-checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.errors import FileFormatError
from pellucid.evaluation.confusion import confusion_matrix
from pellucid.runs import PredictionTable, RunFolder
from pellucid.runs.record.history import History
from pellucid.runs.sufficiency import current_uses

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from pellucid.runs.record.configuration import Configuration
    from pellucid.runs.record.environment import Environment
    from pellucid.runs.record.results import Results
    from pellucid.runs.record.run_info import RunInfo
    from pellucid.runs.record.uses import Uses


@dataclass(frozen=True)
class Mistakes:
    """M misclassified test images, the most confident first.

    Their true class, the class predicted and its probability, the second most probable class and its
    probability: each (M,). ``total`` is the number of all mistakes, of which the run has the pictures of M.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    second: NDArray[np.int64]
    second_confidence: NDArray[np.float32]
    total: int


@dataclass(frozen=True)
class RunData:
    """The content of a run folder; what the run has not written (yet) is None or empty."""

    folder: RunFolder
    configuration: Configuration
    environment: Environment
    history: History
    results: Results | None
    predictions: PredictionTable | None
    pictures: dict[str, NDArray[Any]]
    uses: Uses | None = None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> RunData:
        """Return the run in the folder ``path``.

        Raises
        ------
        FileFormatError
            When it is not a run folder, a file is missing or damaged, or two files contradict each other.
        """
        run = RunFolder.open(path)
        data = cls(
            folder=run,
            configuration=run.configuration,
            environment=run.environment,
            history=run.history if run.has("history.json") else History(),
            results=run.results if run.has("results.json") else None,
            predictions=run.predictions if run.has("predictions.csv") else None,
            pictures=run.pictures if run.has("pictures.npz") else {},
            uses=current_uses(run),
        )
        contradiction = data._contradiction()
        if contradiction:
            raise FileFormatError(
                f"The files of the run folder {run.path} do not belong together: {contradiction}. "
                "Make the run again, or restore all files from the same copy."
            )
        return data

    @property
    def info(self) -> RunInfo:
        """Identity and status of the run."""
        return self.folder.info

    @property
    def classes(self) -> list[str]:
        """The names of the classes."""
        return list(self.configuration.dataset.classes)

    @property
    def images_per_cycle(self) -> int | None:
        """Number of training images per cycle, if the run counts cycles rather than epochs."""
        return self.configuration.training.images_per_cycle

    @property
    def threads(self) -> int | None:
        """Number of threads used for training, if known."""
        threads = self.configuration.training.threads
        return self.environment.threads if threads is None else threads

    def measured(self, quantity: str) -> bool:
        """Return whether the history has the loss or the accuracy, in any form."""
        return self.history.measured(quantity, f"train_{quantity}", f"val_{quantity}")

    @property
    def unit(self) -> str:
        """Name of what a history row covers: "epoch" or "cycle"."""
        return "cycle" if self.images_per_cycle else "epoch"

    @cached_property
    def matrix(self) -> NDArray[np.int64] | None:
        """The confusion matrix (U, U) of the test predictions, rows = true class."""
        if self.predictions is None:
            return None
        return confusion_matrix(self.predictions.labels, self.predictions.predicted, len(self.classes))

    @property
    def mistakes(self) -> Mistakes | None:
        """The most confident mistakes; None if the run has no pictures of them."""
        if (
            self.predictions is None
            or "mistakes" not in self.pictures
            or "mistake_index" not in self.pictures
        ):
            return None
        index = self.pictures["mistake_index"]  # (M,)
        predicted, labels = self.predictions.predicted, self.predictions.labels
        others = self.predictions.probabilities[index]  # (N, U) -> (M, U)
        rows = np.arange(len(index))
        confidence = others[rows, predicted[index]]
        others[rows, predicted[index]] = -1
        second = others.argmax(axis=1)
        return Mistakes(
            images=self.pictures["mistakes"],
            labels=labels[index],
            predicted=predicted[index],
            confidence=confidence,
            second=second,
            second_confidence=others[rows, second],
            total=int((predicted != labels).sum()),
        )

    @property
    def cycle_accuracy(self) -> list[float]:
        """The validation accuracy after each cycle; empty if the run counts epochs."""
        if not self.images_per_cycle:
            return []
        values = self.history.column("val_accuracy")
        return [] if any(map(math.isnan, values)) else values

    def _contradiction(self) -> str | None:
        U = len(self.classes)
        if self.predictions is not None:
            N, columns = self.predictions.probabilities.shape
            if columns != U:
                return f"configuration.json names {U} classes, predictions.csv has {columns}"
            if self.results is not None and self.results.test.n != N:
                return f"results.json counts n={self.results.test.n} test images, predictions.csv has {N}"
            index = self.pictures.get("mistake_index", np.zeros(0, np.int64))
            if index.size and (index.min() < 0 or index.max() >= N):
                return f"pictures.npz shows test image {index.max()}, predictions.csv has {N} rows"
        labels = self.pictures.get("first_labels", np.zeros(0, np.int64))
        if labels.size and (labels.min() < 0 or labels.max() >= U):
            return (
                f"pictures.npz shows an image of class {labels.max()}, configuration.json names {U} classes"
            )
        return None
