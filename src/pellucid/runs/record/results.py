"""``results.json``: what came out, measured on images that the network has not learned from."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.evaluation import Accuracies, Evaluation, Finding, Generalisation
from pellucid.evaluation.calibration import Calibration
from pellucid.evaluation.curve_answers import Convergence, Fit, MoreEpochs
from pellucid.evaluation.intervals import Estimate
from pellucid.evaluation.wording.generalisation import generalisation_sentences


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """Loss and accuracy on ``n`` test images, ``correct`` of them right; the interval is Wilson's at 95 %."""

    __test__ = False  # no class of tests

    n: int
    loss: float
    accuracy: float
    accuracy_interval: tuple[float, float]
    correct: int | None = None

    @property
    def right(self) -> int:
        """How many images were right."""
        return round(self.accuracy * self.n) if self.correct is None else self.correct

    @property
    def estimate(self) -> Estimate:
        """The accuracy with its interval."""
        return Estimate(self.accuracy, *self.accuracy_interval, self.n, "Wilson")


@dataclass(frozen=True, kw_only=True)
class TrainingSeconds:
    """How long training took, in all and epoch by epoch, without the measuring between."""

    training: float
    epochs: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalibrationRecord:
    """The calibration of the test predictions, and that after temperature scaling.

    ``temperature`` was fitted on validation images; where none could be, it and ``after`` are None, and
    ``reason`` says why.
    """

    before: Calibration
    after: Calibration | None = None
    temperature: float | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class GeneralisationRecord:
    """What the curves say: :class:`pellucid.evaluation.Generalisation`, and the ``sentences`` that say it."""

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
        """Return the record of what the curves say."""
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
    """What came out.

    Attributes
    ----------
    test_set_opened
        How often the test set was evaluated.
    findings
        What to watch.
    """

    test: TestResult
    seconds: TrainingSeconds | None = None
    images_per_second: float | None = None
    test_set_opened: int | None = None
    findings: tuple[Finding, ...] = ()
    evaluation: Evaluation | None = None
    calibration: CalibrationRecord | None = None
    generalisation: GeneralisationRecord | None = None

    @property
    def warnings(self) -> list[str]:
        """The findings as texts."""
        return [str(finding) for finding in self.findings]
