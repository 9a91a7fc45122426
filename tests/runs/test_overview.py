import pytest

from pellucid.runs import RunFolder, Settings, run, run_seeds
from pellucid.runs.overview import overviews
from pellucid.runs.ownership import take


@pytest.fixture(scope="module")
def trained(tmp_path_factory, declare):
    """Return a folder of runs: a finished one, one that has failed, a damaged one, and a study."""
    here = tmp_path_factory.mktemp("trained") / "runs"
    run(declare(epochs=1), here / "done", Settings(threads=1), verbose=0)
    RunFolder.create(here / "failed", name="small").fail("No.")
    RunFolder.create(here / "damaged")
    (here / "damaged" / "run.json").write_text("{")
    run_seeds(declare(epochs=1), here / "seeds", 2, Settings(threads=1), verbose=0)
    (here / "notes").mkdir()
    (here / "report.txt").write_text("mine")
    return here


def test_each_run_and_each_study_is_one_line(trained):
    assert sorted(one.folder.name for one in overviews(trained)) == ["damaged", "done", "failed", "seeds"]


def test_a_finished_run(trained):
    one = entry(trained, "done")
    test = RunFolder.open(one.folder).results.test
    assert (one.name, one.status, one.dataset, one.epochs, one.planned_epochs) == (
        *("small", "finished", "digits", 1, 1),
    )
    assert (one.accuracy, one.interval) == (test.accuracy, test.accuracy_interval)
    assert one.bytes == sum(path.stat().st_size for path in one.folder.iterdir())
    assert one.report is None


def test_a_study_has_the_mean_and_the_range_of_its_seeds(trained):
    one = entry(trained, "seeds")
    tested = [RunFolder.open(one.folder / f"seed-{seed}").results.test.accuracy for seed in (0, 1)]
    assert (one.status, one.seeds, one.finished_seeds) == ("finished", 2, 2)
    assert one.accuracy == pytest.approx(sum(tested) / 2)
    assert one.interval == (min(tested), max(tested))


def test_one_that_failed_has_no_result(trained):
    one = entry(trained, "failed")
    assert (one.status, one.accuracy, one.finished_seeds) == ("failed", None, 0)


def test_a_damaged_one_says_what_is_wrong(trained):
    one = entry(trained, "damaged")
    assert one.status is None
    assert "run.json in" in one.problem


def test_the_latest_is_first(tmp_path):
    for name, created in (("old", "2026-01-01T00:00:00+00:00"), ("new", "2026-02-01T00:00:00+00:00")):
        folder = RunFolder.create(tmp_path / name)
        folder._update(created=created)
    assert [one.folder.name for one in overviews(tmp_path)] == ["new", "old"]


def test_one_that_is_trained_is_running(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    owned = take(folder.path)
    assert overviews(tmp_path)[0].status == "running"
    owned.release()


def entry(folder, name):
    return next(one for one in overviews(folder) if one.folder.name == name)
