"""Environment variables: what each may be, what a wrong value says, and that the code keeps to the table."""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

import pytest

import pellucid
from pellucid.core import settings
from pellucid.errors import ArgumentError, PellucidNote, UnknownNameError

SOURCE = Path(pellucid.__file__).parent
NAMES = {one.name for one in settings.SETTINGS}
OLD = {old.name for one in settings.SETTINGS for old in one.old}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in NAMES | OLD:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda one: one.name)
def test_what_is_not_set_or_set_to_nothing_has_its_default(monkeypatch, setting):
    assert (setting.value(), setting.text(), setting.origin()) == (setting.default, None, "default")
    monkeypatch.setenv(setting.name, "")
    assert (setting.value(), setting.text(), setting.origin()) == (setting.default, None, "default")


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (settings.ENGINE, "plain", "plain"),
        (settings.ENGINE, "numpy", "numpy"),
        (settings.ENGINE, "compiled", "compiled"),
        (settings.THREADS, " 3 ", 3),
        (settings.DATA, "~/data", Path.home() / "data"),
        (settings.CACHE, "cache", Path("cache")),
        (settings.NO_SKIPS, "1", True),
        (settings.NO_SKIPS, "0", False),
        (settings.TEST_NETWORK, "Yes", True),
        (settings.TEST_NETWORK, "off", False),
    ],
)
def test_what_is_set_is_read(monkeypatch, setting, text, value):
    monkeypatch.setenv(setting.name, text)
    assert setting.value() == value
    assert (setting.text(), setting.origin()) == (text, setting.name)


@pytest.mark.parametrize(
    ("setting", "text", "message"),
    [
        (
            settings.ENGINE,
            "numpi",
            "PELLUCID_ENGINE is plain, numpy or compiled. Received: PELLUCID_ENGINE='numpi'",
        ),
        (
            settings.THREADS,
            "two",
            "PELLUCID_THREADS is a whole number of at least 1. Received: PELLUCID_THREADS='two'",
        ),
        (
            settings.THREADS,
            "0",
            "PELLUCID_THREADS is a whole number of at least 1. Received: PELLUCID_THREADS=0",
        ),
        (settings.NO_SKIPS, "2", "PELLUCID_NO_SKIPS is 1 (on) or 0 (off). Received: PELLUCID_NO_SKIPS='2'"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_variable(monkeypatch, setting, text, message):
    monkeypatch.setenv(setting.name, text)
    with pytest.raises(ArgumentError) as error:
        setting.value()
    assert str(error.value) == message


def test_the_home_of_nobody_is_an_error(monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", "~no-such-user-here/data")
    with pytest.raises(ArgumentError, match=r"PELLUCID_DATA is a folder\. .* Received: PELLUCID_DATA='~no"):
        settings.DATA.value()


@pytest.mark.parametrize(
    ("name", "text", "engine"),
    [
        ("PELLUCID_PLAIN", "1", "plain"),
        ("PELLUCID_PLAIN", "0", None),
        ("PELLUCID_PLAIN", "", None),
        ("PELLUCID_COMPILED", "0", "numpy"),
        ("PELLUCID_COMPILED", "", "numpy"),
        ("PELLUCID_COMPILED", "1", None),
    ],
)
def test_old_spellings_of_the_engine_are_honoured_and_explained(monkeypatch, name, text, engine):
    monkeypatch.setenv(name, text)
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", PellucidNote)
        assert settings.ENGINE.value() == engine
    explained = [f"{name}={text} is the old spelling of PELLUCID_ENGINE={engine}."] if engine else []
    assert [str(note.message) for note in notes] == explained
    assert settings.ENGINE.origin() == (name if engine else "default")


def test_the_new_spelling_goes_before_the_old_and_plain_before_numpy(monkeypatch):
    monkeypatch.setenv("PELLUCID_COMPILED", "0")
    monkeypatch.setenv("PELLUCID_PLAIN", "1")
    with pytest.warns(PellucidNote, match="PELLUCID_PLAIN=1 is the old spelling"):
        assert settings.ENGINE.value() == "plain"
    monkeypatch.setenv("PELLUCID_ENGINE", "compiled")
    assert settings.ENGINE.value() == "compiled"


def test_a_wrong_old_spelling_is_an_error(monkeypatch):
    monkeypatch.setenv("PELLUCID_PLAIN", "perhaps")
    with pytest.raises(ArgumentError, match=r"PELLUCID_PLAIN is 1 \(on\) or 0 \(off\)"):
        settings.ENGINE.value()


def test_an_unknown_engine_is_an_unknown_name(monkeypatch):
    monkeypatch.setenv("PELLUCID_ENGINE", "gpu")
    with pytest.raises(UnknownNameError, match="PELLUCID_ENGINE is plain, numpy or compiled"):
        settings.ENGINE.value()


# The table and the code


def modules() -> list[str]:
    return [path.relative_to(SOURCE).as_posix() for path in sorted(SOURCE.rglob("*.py"))]


def test_no_module_names_a_variable_that_is_not_in_the_table():
    for module in modules():
        named = set(re.findall(r"PELLUCID_[A-Z]\w*", (SOURCE / module).read_text("utf-8")))
        assert named <= NAMES | OLD, module


def test_no_other_module_reads_a_variable_by_itself():
    for module in {*modules()} - {"core/settings.py"}:
        tree = ast.parse((SOURCE / module).read_text("utf-8"))
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not texts & (NAMES | OLD), module


def asked_for_in(module: str) -> set[str]:
    text = (SOURCE / module).read_text("utf-8")
    if "from pellucid.core import settings" not in text:
        return set()
    return set(re.findall(r"\bsettings\.([A-Z_]+)\b", text)) & vars(settings).keys()


def test_the_table_says_which_rooms_read_a_variable():
    readers: dict[str, set[str]] = {}
    for module in modules():
        for constant in asked_for_in(module):
            room = module.partition("/")[0].removesuffix(".py")
            readers.setdefault(vars(settings)[constant].name, set()).add(room)
    told = {one.name: set(one.readers) - {"tests"} for one in settings.SETTINGS}
    assert readers == {name: rooms for name, rooms in told.items() if rooms}
