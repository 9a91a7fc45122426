"""The right answers to all of the examiner's questions as a student's file, and what an answer lost."""

import textwrap
from pathlib import Path

from pellucid.examiner.judging import examine_question
from pellucid.examiner.loading import is_own, load
from pellucid.examiner.submission import from_source

ADAPTER = (Path(__file__).parent / "adapter.txt").read_text("utf-8")


def changed(old, new):
    """The adapter with one thing changed."""
    assert old in ADAPTER
    return ADAPTER.replace(old, new)


def lost(answer):
    """The criteria that were not met, each with its cause."""
    return {outcome.criterion: outcome.cause for outcome in answer.lost}


def graded(source, number, seed=0):
    """Grade a question of a source that stands in a test, in this process."""
    submission = from_source("lowlevel.py", f"import numpy as np\n\n{textwrap.dedent(source)}")
    found = {name: one for name, one in load(submission)[0].items() if callable(one) and is_own(one)}
    for one in found.values():
        one.own = True
    return examine_question(submission, found, number, seed)
