"""Apply the sufficiency assessment to a run folder.

Independent fields: thresholds are chosen on the run's validation images and checked on its test images.
Fields by one writer, if the writers are known: the training writers also wrote the validation images, so
these say nothing about new writers. Thresholds are therefore chosen on the test images of two thirds of the
test writers and checked on those of the others; the network was trained on images of neither.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core import settings
from pellucid.core.randomness import stream
from pellucid.core.wording.plurals import counted
from pellucid.datasets import mnist, mnist_writers, qmnist
from pellucid.datasets.fetching import cache
from pellucid.datasets.splits import ValidationSource
from pellucid.errors import ArgumentError, DataError, DatasetError, OutputError
from pellucid.evaluation.calibration import check_classes_present
from pellucid.evaluation.checked_arrays import IntArray
from pellucid.evaluation.fields import field_accuracy, split_by_writer
from pellucid.evaluation.predictions import Predictions, predictions_of
from pellucid.evaluation.sources import compare_sources
from pellucid.evaluation.sufficiency import Assessment, assess
from pellucid.evaluation.uses import load_uses
from pellucid.evaluation.wording import sentence
from pellucid.runs.record.uses import RULES, RiskCurve, UseRecord, Uses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pellucid.evaluation.uses import Use
    from pellucid.runs.folder import RunFolder

DIGITS = tuple("0123456789")
CURVE_POINTS = 150
CALIBRATION_SHARE = 2 / 3  # of the writers; the more of them, the lower the targets that can be guaranteed
BY_ITSELF = (
    "Each verdict is for images from the source of the test images, prepared alike, and holds by itself: of "
    "many given at 95 % confidence, one in twenty may fail."
)
NOT_MEASURED = "fields by one writer are not measured"


@dataclass(frozen=True, eq=False)
class Sufficiency:
    """The applications that a run suffices for; ``basis`` says, in sentences, what it was measured on."""

    basis: list[str]
    assessments: list[Assessment]

    def record(self) -> Uses:
        """Return what the run folder stores: of the curves, only one per field length."""
        return Uses(
            basis=tuple(self.basis),
            uses=tuple(UseRecord.of(one) for one in self.assessments),
            curves=tuple(_curve(one) for one in _one_of_each_length(self.assessments)),
            rules=RULES,
        )


def predictions_of_test(run: RunFolder, name: str | None = None) -> Predictions:
    """Return a run's test predictions; ``name`` defaults to the experiment's name.

    Raises
    ------
    DataError
        The run does not have any yet.
    """
    return _predictions(run, "predictions.csv", name)


def predictions_of_validation(run: RunFolder, name: str | None = None) -> Predictions | None:
    """Return a run's validation predictions; None if it was validated on the test set or kept none."""
    if not run.has("validation.csv") or _validated_on_test(run):
        return None
    return _predictions(run, "validation.csv", name)


def writers_of_test(run: RunFolder, *, fetch: bool = True) -> tuple[IntArray | None, str]:
    """Return the writer of each test image (N,), or None, and a sentence that says why.

    Parameters
    ----------
    fetch
        Whether the list of writers may be downloaded if it is not in the cache.
    """
    dataset = run.configuration.dataset
    if dataset.name != "mnist" or dataset.sha256 != mnist.DOWNLOAD.sha256:
        return None, f"Who wrote the images of {dataset.name} is not known, so {NOT_MEASURED}."
    if not fetch and not _at_hand():
        return None, (
            f"The list of MNIST's writers is not in the cache: {NOT_MEASURED}; "
            "pellucid suffices RUN fetches it."
        )
    try:
        _, writers = mnist_writers()
    except DatasetError as error:
        reason = str(error).split("\n", 1)[0]
        return None, f"The list of MNIST's writers cannot be downloaded: {NOT_MEASURED}. {reason}"
    of_test = np.asarray(writers[run.predictions.index])
    people = counted(len(np.unique(of_test)), "writer")
    return of_test, f"The test images are by {people}, none of whom was trained on."


def sufficiency(run: RunFolder, uses: Iterable[Use] | None = None, *, fetch: bool = True) -> Sufficiency:
    """Return the applications a run's predictions suffice for; all built-in ones by default.

    Raises
    ------
    ArgumentError
        The run's classes are not the ten digits.
    DataError
        The run has no predictions, or too few images for a single field.
    """
    classes = run.configuration.dataset.classes
    if classes != DIGITS:
        raise ArgumentError(
            "Uses are numbers that are read digit by digit, so the classes must be the digits 0 to 9; "
            f"those of {run.info.name} are {', '.join(classes[:3])}, …"
        )
    test, validation = predictions_of_test(run), predictions_of_validation(run)
    writers, told = writers_of_test(run, fetch=fetch)
    calibration, checked, basis = _for_independent(test, validation)
    found = [
        _assessed(use, calibration, checked, test, writers)
        for use in (load_uses().values() if uses is None else uses)
    ]
    if writers is not None:
        told += (
            " Fields by one writer: thresholds are chosen on two thirds of these writers and checked on the "
            "others; writers count, not fields."
        )
    return Sufficiency([basis, told, BY_ITSELF], found)


