"""Run folders that pellucid 0.1.0 wrote (format version 1): they open, and do all that a new one does."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pellucid.cli.main import app
from pellucid.reading.recognizer import Recognizer
from pellucid.report import write_report
from pellucid.runs import RunFolder, resume
from pellucid.runs.study_folder import study_runs

KEPT = Path(__file__).parent / "old_folders"
FINISHED = ("finished", "by-hand", "own-pictures")


@pytest.fixture
def old(tmp_path):
    """Return a function that unpacks one of the kept folders and returns its path."""

    def unpack(name):
        shutil.unpack_archive(KEPT / f"{name}.zip", tmp_path / name)
        return tmp_path / name

    return unpack


def call(*arguments):
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("name", FINISHED)
def test_a_finished_run_opens_whole(old, name):
    run = RunFolder.open(old(name))
    run.check()
    assert len(run.history) == 2


@pytest.mark.parametrize("name", FINISHED)
def test_a_finished_run_is_evaluated(old, name):
    run = RunFolder.open(old(name))
    assert f"{run.results.test.n} images of" in call("evaluate", run.path)


@pytest.mark.parametrize("name", FINISHED)
def test_a_finished_run_is_reported(old, name):
    page = write_report(old(name)).read_text()
    assert "Training setup" in page
    assert "Confusion matrix" in page


@pytest.mark.parametrize("name", FINISHED)
def test_the_network_of_a_finished_run_still_reads(old, name):
    assert Recognizer.open(old(name)).classes


def test_finished_runs_are_compared(old, tmp_path):
    assert "digits-by-hand" in call(
        "compare", old("finished"), old("by-hand"), "--out", tmp_path / "both.html"
    )


def test_what_a_finished_run_suffices_for(old):
    assert "Student number" in call("suffices", old("finished"))


def test_a_study_opens_and_is_compared_with_itself_made_again(old, tmp_path):
    study = old("study")
    assert [run.path.name for run in study_runs(study)] == ["seed-0", "seed-1"]
    again = shutil.copytree(study, tmp_path / "again")
    assert "Over 2 seeds" in call("compare", study, again, "--out", tmp_path / "both.html")


def test_an_interrupted_run_goes_on_from_its_last_epoch(old):
    folder = old("interrupted")
    begun = RunFolder.open(folder).history
    run = resume(folder, threads=1, verbose=0)
    assert len(run.history) == 12
    assert run.history[0] == begun[0]
    RunFolder.open(folder).check()
