"""The project's own files: one version, a changelog in its form, and reasons beside what is switched off."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pellucid

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
SOURCES = sorted(
    path for folder in ("src", "tests", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)
GROUPS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_version_is_written_in_one_place():
    place = ROOT / PROJECT["tool"]["hatch"]["version"]["path"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert f'__version__ = "{pellucid.__version__}"' in place.read_text("utf-8")
    others = [ROOT / "CITATION.cff", ROOT / "README.md", ROOT / "pyproject.toml"]
    assert [path.name for path in others if f'"{pellucid.__version__}"' in path.read_text("utf-8")] == []


def test_the_changelog_is_in_the_form_of_keep_a_changelog():
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= GROUPS
    assert f"## [{pellucid.__version__}] - " in CHANGELOG


def test_the_slow_tests_are_left_out_unless_asked_for():
    assert "-m 'not slow and not campaign'" in PROJECT["tool"]["pytest"]["ini_options"]["addopts"]
    assert '"-m", "not campaign"' in (ROOT / "scripts/test.py").read_text("utf-8")


SWITCHED_OFF = re.compile(
    r"#\s*(?:ruff: )?noqa(?!\w)(?P<codes>: [A-Z0-9, ]+)?|# type: ignore(?P<kinds>\[[\w,-]+\])?"
)


def without_reason(text: str) -> list[str]:
    """Return the lines that switch a check off and do not say which and why: ``# noqa: E501 - why``."""
    found = []
    for line in text.splitlines():
        match = SWITCHED_OFF.search(line)
        if match and '"' not in line[match.end() :]:
            reason = line[match.end() :].lstrip(" -#").strip()
            if not reason or not (match["codes"] or match["kinds"]):
                found.append(line.strip())
    return found


def test_a_check_that_is_switched_off_has_a_reason():
    found = {str(path.relative_to(ROOT)): without_reason(path.read_text("utf-8")) for path in SOURCES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_missing_reason_is_noticed():
    off = "# no" + "qa"
    assert without_reason(f"x = 1  {off}: E501 - a table") == []
    assert without_reason(f"x = 1  {off}: E501") == [f"x = 1  {off}: E501"]
    assert without_reason(f"x = 1  {off} - a table") == [f"x = 1  {off} - a table"]
    ignore = "# type: " + "ignore[misc]"
    assert without_reason(f"x = 1  {ignore}  # NumPy's stubs") == []
    assert without_reason(f"x = 1  {ignore}") == [f"x = 1  {ignore}"]


TIMED = re.compile(r"^\s*assert\b.*\b(perf_counter|monotonic|time\.time)\(", re.MULTILINE)


def test_no_test_depends_on_how_fast_the_machine_is():
    timed = {str(path.relative_to(ROOT)) for path in SOURCES if TIMED.search(path.read_text("utf-8"))}
    assert timed == set()