def sufficiency_for(run: RunFolder, own: Predictions, uses: Iterable[Use] | None = None) -> Sufficiency:
    """Return the applications that a run suffices for on a person's own labelled images.

    Thresholds are fitted anew, on two thirds of the own images, and checked on the others.

    Raises
    ------
    DataError
        Too few images for a field, or a class without an image.
    """
    compared = compare_sources(predictions_of_test(run).probabilities, own.probabilities)
    order = stream(0, "labelled").permutation(len(own.labels))
    cut = round(CALIBRATION_SHARE * len(order))
    calibration, checked = _taken(own, order[:cut]), _taken(own, order[cut:])
    basis = (
        f"Your own {counted(len(order), 'labelled image')}: thresholds are chosen on {cut:,} of them and "
        "checked on the others. The verdicts are for images from the same source as yours, prepared alike."
    )
    chosen = load_uses().values() if uses is None else uses
    return Sufficiency([basis, sentence(compared)], [assess(one, calibration, checked) for one in chosen])


def write_uses(run: RunFolder) -> None:
    """Assess the built-in applications and store the result in the run folder; only for digits."""
    try:
        content = sufficiency(run, fetch=False).record()
    except ArgumentError:
        return
    except DataError as error:
        content = Uses(basis=(f"What this suffices for is unknown: {error}",), uses=())
    run.write_uses(content)


def current_uses(run: RunFolder) -> Uses | None:
    """Return the run's verdicts by the present rules and with the writers known by now; None without any.

    Stored verdicts are kept if they are by these rules and know as much as can be known without a download.
    """
    kept = run.uses if run.has("uses.json") else None
    if kept is None or not kept.uses or not run.has("predictions.csv"):
        return kept
    if kept.rules == RULES and (kept.by_writer or writers_of_test(run, fetch=False)[0] is None):
        return kept
    try:
        return sufficiency(run, fetch=False).record()
    except (ArgumentError, DataError):
        return kept


def renew_uses(run: RunFolder) -> None:
    """Store the verdicts anew where they were given by older rules or without knowing the writers."""
    found = current_uses(run)
    if found is not None and found != run.uses:
        with suppress(OutputError):  # a folder that cannot be written to keeps what it has
            run.renew_uses(found)


def _assessed(
    use: Use, calibration: Predictions, checked: Predictions, test: Predictions, writers: IntArray | None
) -> Assessment:
    """Return the assessment on independent fields, and on fields by one writer if the writers are known."""
    found = assess(use, calibration, checked)
    if writers is None or np.unique(writers, return_counts=True)[1].max() < use.digits:
        return found
    first, second = split_by_writer(writers, CALIBRATION_SHARE)
    by_writer = assess(
        use,
        _taken(test, first),
        _taken(test, second),
        calibration_writers=writers[first],
        test_writers=writers[second],
    ).by_writer
    return replace(found, field=field_accuracy(test.correct, use.digits, writers), by_writer=by_writer)


def _for_independent(
    test: Predictions, validation: Predictions | None
) -> tuple[Predictions, Predictions, str]:
    """Return the predictions for choosing and for checking thresholds, and a sentence that says so."""
    if validation is not None:
        check_classes_present(validation.labels, validation.probabilities.shape[1])
        return (
            validation,
            test,
            (
                "Independent fields: digits drawn by chance; thresholds are chosen on "
                f"{counted(len(validation.labels), 'validation image')} and checked on "
                f"{counted(len(test.labels), 'test image')}."
            ),
        )
    shuffled = stream(0, "halves").permutation(len(test.labels))
    first, second = np.array_split(shuffled, 2)
    return (
        _taken(test, first),
        _taken(test, second),
        (
            "Independent fields: digits drawn by chance. The run has no validation images apart from the "
            f"test images, so thresholds are chosen on half of these ({len(first):,}), checked on the others."
        ),
    )


def _predictions(run: RunFolder, file: str, name: str | None) -> Predictions:
    name = name or run.info.name
    if not run.has(file):
        return predictions_of(name, None, None)  # raises an error that says what to do
    kept = run.predictions if file == "predictions.csv" else run.validation
    sha256 = run.configuration.dataset.sha256
    probabilities = kept.probabilities.astype(np.float64)
    return predictions_of(name, kept.labels, probabilities, index=kept.index, dataset=sha256)


def _taken(predictions: Predictions, rows: IntArray) -> Predictions:
    return replace(
        predictions,
        labels=predictions.labels[rows],
        probabilities=predictions.probabilities[rows],
        index=None if predictions.index is None else predictions.index[rows],
    )


def _validated_on_test(run: RunFolder) -> bool:
    return run.configuration.dataset.split.validation is ValidationSource.TEST


def _at_hand() -> bool:
    whole = len(cache.read(qmnist.DOWNLOAD)) == len(qmnist.DOWNLOAD.files)
    return whole or settings.DATA.value() is not None


def _one_of_each_length(assessments: list[Assessment]) -> list[Assessment]:
    """Return, for each field length, the first application without a check digit."""
    first: dict[int, Assessment] = {}
    for one in assessments:
        if one.use.check is None:
            first.setdefault(one.use.digits, one)
    return [first[digits] for digits in sorted(first)]


def _curve(assessment: Assessment) -> RiskCurve:
    curve = assessment.independent.curve
    places = np.unique(np.linspace(0, len(curve.coverage) - 1, CURVE_POINTS).round().astype(int))
    return RiskCurve(
        digits=assessment.use.digits,
        coverage=tuple(curve.coverage[places].tolist()),
        risk=tuple(curve.risk[places].tolist()),
    )
