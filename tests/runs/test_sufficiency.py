"""Run folders judged: on which predictions, and with which writers."""

from dataclasses import replace

import numpy as np
import pytest

from pellucid.datasets import mnist
from pellucid.datasets.splits import ValidationSource
from pellucid.errors import ArgumentError, DataError, DatasetError, FileFormatError
from pellucid.evaluation import own_use
from pellucid.runs import RunFolder
from pellucid.runs import sufficiency as of_runs
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    SplitDescription,
    TrainingSettings,
)
from pellucid.runs.sufficiency import (
    current_uses,
    predictions_of_test,
    renew_uses,
    sufficiency,
    write_uses,
    writers_of_test,
)

DIGITS = tuple("0123456789")


def read_digits(n, seed, right=0.98):
    """Labels and probabilities of a reader that is sure where it is right."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 10, n)
    sure = np.where(generator.random(n) < right, 0.991, 0.46)
    said = np.where(sure > 0.5, labels, generator.integers(0, 10, n))
    probabilities = np.repeat((1 - sure)[:, np.newaxis] / 9, 10, axis=1)
    probabilities[np.arange(n), said] = sure
    return labels, probabilities / probabilities.sum(axis=1, keepdims=True)


def made(
    path,
    *,
    name="digits",
    classes=DIGITS,
    source=ValidationSource.STRATIFIED,
    sha256="abc",
    tested=True,
    validated=True,
):
    run = RunFolder.create(path / "reader")
    dataset = DatasetDescription(
        name=name, classes=tuple(classes), split=SplitDescription(validation=source), sha256=sha256
    )
    run.write_configuration(
        Configuration(
            experiment=ExperimentDescription(), dataset=dataset, network={}, training=TrainingSettings()
        )
    )
    if tested:
        run.write_predictions(*read_digits(4000, 0))
    if validated:
        run.write_predictions(*read_digits(4000, 1), validation=True)
    return run


@pytest.fixture
def writers(monkeypatch):
    """Forty people wrote a hundred of the test images each."""
    test = np.repeat(np.arange(100, 140), 100)
    monkeypatch.setattr(of_runs, "mnist_writers", lambda: (np.zeros(1), test))
    monkeypatch.setattr(of_runs, "_at_hand", lambda: True)
    return test


def test_thresholds_come_from_validation_images(tmp_path):
    found = sufficiency(made(tmp_path), [own_use(2, 0.01)])
    assert found.basis[0] == (
        "Independent fields: digits drawn by chance; thresholds are chosen on 4,000 validation images and "
        "checked on 4,000 test images."
    )
    assert (
        found.basis[1]
        == "Who wrote the images of digits is not known, so fields by one writer are not measured."
    )
    [assessment] = found.assessments
    assert assessment.independent.guarantee.tested == 2000
    assert assessment.by_writer is None
    assert assessment.verdict == "with a person if errors are independent"


@pytest.mark.parametrize("absent", [{"source": ValidationSource.TEST}, {"validated": False}])
def test_without_validation_images_half_of_the_test_images_serve(tmp_path, absent):
    found = sufficiency(made(tmp_path, **absent), [own_use(2, 0.01)])
    assert "chosen on half of these (2,000), checked on the others" in found.basis[0]
    assert found.assessments[0].independent.guarantee.tested == 1000
    assert found.assessments[0].field.independent.n == 2000


def test_where_the_writers_are_known_two_thirds_of_them_calibrate(tmp_path, writers):
    run = made(tmp_path, name="mnist", sha256=mnist.DOWNLOAD.sha256)
    found = sufficiency(run, [own_use(2, 0.1)])
    assert found.basis[1].startswith(
        "The test images are by 40 writers, none of whom was trained on. Fields by one writer"
    )
    [assessment] = found.assessments
    assert assessment.by_writer.guarantee.tested == 27  # two thirds of the writers
    assert assessment.independent.guarantee.tested == 2000
    assert assessment.field.measured.n == 40
    assert assessment.verdict == "alone if errors are independent"


def test_writers_follow_the_index_of_the_predictions(tmp_path, writers):
    run = made(tmp_path, name="mnist", sha256=mnist.DOWNLOAD.sha256, tested=False)
    run.write_predictions(*read_digits(3, 0), index=[3999, 0, 150])
    assert writers_of_test(run)[0].tolist() == [139, 100, 101]


def test_writers_that_cannot_be_had_are_said(tmp_path, monkeypatch):
    run = made(tmp_path, name="mnist", sha256=mnist.DOWNLOAD.sha256)

    def gone():
        raise DatasetError("No source has it.\nTried: …")

    monkeypatch.setattr(of_runs, "mnist_writers", gone)
    monkeypatch.setattr(of_runs, "_at_hand", lambda: False)
    told = writers_of_test(run)[1]
    assert told == (
        "The list of MNIST's writers cannot be downloaded: fields by one writer are not measured. "
        "No source has it."
    )
    assert writers_of_test(run, fetch=False)[1].endswith("pellucid suffices RUN fetches it.")


def test_other_images_called_mnist_have_no_known_writers(tmp_path, writers):
    assert writers_of_test(made(tmp_path, name="mnist"))[0] is None


def test_classes_must_be_digits(tmp_path):
    run = made(tmp_path, classes=["cat", "dog", "bird", *"3456789"])
    with pytest.raises(
        ArgumentError, match=r"the classes must be the digits 0 to 9; those of reader are cat, dog"
    ):
        sufficiency(run)
    write_uses(run)
    assert not run.has("uses.json")


def test_a_run_without_predictions_is_refused(tmp_path):
    with pytest.raises(DataError, match="Run 'reader' has no predictions, so nothing can be said"):
        predictions_of_test(made(tmp_path, tested=False))


def test_uses_are_kept_in_the_run_folder(tmp_path):
    run = made(tmp_path)
    write_uses(run)
    kept = run.uses
    assert [one.use for one in kept.uses][:2] == ["dutch-postal-code", "us-zip-code"]
    assert [curve.digits for curve in kept.curves] == [2, 4, 5, 7]
    assert all(len(curve.coverage) == len(curve.risk) <= 150 for curve in kept.curves)


def test_verdicts_are_given_anew_when_the_writers_become_known(tmp_path, writers, monkeypatch):
    run = made(tmp_path, name="mnist", sha256=mnist.DOWNLOAD.sha256)
    monkeypatch.setattr(of_runs, "_at_hand", lambda: False)
    write_uses(run)
    run.finish()
    assert not run.uses.by_writer
    assert current_uses(run) == run.uses
    monkeypatch.setattr(of_runs, "_at_hand", lambda: True)
    assert current_uses(run).by_writer
    assert not run.uses.by_writer  # reading alone writes nothing
    renew_uses(run)
    again = RunFolder.open(run.path)
    assert again.uses.by_writer
    assert again.uses == sufficiency(run).record()
    again.check()


def test_what_is_known_of_the_writers_is_not_forgotten(tmp_path, writers, monkeypatch):
    run = made(tmp_path, name="mnist", sha256=mnist.DOWNLOAD.sha256)
    write_uses(run)
    monkeypatch.setattr(of_runs, "_at_hand", lambda: False)
    assert current_uses(run).by_writer


def test_verdicts_by_older_rules_are_given_anew(tmp_path):
    run = made(tmp_path)
    write_uses(run)
    now = run.uses
    old = replace(now, rules=1, uses=tuple(replace(one, verdict="with a person") for one in now.uses))
    run.write_uses(old)
    assert current_uses(run) == now


def test_validation_without_a_class_says_why_nothing_is_told(tmp_path):
    run = made(tmp_path, validated=False)
    labels, probabilities = read_digits(100, 1)
    run.write_predictions(labels[labels > 0], probabilities[labels > 0], validation=True)
    write_uses(run)
    assert run.uses.uses == ()
    assert (
        "What this suffices for is unknown: The calibration data has no image of class 0" in run.uses.basis[0]
    )


def test_probabilities_that_do_not_sum_to_one_are_refused(tmp_path):
    run = made(tmp_path, tested=False)
    run.write_predictions([0, 1], np.full((2, 10), 0.3))
    told = r"predictions.csv in the run folder .* has a row whose probabilities do not sum to 1: row 1"
    with pytest.raises(FileFormatError, match=told):
        sufficiency(run)


def test_too_few_images_for_a_field_are_refused(tmp_path):
    with pytest.raises(DataError, match="4000 images do not make a field of 5000; at least 5000 are needed"):
        sufficiency(made(tmp_path), [own_use(5000, 0.1)])
