"""``results.json``: the results, measured on images that the network has not been trained on."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.evaluation import Accuracies, Evaluation, Finding, Generalisation
from pellucid.evaluation.calibration import Calibration
from pellucid.evaluation.curve_answers import Convergence, Fit, MoreEpochs
from pellucid.evaluation.intervals import Estimate
from pellucid.evaluation.wording.generalisation import generalisation_sentences


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """Loss and accuracy on ``n`` test images, ``correct`` of them correct, with Wilson's 95 % interval."""

    __test__ = False  # tells pytest that this is not a test class

    n: int
    loss: float
    accuracy: float
    accuracy_interval: tuple[float, float]
    correct: int | None = None

    @property
    def right(self) -> int:
        """Number of correct images."""
        return round(self.accuracy * self.n) if self.correct is None else self.correct

    @property
    def estimate(self) -> Estimate:
        """The accuracy with its interval."""
        return Estimate(self.accuracy, *self.accuracy_interval, self.n, "Wilson")


@dataclass(frozen=True, kw_only=True)
class TrainingSeconds:
    """Duration of training, in total and per epoch, without the measurements between."""

    training: float
    epochs: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalibrationRecord:
    """The calibration of the test predictions, before and after temperature scaling.

    ``temperature`` was fitted on validation images; if that was impossible, it and ``after`` are None, and
    ``reason`` says why.
    """

    before: Calibration
    after: Calibration | None = None
    temperature: float | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class GeneralisationRecord:
    """Generalisation by the curves: :class:`pellucid.evaluation.Generalisation`, and its ``sentences``."""

    epochs: int
    end: Accuracies | None
    opened: int | None
    best_epoch: int | None
    more_epochs: MoreEpochs
    converged: Convergence
    fit: Fit
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, found: Generalisation) -> GeneralisationRecord:
        """Return the record of an evaluated generalisation."""
        return cls(
            epochs=found.epochs,
            end=found.end,
            opened=found.opened,
            best_epoch=found.best_epoch,
            more_epochs=found.more_epochs,
            converged=found.converged,
            fit=found.fit,
            sentences=tuple(generalisation_sentences(found)),
        )


@dataclass(frozen=True, kw_only=True)
class Results:
    """The results of a run.

    Attributes
    ----------
    test_set_opened
        Number of times the test set was evaluated.
    kept_epoch
        The epoch (from 1) whose network was tested and kept, where that is the best one; None: the last one.
    findings
        Warnings about the run.
    """

    test: TestResult
    seconds: TrainingSeconds | None = None
    images_per_second: float | None = None
    test_set_opened: int | None = None
    kept_epoch: int | None = None
    findings: tuple[Finding, ...] = ()
    evaluation: Evaluation | None = None
    calibration: CalibrationRecord | None = None
    generalisation: GeneralisationRecord | None = None

    @property
    def warnings(self) -> list[str]:
        """The findings as texts."""
        return [str(finding) for finding in self.findings]
