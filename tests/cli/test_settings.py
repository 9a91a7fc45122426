import json

import pytest

from pellucid.core.settings import SETTINGS
from pellucid.errors import PellucidNote


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for one in SETTINGS:
        for name in (one.name, *(old.name for old in one.old)):
            monkeypatch.delenv(name, raising=False)


def test_each_setting_with_its_value_and_where_that_is_from(pellucid, monkeypatch):
    monkeypatch.setenv("PELLUCID_THREADS", "2")
    monkeypatch.setenv("PELLUCID_NO_SKIPS", "yes")
    monkeypatch.setenv("PELLUCID_DATA", "/mirror")
    shown = pellucid("settings").stdout
    blocks = {block.split()[0]: block.splitlines() for block in shown.split("\n\n")}
    assert list(blocks) == [one.name for one in SETTINGS]
    assert blocks["PELLUCID_THREADS"][1] == "  now      2 (from PELLUCID_THREADS)"
    assert blocks["PELLUCID_NO_SKIPS"][1] == "  now      on (from PELLUCID_NO_SKIPS)"
    assert blocks["PELLUCID_DATA"][1] == "  now      /mirror (from PELLUCID_DATA)"
    assert blocks["PELLUCID_ENGINE"][1] == "  now      the fastest available (default)"
    assert blocks["PELLUCID_ENGINE"][-1] == "  before   PELLUCID_PLAIN, PELLUCID_COMPILED"


def test_as_json(pellucid, monkeypatch):
    monkeypatch.setenv("PELLUCID_ENGINE", "numpy")
    found = {one["name"]: one for one in json.loads(pellucid("settings", "--json").stdout)}
    assert found["PELLUCID_ENGINE"] == {
        "name": "PELLUCID_ENGINE",
        "value": "numpy",
        "from": "PELLUCID_ENGINE",
        "default": "the fastest available",
        "help": found["PELLUCID_ENGINE"]["help"],
        "old_spellings": ["PELLUCID_PLAIN", "PELLUCID_COMPILED"],
        "read_by": found["PELLUCID_ENGINE"]["read_by"],
    }
    assert (found["PELLUCID_THREADS"]["value"], found["PELLUCID_THREADS"]["from"]) == (None, "default")
    assert found["PELLUCID_CACHE"]["value"].endswith("cache")


def test_an_old_spelling_is_told(pellucid, monkeypatch):
    monkeypatch.setenv("PELLUCID_PLAIN", "1")
    with pytest.warns(PellucidNote, match="PELLUCID_PLAIN=1 is the old spelling of PELLUCID_ENGINE=plain"):
        assert "  now      plain (from PELLUCID_PLAIN)" in pellucid("settings").stdout


def test_a_wrong_value_is_shown_and_ends_in_its_message(pellucid, monkeypatch):
    monkeypatch.setenv("PELLUCID_THREADS", "many")
    result = pellucid("settings")
    assert "  now      many (from PELLUCID_THREADS)" in result.stdout
    assert result.exit_code == 2
    assert result.stderr == (
        "pellucid: PELLUCID_THREADS is a whole number of at least 1. Received: PELLUCID_THREADS='many'\n"
    )
