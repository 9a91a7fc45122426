"""Real studies of three seeds."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError, OutputError
from pellucid.runs import Settings, seeds
from pellucid.runs.seeds import run_seeds
from pellucid.runs.study_folder import read_study, study_runs

ONE_THREAD = Settings(threads=1)


@pytest.fixture(scope="module")
def study(tmp_path_factory, declare):
    folder = tmp_path_factory.mktemp("studies") / "small"
    return folder, run_seeds(declare(epochs=2), folder, 3, ONE_THREAD, verbose=0)


def test_the_answer_is_made_from_the_runs(study):
    folder, found = study
    accuracies = [run.results.test.accuracy for run in study_runs(folder)]
    assert found.accuracies == pytest.approx(accuracies)
    assert len(set(accuracies)) == 3
    assert found.mean.value == pytest.approx(np.mean(accuracies))
    assert found.deviation == pytest.approx(np.std(accuracies, ddof=1))
    assert found.sentence.startswith("Another seed can give another accuracy: over 3 seeds small read")
    assert read_study(folder).study == found
    assert read_study(folder).status == "finished"


def test_runs_share_their_test_images_and_none_is_called_one_seed(study):
    runs = study_runs(study[0])
    assert [run.configuration.training.seed for run in runs] == [0, 1, 2]
    for run in runs[1:]:
        np.testing.assert_array_equal(run.predictions.index, runs[0].predictions.index)
    assert "one-seed" not in [one.code for run in runs for one in run.results.findings]


def test_the_split_can_vary_as_well(tmp_path, declare):
    found = run_seeds(declare(epochs=1), tmp_path / "s", 2, ONE_THREAD, vary_split=True, verbose=0)
    one, other = study_runs(tmp_path / "s")
    assert set(one.predictions.index) != set(other.predictions.index)
    assert "cannot be separated" in found.sentence
    assert found.seed_share is None


def test_an_interrupted_study_goes_on(tmp_path, declare, monkeypatch):
    small, folder, seen = declare(epochs=1), tmp_path / "s", []

    def interrupted(run):
        seen.append(run.path.name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_seeds(small, folder, 2, ONE_THREAD, verbose=0, on_run=interrupted)
    assert read_study(folder).status == "running"
    first = (folder / "seed-0" / "predictions.csv").stat().st_mtime_ns
    run_seeds(small, folder, 2, ONE_THREAD, verbose=0, on_run=lambda run: seen.append(run.path.name))
    assert seen == ["seed-0", "seed-0", "seed-1"]
    assert (folder / "seed-0" / "predictions.csv").stat().st_mtime_ns == first  # it was not run again


def test_an_interrupted_run_of_a_study_is_resumed(tmp_path, declare, monkeypatch):
    small, folder, run = declare(epochs=1), tmp_path / "s", seeds.run
    run_seeds(small, tmp_path / "whole", 2, ONE_THREAD, verbose=0)

    def stopped(*arguments, **options):
        made = run(*arguments, **options)
        made.resume()  # as if it had ended after its last checkpoint
        raise KeyboardInterrupt

    monkeypatch.setattr(seeds, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_seeds(small, folder, 2, ONE_THREAD, verbose=0)
    monkeypatch.setattr(seeds, "run", run)
    run_seeds(small, folder, 2, ONE_THREAD, verbose=0)
    for name in ("seed-0", "seed-1"):
        predictions = [(one / name / "predictions.csv").read_bytes() for one in (folder, tmp_path / "whole")]
        assert predictions[0] == predictions[1]


def test_another_study_is_not_mixed_with_the_one_there(study, declare):
    with pytest.raises(OutputError, match=r"is of another study \(its experiment differ\); nothing in it"):
        run_seeds(declare(epochs=9), study[0], 3, ONE_THREAD, verbose=0)


def test_a_folder_with_something_else_is_left_alone(tmp_path, declare):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="exists and is not empty; nothing in it was changed"):
        run_seeds(declare(), tmp_path, 2, ONE_THREAD, verbose=0)


@pytest.mark.parametrize("seeds", [1, 2.5, True])
def test_what_is_no_number_of_seeds_is_no_study(tmp_path, declare, seeds):
    with pytest.raises(
        ArgumentError, match=rf"shows from two seeds on, better five\. Received: seeds={seeds}"
    ):
        run_seeds(declare(), tmp_path / "s", seeds)
