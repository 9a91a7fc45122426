import pytest

from pellucid.errors import FileFormatError
from pellucid.runs import RunFolder
from pellucid.runs.identity import read_info, status_of
from pellucid.runs.ownership import take


def test_a_run_is_running_only_while_a_process_owns_it(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    assert (run.info.status, run.status) == ("running", "stopped")
    owned = take(run.path)
    assert run.status == "running"
    owned.release()
    assert status_of(run.path, read_info(run.path)) == "stopped"


@pytest.mark.parametrize("end", ["interrupt", "finish"])
def test_how_it_ended_is_said_whoever_owns_it(tmp_path, end):
    run = RunFolder.create(tmp_path / "run")
    getattr(run, end)()
    assert run.status == run.info.status == {"interrupt": "interrupted", "finish": "finished"}[end]


def test_a_failed_run_says_why(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    run.fail("The disk is full.")
    assert RunFolder.open(run.path).status == "failed"
    assert RunFolder.open(run.path).info.failure == "The disk is full."
    run.resume()
    assert RunFolder.open(run.path).info.failure is None


def test_a_folder_without_run_json_is_no_run(tmp_path):
    with pytest.raises(FileFormatError, match=r"is not a run folder: it has no run\.json"):
        read_info(tmp_path)
