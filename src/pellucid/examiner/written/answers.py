"""What was read of questions 1 to 19 in one file: proposals, findings, and the student's text."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from pellucid.examiner.written.questions import Part, WrittenQuestion


@dataclass(frozen=True)
class Point:
    """One thing found, with its place in the file; ``agrees`` is None for a note."""

    text: str
    place: str = ""
    agrees: bool | None = True


@dataclass(frozen=True)
class PartAnswer:
    """One part of a question: its points, those proposed (None: the teacher's), and why."""

    part: Part
    points: float
    proposed: float | None = None
    found: tuple[Point, ...] = ()

    @property
    def differences(self) -> tuple[Point, ...]:
        """What differs from what is asked."""
        return tuple(point for point in self.found if point.agrees is False)

    @property
    def rest(self) -> tuple[Point, ...]:
        """What agrees, and notes."""
        return tuple(point for point in self.found if point.agrees is not False)


@dataclass(frozen=True)
class WrittenAnswer:
    """One question: its parts, and the student's text with where it stands."""

    question: WrittenQuestion
    parts: tuple[PartAnswer, ...]
    text: str = ""
    place: str = ""

    @property
    def proposed(self) -> float | None:
        """The points proposed, together; None where nothing is proposed."""
        decided = [part.proposed for part in self.parts if part.proposed is not None]
        return sum(decided) if decided else None

    @property
    def proposed_of(self) -> float:
        """The largest number of points of the parts for which some are proposed."""
        return sum(part.points for part in self.parts if part.proposed is not None)

    @property
    def to_read(self) -> float:
        """The points that only a reader can give."""
        return self.question.points - self.proposed_of


@dataclass(frozen=True)
class NetworkReport:
    """A network of the digits exercise, or one that no question asks for."""

    name: str
    title: str
    found: tuple[Point, ...]


@dataclass(frozen=True)
class Written:
    """Everything that was read of questions 1 to 19, and remarks on mistakes anywhere in the file."""

    answers: tuple[WrittenAnswer, ...]
    remarks: tuple[Point, ...] = ()
    others: tuple[NetworkReport, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def proposed(self) -> float:
        """All points proposed."""
        return sum(answer.proposed or 0 for answer in self.answers)

    @property
    def proposed_of(self) -> float:
        """The largest number of points of all parts for which some are proposed."""
        return sum(answer.proposed_of for answer in self.answers)

    @property
    def to_read(self) -> float:
        """All points that only a reader can give."""
        return sum(answer.to_read for answer in self.answers)

    def of(self, number: int) -> WrittenAnswer:
        """Return the answer to a question."""
        return next(answer for answer in self.answers if answer.question.number == number)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON-able data; proposals are no marks."""
        return {
            "proposed": self.proposed,
            "proposed_of": self.proposed_of,
            "to_read": self.to_read,
            "remarks": [asdict(one) for one in self.remarks],
            "notes": list(self.notes),
            "other_networks": [asdict(one) for one in self.others],
            "questions": [
                {
                    "number": answer.question.number,
                    "title": answer.question.title,
                    "points": answer.question.points,
                    "proposed": answer.proposed,
                    "proposed_of": answer.proposed_of,
                    "to_read": answer.to_read,
                    "look_for": answer.question.look_for,
                    "text": answer.text,
                    "place": answer.place,
                    "parts": [asdict(part) for part in answer.parts],
                }
                for answer in self.answers
            ],
        }
