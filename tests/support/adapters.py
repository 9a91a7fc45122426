"""The right answers to all of the examiner's questions as a student's file, and what an answer lost."""

from pathlib import Path

ADAPTER = (Path(__file__).parent / "adapter.txt").read_text("utf-8")


def changed(old, new):
    """The adapter with one thing changed."""
    assert old in ADAPTER
    return ADAPTER.replace(old, new)


def lost(answer):
    """The criteria that were not met, each with its cause."""
    return {outcome.criterion: outcome.cause for outcome in answer.lost}
