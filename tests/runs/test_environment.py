"""What a run says of where it ran."""

from __future__ import annotations

import json
from importlib import metadata

import pytest

from pellucid.runs.environment import describe


@pytest.mark.parametrize("wanted", ["1", "0"])
def test_compiled_kernels_are_told_of(monkeypatch, wanted):
    pytest.importorskip("numba")
    monkeypatch.setenv("PELLUCID_COMPILED", wanted)
    told = describe(1)
    version = metadata.version("numba")
    assert told["compiled_kernels"] == (f"numba {version}" if wanted == "1" else None)
    assert told["packages"]["numba"] == version
    assert told["variables"]["PELLUCID_COMPILED"] == wanted
    json.dumps(told)
