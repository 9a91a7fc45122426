"""docs/cli.md is what the commands say, and has each of them and every setting."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from pellucid.cli.main import COMMANDS
from pellucid.core.settings import SETTINGS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")


def test_the_page_is_up_to_date():
    made = runpy.run_path(str(ROOT / "scripts" / "cli_reference.py"))["reference"]()
    assert made == PAGE, "run: python scripts/cli_reference.py"


@pytest.mark.parametrize("heading", [f"## pellucid {name}" for name in COMMANDS])
def test_each_command_has_its_section(heading):
    assert heading in PAGE.splitlines()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_each_setting_has_its_row(setting):
    assert f"\n| `{setting.name}` | {setting.default_text} |" in PAGE
