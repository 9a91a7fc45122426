"""One thing found wrong with an experiment itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

ONE_SEED = "one-seed"  # the code of the finding that a result rests on a single seed


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


def but_one_seed(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without the one about a single seed, which holds for most runs and is said once.

    Examples
    --------
    >>> but_one_seed([Finding(ONE_SEED, "This is one seed.", "", "")])
    []
    """
    return [finding for finding in findings if finding.code != ONE_SEED]
