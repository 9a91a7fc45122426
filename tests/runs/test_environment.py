"""What a run says of where it ran."""

from __future__ import annotations

import json
from importlib import metadata

import pytest

from pellucid.runs.environment import describe
from pellucid.runs.record.json_form import to_json


@pytest.mark.parametrize("wanted", ["compiled", "numpy"])
def test_compiled_kernels_are_told_of(monkeypatch, wanted):
    pytest.importorskip("numba")
    monkeypatch.setenv("PELLUCID_ENGINE", wanted)
    told = describe(1)
    version = metadata.version("numba")
    assert told.compiled_kernels == (f"numba {version}" if wanted == "compiled" else None)
    assert told.packages["numba"] == version
    assert told.variables["PELLUCID_ENGINE"] == wanted
    json.dumps(to_json(told))


def test_a_deleted_working_folder_has_no_commit(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert describe(1).git is None
