from dataclasses import replace

import pytest

from pellucid.errors import ArgumentError, FileFormatError, OutputError
from pellucid.experiments import Split
from pellucid.runs import RunFolder, Settings, resume_seeds, run_seeds
from pellucid.runs.ownership import take
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.record.study import StudyStatus
from pellucid.runs.study_folder import read_study, write_study
from pellucid.runs.study_standing import (
    chosen_seed,
    finished_seeds,
    study_standing,
    study_status,
    unfinished_seeds,
)

ONE_THREAD = Settings(threads=1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, declare):
    folder = tmp_path_factory.mktemp("studies") / "small"
    run_seeds(declare(epochs=1), folder, 3, ONE_THREAD, verbose=0)
    return folder


@pytest.fixture
def stopped(tmp_path, declare):
    """Return a study that was stopped after its first seed."""

    def stop(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_seeds(declare(epochs=1), tmp_path / "study", 3, ONE_THREAD, verbose=0, on_run=stop)
    return tmp_path / "study"


def test_a_whole_study(whole):
    assert study_status(whole) == "finished"
    assert study_standing(whole) == f"Of the study in {whole}, 3 of 3 seeds are finished."
    with pytest.raises(
        ArgumentError, match=r"All seeds of the study in .*small are finished; there is nothing"
    ):
        resume_seeds(whole)


def test_a_study_that_was_stopped_is_resumed_to_the_same_bits(stopped, whole):
    assert study_status(stopped) == "stopped"
    assert study_standing(stopped) == (
        f"Of the study in {stopped}, 1 of 3 seeds are finished: continue with `pellucid resume {stopped}`."
    )
    assert unfinished_seeds(stopped) == ["seed-1", "seed-2"]
    study = resume_seeds(stopped, threads=1, verbose=0)
    assert study.accuracies == read_study(whole).study.accuracies
    for seed in read_study(whole).folders:
        weights = [(one / seed / "model.safetensors").read_bytes() for one in (stopped, whole)]
        assert weights[0] == weights[1]
    assert read_study(stopped).status is StudyStatus.FINISHED


def test_a_seed_that_is_lost_is_run_again(stopped, whole):
    resume_seeds(stopped, threads=1, verbose=0)
    (stopped / "seed-1" / "run.json").unlink()
    for file in (stopped / "seed-1").iterdir():
        file.unlink()
    (stopped / "seed-1").rmdir()
    assert study_status(stopped) == "stopped"
    assert resume_seeds(stopped, threads=1, verbose=0) == read_study(whole).study


def test_a_study_that_is_trained_says_by_whom(stopped, declare):
    RunFolder.create(stopped / "seed-1")
    owned = take(stopped / "seed-1")
    assert study_status(stopped) == "running"
    assert "1 of 3 seeds are finished; seed-1 is being trained by this process" in study_standing(stopped)
    with pytest.raises(OutputError, match=r"The run in .*seed-1 is being trained by this process"):
        resume_seeds(stopped)
    owned.release()


@pytest.mark.parametrize("end", ["fail", "interrupt"])
def test_a_seed_that_failed_or_was_interrupted_is_said(stopped, end):
    run = RunFolder.create(stopped / "seed-1")
    run.fail("No space left.") if end == "fail" else run.interrupt()
    assert study_status(stopped) == {"fail": "failed", "interrupt": "interrupted"}[end]
    assert ("; seed-1 failed: No space left." in study_standing(stopped)) == (end == "fail")


def test_a_study_without_a_finished_seed_says_how_it_stands(stopped):
    info = read_study(stopped)
    write_study(stopped, replace(info, folders=("seed-1", "seed-2")))
    with pytest.raises(FileFormatError, match=r"0 of 2 seeds are finished: continue with `pellucid resume"):
        finished_seeds(stopped)


def test_the_network_used_is_the_best_on_validation_images(whole):
    accuracies = {run.path.name: run.history[-1].val_accuracy for run in finished_seeds(whole)}
    run, why = chosen_seed(whole)
    assert accuracies[run.path.name] == max(accuracies.values())
    assert why == "of the finished seeds, the one with the highest validation accuracy"


def test_of_equally_good_ones_it_is_the_first(stopped):
    resume_seeds(stopped, threads=1, verbose=0)
    for run in finished_seeds(stopped):
        run.resume()
        run.write_history(History((EpochRecord(epoch=1, val_accuracy=0.5),)))
        run.finish()
    assert chosen_seed(stopped)[0].path.name == "seed-0"


def test_a_seed_can_be_asked_for(whole):
    assert chosen_seed(whole, 2)[0].path.name == "seed-2"
    with pytest.raises(ArgumentError, match=r"The finished seeds of .*small are 0, 1, 2\. Received: seed=9"):
        chosen_seed(whole, 9)


@pytest.mark.parametrize("validation", ["none", "test"])
def test_without_validation_images_it_is_the_first(validation, tmp_path, declare):
    declared = declare(epochs=1, split=Split(validation))
    run_seeds(declared, tmp_path / "s", 2, ONE_THREAD, verbose=0)
    run, why = chosen_seed(tmp_path / "s")
    assert (run.path.name, why) == (
        "seed-0",
        "the first finished seed, because no validation images were held out",
    )
