"""The points of a comparison: what agrees with what is asked, what differs, and what is only worth a note."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One point of a comparison; ``agrees`` is None for a note that counts neither way."""

    aspect: str  # "layers", "training"
    text: str
    line: int = 0
    agrees: bool | None = True


def agrees(text: str, line: int) -> Finding:
    """Return what agrees in a training."""
    return Finding("training", text, line)


def differs(text: str, line: int) -> Finding:
    """Return what differs in a training."""
    return Finding("training", text, line, agrees=False)


def note(text: str, line: int) -> Finding:
    """Return what is worth a note in a training."""
    return Finding("training", text, line, agrees=None)
