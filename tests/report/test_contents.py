from dataclasses import replace

import pytest

from pellucid.report import contents, drawings
from pellucid.report.html import report_html
from pellucid.report.rundata import RunData
from pellucid.runs import RunFolder
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    TrainingSettings,
)
from pellucid.runs.record.environment import Environment, Processor
from pellucid.runs.record.history import History
from pellucid.runs.record.results import Results, TestResult


@pytest.fixture
def bare(tmp_path):
    """A run folder with nothing in it but what the format asks for."""
    run = RunFolder.create(tmp_path / "bare")
    dataset = DatasetDescription(name="d", classes=("a", "b"))
    run.write_configuration(
        Configuration(
            experiment=ExperimentDescription(), dataset=dataset, network={}, training=TrainingSettings()
        )
    )
    run.write_environment(Environment(python="3.11", platform="Linux", packages={}))
    test = TestResult(n=1, loss=0.5, accuracy=1.0, accuracy_interval=(0.21, 1.0))
    run.write_results(Results(test=test))
    run.finish()
    return run


def test_what_the_format_asks_for_is_enough_for_a_report(bare):
    data = RunData.read(bare.path)
    assert "100 %" in report_html(data)
    assert contents.summary(data) == (
        "A network was trained on the training images of d to distinguish 2 classes, in 0 epochs. "
        "It was then tested on 1 test image."
    )
    assert contents.facts(data) == [("Dataset", "d"), ("Classes", "2: a, b")]
    assert drawings.history_plots(data) == []
    assert 'id="confusion"' not in report_html(data)


def test_results_have_no_more_decimals_than_their_interval_bears(bare):
    [accuracy, loss] = contents.cards(RunData.read(bare.path))
    assert (accuracy.value, accuracy.note) == ("100 %", "95 % interval 21 to 100 % (n = 1); 1 image right")
    assert (loss.value, loss.note) == ("0.5000", "cross-entropy, mean of 1 image")


@pytest.mark.parametrize(("opened", "words"), [(1, "once"), (2, "twice"), (13, "13 times")])
def test_how_often_the_test_set_was_opened(make_run, opened, words):
    run = RunFolder.open(make_run(status="interrupted"))
    run.write_results(replace(run.results, test_set_opened=opened))
    assert ("Test set evaluated", words) in contents.facts(RunData.read(run.path))


@pytest.mark.parametrize("cores", [None, 8])
def test_the_processor_is_named(make_run, cores):
    run = RunFolder.open(make_run(status="interrupted"))
    cpu = Processor(name="A processor", count=cores)
    run.write_environment(replace(run.environment, cpu=cpu, blas=None, git=None))
    versions = dict(contents.versions(RunData.read(run.path)))
    assert versions["Processor"] == "A processor"
    assert versions.get("Processor cores") == (None if cores is None else "8")
    assert "BLAS" not in versions
    assert "Source commit" not in versions


def test_pellucid_is_named_once(make_run):
    run = RunFolder.open(make_run(status="interrupted"))
    run.write_environment(replace(run.environment, packages={"pellucid": "9.9", "numpy": "2"}))
    names = [name for name, _ in contents.versions(RunData.read(run.path))]
    assert names.count("pellucid") == 1


def test_the_threads_are_those_of_the_training(make_run):
    run = RunFolder.open(make_run(status="interrupted"))
    run.write_environment(replace(run.environment, threads=64))
    data = RunData.read(run.path)
    assert contents.cards(data)[2].note.endswith("on 2 threads")
    assert dict(contents.versions(data))["Threads"] == "2"


def test_what_was_not_measured_after_the_epochs_is_not_explained(make_run):
    path = make_run(tested=False, status="interrupted")
    data = RunData.read(path)
    assert contents.measured_after(data)
    assert "<em>After the epoch</em>" in report_html(data)
    RunFolder.open(path).write_history(History.of([{"epoch": 1, "loss": 1.0, "accuracy": 0.5}]))
    data = RunData.read(path)
    assert not contents.measured_after(data)
    assert "<em>After the epoch</em>" not in report_html(data)


@pytest.mark.parametrize(
    ("kept", "planned", "said"),
    [
        (None, 6, "6"),
        (6, 6, "6; the network of epoch 6 was kept, whose validation loss is the lowest"),
        (4, 50, "6 of at most 50; the network of epoch 4 was kept, whose validation loss is the lowest"),
    ],
)
def test_which_epoch_was_kept(make_run, kept, planned, said):
    run = RunFolder.open(make_run(status="interrupted"))
    configuration = run.configuration
    training = replace(configuration.training, epochs=planned)
    run.write_configuration(replace(configuration, training=training))
    run.write_results(replace(run.results, kept_epoch=kept))
    assert dict(contents.facts(RunData.read(run.path)))["Epochs"] == said
