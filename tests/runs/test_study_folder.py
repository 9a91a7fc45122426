import json

import pytest

from pellucid.errors import FileFormatError
from pellucid.runs import RunFolder, Settings
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.study import StudyInfo, StudyStatus
from pellucid.runs.study_folder import is_study, read_study, study_runs, write_study

STUDY = StudyInfo(
    name="mine",
    status=StudyStatus.RUNNING,
    experiment=ExperimentDescription(name="mine"),
    settings=Settings(),
    vary_split=False,
    folders=("seed-0", "seed-1"),
)


def test_what_is_written_comes_back(tmp_path):
    assert not is_study(tmp_path)
    write_study(tmp_path, STUDY)
    assert is_study(tmp_path)
    assert read_study(tmp_path) == STUDY
    written = json.loads((tmp_path / "summary.json").read_text())
    assert (written["format"], written["version"]) == ("pellucid-seeds", 2)


def test_runs_come_in_the_order_of_the_seeds(tmp_path):
    write_study(tmp_path, STUDY)
    for name in ("seed-1", "seed-0"):
        RunFolder.create(tmp_path / name)
    assert [run.path.name for run in study_runs(tmp_path)] == ["seed-0", "seed-1"]


def test_a_folder_without_a_summary_is_named(tmp_path):
    with pytest.raises(FileFormatError, match=r"summary\.json cannot be read: it is not there"):
        read_study(tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", r"it is not whole JSON"),
        ('{"format": "other"}', r"is not the summary of a seed study .* format='other', version=None"),
        (json.dumps({"format": "pellucid-seeds", "version": 3}), r"version=3, not 'pellucid-seeds' and 2"),
        (
            json.dumps({"format": "pellucid-seeds", "version": 1, "name": "a"}),
            r"summary.json has no 'status'",
        ),
    ],
)
def test_a_summary_that_is_none_says_why(tmp_path, text, fault):
    (tmp_path / "summary.json").write_text(text)
    with pytest.raises(FileFormatError, match=fault):
        read_study(tmp_path)
