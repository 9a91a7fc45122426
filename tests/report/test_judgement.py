"""What a report says of how good a run is, from a run folder that keeps its evaluation."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from pellucid.evaluation import Finding, apply_temperature, evaluate, measure_calibration, read_curves
from pellucid.evaluation.intervals import undefined
from pellucid.report import judgement, write_report
from pellucid.report.rundata import RunData
from pellucid.runs import RunFolder
from pellucid.runs.record.results import CalibrationRecord, GeneralisationRecord
from pellucid.runs.sufficiency import write_uses

WATCH = Finding("one-seed", "This is <one> seed.", "The experiment was run once.", "Run it with five.")


@pytest.fixture(scope="module")
def run(tmp_path_factory, whole_run, digits):
    """A run folder with the evaluation of its predictions in it: read it, but do not change it."""
    _, labels, probabilities = digits
    path = shutil.copytree(whole_run, tmp_path_factory.mktemp("runs") / "judged")
    folder = RunFolder.open(path)
    folder.resume()
    curves = read_curves(folder.history.columns(), n_train=240, n_validation=240)
    before = measure_calibration(labels, probabilities)
    after = measure_calibration(labels, apply_temperature(probabilities, 0.8))
    folder.write_results(
        replace(
            folder.results,
            findings=(WATCH,),
            evaluation=evaluate(labels, probabilities, class_names=list("0123456789")),
            calibration=CalibrationRecord(before=before, after=after, temperature=0.8),
            generalisation=GeneralisationRecord.of(curves),
        )
    )
    folder.write_predictions(labels[::2], probabilities[::2], validation=True)
    write_uses(folder)
    folder.finish()
    return path


@pytest.fixture(scope="module")
def html(run):
    return page(run)


def page(path):
    return re.sub(r"\s+", " ", write_report(path).read_text("utf-8"))


def test_findings_come_with_evidence_and_fix_and_once(html):
    assert "<h2>What to watch</h2>" in html
    assert "<strong>This is &lt;one&gt; seed.</strong> The experiment was run once. " in html
    assert html.count("The experiment was run once.") == 1  # the warnings are not told again


def test_what_the_curves_say_is_what_was_measured(run, html):
    data = RunData.read(run)
    sentences = judgement.generalisation(data)
    assert sentences == data.results.generalisation.sentences
    assert len(sentences) > 3
    assert all(sentence.replace("'", "&#39;") in html for sentence in sentences)


def test_each_class_has_its_estimates_with_intervals(run, html, digits):
    _, labels, probabilities = digits
    rows = judgement.classes(RunData.read(run))
    assert [row.name for row in rows] == list("0123456789")
    eights = (labels == 8).sum()
    found = ((labels == 8) & (probabilities.argmax(axis=1) == 8)).sum() / eights
    assert rows[8].images == str(eights)
    assert re.match(rf"{100 * found:.0f}(\.\d)? % \(\d", rows[8].recall)
    assert '<th scope="row">8</th>' in html
    assert rows[8].missed == ((labels == 8) & (probabilities.argmax(axis=1) != 8)).sum()
    assert rows[8].wrong == ((labels != 8) & (probabilities.argmax(axis=1) == 8)).sum()
    assert "among the 2 most probable" in html


def test_reliability_is_drawn_and_told(html):
    assert "<h2>How sure it is</h2>" in html
    assert "With the temperature that fits the validation images best, 0.80, they are" in html
    assert "After temperature scaling:" in html


def calibrated(before, by_chance, after, n=1000):
    """Return a calibration record with these errors."""
    [labels, table] = np.zeros(2, int), np.array([[0.9, 0.1], [0.6, 0.4]])
    measured = measure_calibration(labels, table)

    def of(value):
        error = replace(measured.error, value=value, n=n)
        return replace(measured, error=error, by_chance=by_chance)

    return CalibrationRecord(before=of(before), after=of(after), temperature=1.07)


@pytest.mark.parametrize(
    ("before", "by_chance", "after", "ending"),
    [
        (0.004, 0.003, 0.005, "0.5 points apart on the test images: no gain from temperature scaling."),
        (
            0.004,
            0.010,
            0.002,
            "0.2 points apart on the test images: no gain beyond chance from temperature scaling.",
        ),
        (0.200, 0.010, 0.020, "the model file contains it, the probabilities in this report do not."),
    ],
)
def test_one_sentence_tells_how_far_apart_and_whether_a_temperature_helps(before, by_chance, after, ending):
    told = judgement.calibration_summary(calibrated(before, by_chance, after))
    assert told.endswith(ending)
    assert "may help" not in told
    assert ("temperature scaling helps" in told) == (after < before > by_chance)


def test_few_images_have_no_reliability_diagram(run, tmp_path):
    run = shutil.copytree(run, tmp_path / "run")
    folder = RunFolder.open(run)
    results = folder.results
    folder.resume()
    folder.write_results(replace(results, calibration=calibrated(0.2, 0.21, 0.19, n=45)))
    data = RunData.read(run)
    assert judgement.reliability(data) is None
    told = "With 45 test images a reliability diagram would show mostly chance."
    assert judgement.calibration(data)[-1] == told
    assert told in page(run)
    assert "reliability-" not in page(run)


def test_a_temperature_that_could_not_be_fitted_says_why(run, tmp_path):
    run = shutil.copytree(run, tmp_path / "run")
    folder = RunFolder.open(run)
    results = folder.results
    folder.resume()
    unfitted = replace(results.calibration, after=None, temperature=None, reason="No class 7.")
    folder.write_results(replace(results, calibration=unfitted))
    assert judgement.calibration(RunData.read(run))[0].endswith(". No temperature was fitted. No class 7.")
    assert judgement.reliability(RunData.read(run))[1] is None
    assert "After temperature scaling:" not in page(run)


def test_every_use_has_its_verdict(run, html):
    data = RunData.read(run)
    rows = judgement.uses(data)
    assert [row.title for row in rows] == [one.title for one in data.uses.uses]
    postal, kept = rows[0], data.uses.uses[0]
    assert (postal.digits, postal.target, postal.by_writer) == ("4 digits", "1 %", "–")
    assert postal.verdict.lower() == f"{kept.conclusion}."
    assert postal.why.lower() == f"{kept.reason}.".lower()
    assert "<h2>Is it enough?</h2>" in html
    assert "Right, one writer" not in html  # nobody knows who wrote these digits
    assert html.count("<summary><strong>") == len(rows)  # a line each, the reasons folded
    assert html.count("<span>Why</span>") == len(rows)


def test_figures_of_the_evaluation_are_written_too(run):
    from pellucid.report import write_figures

    names = {path.stem for path in write_figures(run)}
    assert {"reliability", "risk-coverage"} <= names


def test_a_run_that_kept_no_evaluation_has_no_such_sections(make_run):
    html = page(make_run())
    for head in ("What to watch", "What the curves say", "Each class", "How sure it is", "Is it enough?"):
        assert head not in html


def test_classes_without_images_are_not_defined(run, tmp_path):
    run = shutil.copytree(run, tmp_path / "run")
    folder = RunFolder.open(run)
    evaluation = folder.results.evaluation
    classes = [replace(one, recall=undefined("Wilson")) for one in evaluation.classes]
    changed = replace(evaluation, classes=tuple(classes))
    folder.resume()
    folder.write_results(replace(folder.results, evaluation=changed))
    assert judgement.classes(RunData.read(run))[0].recall == "not defined"
