import pytest

from pellucid.errors import OutputError
from pellucid.runs import RunFolder
from pellucid.runs.ownership import take
from pellucid.runs.record.history import History
from pellucid.runs.replacing import is_free, make_room


@pytest.fixture
def begun(tmp_path):
    """Return a run that has just begun, and is owned by nobody."""
    return RunFolder.create(tmp_path / "run", command="pellucid run it")


@pytest.mark.parametrize("end", ["stop", "interrupt", "fail"])
def test_a_run_that_ended_before_its_first_epoch_is_replaced(begun, end):
    if end == "interrupt":
        begun.interrupt()
    if end == "fail":
        begun.fail("No.")
    assert is_free(begun.path)
    RunFolder.create(begun.path, command="pellucid run other")
    assert RunFolder.open(begun.path).info.command == "pellucid run other"
    assert [path.name for path in begun.path.parent.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "file", ["checkpoint.safetensors", "model.safetensors", "report.html", "my notes.txt"]
)
def test_one_that_holds_more_is_not(begun, file):
    begun.fail("No.")
    (begun.path / file).write_text("dear")
    refused(begun)
    assert (begun.path / file).read_text() == "dear"


def test_one_with_a_history_is_not(begun):
    begun.write_history(History.of([{"epoch": 1, "loss": 0.5}]))
    begun.interrupt()
    refused(begun)


def test_a_finished_one_is_not(begun):
    begun.finish()
    refused(begun)


def test_one_that_is_being_trained_is_not(begun):
    owned = take(begun.path)
    assert not is_free(begun.path)
    with pytest.raises(
        OutputError, match=r"The run in .*run is being trained by this process \(\d+\) on this"
    ):
        make_room(begun.path)
    owned.release()


def test_one_with_a_damaged_run_json_is_not(begun):
    (begun.path / "run.json").write_text("{")
    refused(begun)


def test_empty_folders_and_half_written_files_are_free(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".summary.json.x.part").write_text("half")
    assert is_free(tmp_path / "run")
    make_room(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_free(tmp_path):
    (tmp_path / "run").write_text("")
    assert not is_free(tmp_path / "run")
    with pytest.raises(OutputError, match="a file of that name exists"):
        make_room(tmp_path / "run")


def refused(run):
    assert not is_free(run.path)
    with pytest.raises(OutputError, match="exists and is not empty; nothing in it was changed"):
        RunFolder.create(run.path)
