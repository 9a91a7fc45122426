import json

import pytest


def test_list_says_what_is_here(pellucid):
    result = pellucid("data", "list")
    rows = {line.split()[0]: line for line in result.stdout.splitlines()[1:]}
    assert "inside scikit-learn" in rows["digits"]
    assert rows["mnist"].endswith("not here yet; fetched when it is first used")
    assert "55 MB" in rows["mnist"]
    found = json.loads(pellucid("data", "list", "--json").stdout)
    assert [(one["name"], one["cached"]) for one in found][:2] == [("digits", True), ("mnist", False)]


def test_where(pellucid, tmp_path, monkeypatch):
    assert pellucid("data", "where").stdout == f"{tmp_path / 'cache'}\n"
    monkeypatch.setenv("PELLUCID_DATA", "/mirror")
    assert json.loads(pellucid("data", "where", "--json").stdout) == {
        "cache": str(tmp_path / "cache"),
        "mirror": "/mirror",
    }


def test_fetch(pellucid):
    result = pellucid("data", "fetch", "digits")
    assert result.exit_code == 0
    assert result.stdout.startswith("digits: inside scikit-learn")
    assert json.loads(pellucid("data", "fetch", "digits", "--json").stdout)[0]["name"] == "digits"


def test_an_unknown_dataset_offers_the_nearest(pellucid):
    result = pellucid("data", "fetch", "mnis")
    assert result.exit_code == 2
    assert "There is no dataset 'mnis': did you mean 'mnist'? Received: name='mnis'" in result.stderr


def test_data_that_cannot_be_had_is_3(pellucid, monkeypatch):
    from pellucid.errors import DatasetError

    def unreachable(name, **_):
        raise DatasetError(f"No source gives {name}")

    monkeypatch.setattr("pellucid.runs.preparation.load", unreachable)
    result = pellucid("run", "mnist-cnn")
    assert (result.exit_code, result.stderr) == (3, "pellucid: No source gives mnist\n")


@pytest.mark.parametrize("word", ["lst", "ftch"])
def test_an_unknown_word_offers_the_nearest(pellucid, word):
    result = pellucid("data", word)
    assert result.exit_code == 2
    assert f"No such command '{word}'. Did you mean" in result.stderr
