"""Counts of things, and that no other module makes plurals by itself."""

from __future__ import annotations

import re

import pytest
from imports import ROOT

from pellucid.core.wording.plurals import counted

BY_HAND = re.compile(r"""['"]s?['"] (\* \(|if .* [!=]= 1 )""")  # "s" * (n != 1), "" if n == 1


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 images"), (1, "1 image"), (2, "2 images"), (1234567, "1,234,567 images")]
)
def test_counted(number, text):
    assert counted(number, "image") == text


def test_there_is_no_other_plural():
    elsewhere = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if BY_HAND.search(path.read_text("utf-8"))
    }
    verbs = {"functions/gradients/check.py"}  # one value sits, two values sit
    assert elsewhere - verbs == {"core/wording/plurals.py"}


def test_a_plural_made_by_hand_is_noticed():
    assert BY_HAND.search("""f"{n} image{'s' * (n != 1)}\"""")
    assert BY_HAND.search("""f"{n} image{'' if n == 1 else 's'}\"""")
