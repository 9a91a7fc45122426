"""Tests mirror the source: ``src/pellucid/a/b.py`` is tested by ``tests/a/test_b.py``."""

from __future__ import annotations

from pathlib import Path

from imports import ROOT

TESTS = Path(__file__).parent
LISTED = TESTS / "support" / "tested_elsewhere.txt"


def unmirrored(tests: Path) -> set[str]:
    """Return the modules that have neither a test file of their name nor one of their folder's name."""
    found = set()
    for path in ROOT.rglob("*.py"):
        module = path.relative_to(ROOT)
        own = tests / module.parent / f"test_{module.name}"
        of_the_folder = tests / module.parent.parent / f"test_{module.parent.name}.py"
        if not module.name.startswith("__") and not own.exists() and not of_the_folder.exists():
            found.add(module.as_posix())
    return found


def test_a_module_has_a_test_file_of_its_name():
    listed = set(LISTED.read_text("utf-8").split())
    assert unmirrored(TESTS) - listed == set()  # the list may only become shorter


def test_a_module_without_one_is_noticed():
    assert "functions/convolution.py" in unmirrored(TESTS / "nowhere")
    assert "functions/convolution.py" not in unmirrored(TESTS)
