"""What the readers of a run folder see; damage of each file is tested in test_folder.py."""

from __future__ import annotations

import pytest

from pellucid.errors import FileFormatError
from pellucid.runs import RunFolder
from pellucid.runs.written_run import SEALED, WrittenRun


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "run", command="pellucid run mine.py")


def test_a_file_that_is_not_there_yet_is_named_with_what_to_do(run):
    with pytest.raises(FileFormatError, match=r"results\.json in the run folder .*run is missing\. The run "):
        WrittenRun(run.path, run.info).results  # noqa: B018  # reading it is what is tested


def test_a_lost_file_counts_as_written(run):
    (run.path / "history.json").write_text("[]")
    run.finish()
    (run.path / "history.json").unlink()
    seen = WrittenRun(run.path, RunFolder.open(run.path).info)
    assert seen.has("history.json")
    assert not seen.has("uses.json")
    with pytest.raises(FileFormatError, match=r"Restore the file from a copy, or make the run again with "):
        seen.check()


def test_run_json_does_not_seal_itself():
    assert "run.json" not in SEALED
