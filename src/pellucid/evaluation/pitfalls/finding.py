"""One thing found wrong with an experiment itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong (``message``), what shows it (``evidence``) and what to do (``fix``), each a sentence.

    ``code`` names the kind of finding for machines.

    Examples
    --------
    >>> print(Finding("one-seed", "This is one seed.", "1 run.", "Run it with five seeds."))
    This is one seed. 1 run. Run it with five seeds.
    """

    code: str
    message: str
    evidence: str
    fix: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.message, self.evidence, self.fix)))

    def as_dict(self) -> dict[str, str]:
        """Return the four fields for JSON."""
        return asdict(self)
