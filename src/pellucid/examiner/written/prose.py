"""Where in a file the student's text for each question stands: under headings such as Q4, 4. or Vraag 4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pellucid.examiner.files.notebooks import Cell

LAST = 28
LONGEST_STEP = 7  # a bare number this much further on may still be the next question
WORD = r"(?:questions?|vra(?:ag|gen)|frage|q|answers?|antwoord(?:en)?)"
NUMBERS = r"(\d{1,2})((?:\s*(?:[-–/&,+]|and|en|to|t/m|und)\s*(?:q|question|vraag)?\s*\d{1,2})*)"
NAMED = re.compile(
    rf"^[\s#*_>%\[(-]*{WORD}[\s.:#]*(?:(?:to|on|op|bij|zu)\s+)?(?:{WORD})?[\s.:#]*{NUMBERS}(?!\d|\.\d)",
    re.IGNORECASE,
)
BARE = re.compile(r"^\s*(?:(#{1,6}|\*\*|<h\d>)\s*)?(\d{1,2})(?:[.):]|\s*\*\*|(?=\s)|$)(?!\d)", re.IGNORECASE)
COMMENT = re.compile(r"^\s*#+ ?(?!%%|!|-\*-)(.*)$")
LONGEST = 6000  # characters of an answer that are shown


@dataclass
class Section:
    """What stands under the heading of one question, or of several: its text, and its cells or lines."""

    numbers: tuple[int, ...]
    text: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # cells, or lines of a script

    @property
    def prose(self) -> str:
        """The student's text, without empty lines around it."""
        text = "\n".join(self.text).strip()
        return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def sections(cells: Sequence[Cell]) -> list[Section]:
    r"""Return the sections of a notebook, in order; what stands before the first heading is in none.

    Examples
    --------
    >>> found = sections([Cell(1, "text", "## Q4\nIt generalises well.\n## Vraag 5")])
    >>> [(one.numbers, one.prose) for one in found]
    [((4,), 'It generalises well.'), ((5,), '')]
    """
    found: list[Section] = []
    for cell in cells:
        for first, line in _lines(cell):
            numbers = heading(line, found[-1].numbers[-1] if found else 0, first=first)
            if numbers:
                found.append(Section(numbers, [_rest(line)] if _rest(line) else [], [cell.number]))
            elif found and cell.kind == "text":
                found[-1].text.append(line)
        if found and cell.number not in found[-1].places:
            found[-1].places.append(cell.number)
    return found


def heading(line: str, before: int, *, first: bool) -> tuple[int, ...]:
    """Return the questions that a line is the heading of; none where it is no heading.

    A bare number counts at the beginning of a cell or after #, and only a little further than the question
    ``before``: other numbered lines are lists.

    Examples
    --------
    >>> heading("## Question 8 and 9", 7, first=True), heading("4. It rises.", 3, first=True)
    ((8, 9), (4,))
    >>> heading("2. cheques", 1, first=False), heading("In question 4 we saw", 4, first=True)
    ((), ())
    """
    named = NAMED.match(line)
    if named:
        numbers = [int(named[1]), *(int(one) for one in re.findall(r"\d+", named[2]))]
        if len(numbers) == 2 and re.search(r"-|–|to|t/m", named[2]):
            numbers = list(range(numbers[0], numbers[1] + 1))
        return tuple(one for one in numbers if 1 <= one <= LAST)
    bare = BARE.match(line)
    if bare and (bare[1] or first) and before < int(bare[2]) <= before + LONGEST_STEP:
        return (int(bare[2]),) if int(bare[2]) <= LAST else ()
    return ()


def script_cells(source: str) -> list[Cell]:
    """Return a script as cells: a block of comments is text, what stands between is code.

    A cell's number is the number of its first line.
    """
    cells: list[Cell] = []
    block: list[str] = []
    start, kind = 1, ""
    for number, line in enumerate(source.split("\n"), 1):
        comment = COMMENT.match(line)
        now = "text" if comment else "code"
        if now != kind and block:
            cells.append(_block(start, kind, block))
            block = []
        if not block:
            start, kind = number, now
        block.append(comment[1] if comment else line)
    return [*cells, _block(start, kind, block)] if block else cells


def _block(start: int, kind: str, lines: Sequence[str]) -> Cell:
    return Cell(start, "text" if kind == "text" else "code", "\n".join(lines))


def _lines(cell: Cell) -> Iterator[tuple[bool, str]]:
    """Yield the lines that may be headings: all of a text, and the comments of a code cell."""
    first = True
    for line in cell.source.split("\n"):
        if cell.kind == "code":
            comment = COMMENT.match(line)
            if comment and NAMED.match(comment[1]):
                yield False, comment[1]
        elif line.strip() or not first:
            yield first, line
            first = False


def _rest(line: str) -> str:
    """Return what stands on the line of a heading after it."""
    match = NAMED.match(line) or BARE.match(line)
    rest = line[match.end() :] if match else line
    return rest.strip(" \t.:)*_#]-–>")
