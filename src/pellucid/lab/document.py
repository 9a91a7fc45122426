"""The lab's document as data: sections of texts, code that was run, figures, tables, and the results.

A section is written by one function (:mod:`pellucid.lab.questions`) and shown by three: as HTML, as a Jupyter
notebook and as Markdown. What it says of a measurement stands in its ``results`` too, so that every number
can be traced (:mod:`pellucid.lab.trace`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.lab.cells import imports_first, run_cell
from pellucid.lab.figures import mark

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Text:
    """A paragraph. ``measured`` ones are made from this run's results; the others hold for any run."""

    text: str
    measured: bool


@dataclass(frozen=True)
class Watch:
    """What to watch out for, made from this run's results."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows under heads, made from this run's results."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """A figure and the same in words."""

    figure: Figure
    words: str


@dataclass(frozen=True)
class Code:
    """Code that was run, what it printed, and the figure that it ended in."""

    source: str
    printed: str
    drawing: Drawing | None = None


Part: TypeAlias = Text | Watch | Table | Code


@dataclass
class Section:
    """One question: what is asked, and the parts of the answer.

    ``names`` are the variables of the code run so far, as in a notebook. ``marked`` is written on every
    figure where it is not empty.
    """

    key: str
    title: str
    asked: str
    names: dict[str, Any] = field(default_factory=dict, repr=False)
    marked: str = ""
    parts: list[Part] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """Return a variable of the code that was run."""
        return self.names[name]

    def code(self, source: str, words: Callable[[], str] = str) -> None:
        """Run the code of a cell; ``words`` tells the figure that it ends in."""
        source = imports_first(source)
        printed, figure = run_cell(source, self.names)
        drawing = None
        if figure is not None:
            if self.marked:
                mark(figure, self.marked)
            drawing = Drawing(figure, words())
        self.parts.append(Code(source, printed, drawing))

    def found(self, **results: Any) -> None:
        """Note results: numbers, or lists and mappings of numbers."""
        self.results.update(results)

    def explain(self, text: str) -> None:
        """Add a paragraph that holds for any run."""
        self.parts.append(Text(text, measured=False))

    def say(self, text: str) -> None:
        """Add a paragraph made from the results."""
        self.parts.append(Text(text, measured=True))

    def watch(self, text: str) -> None:
        """Add what to watch out for, made from the results."""
        self.parts.append(Watch(text))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table made from the results."""
        self.parts.append(Table(tuple(head), tuple(tuple(row) for row in rows)))

    def measured_texts(self) -> list[str]:
        """Return all that is said of this run: sentences, warnings and the cells of tables."""
        texts: list[str] = []
        for part in self.parts:
            if isinstance(part, Watch) or (isinstance(part, Text) and part.measured):
                texts.append(part.text)
            elif isinstance(part, Table):
                texts += [cell for row in part.rows for cell in row]
        return texts


@dataclass(frozen=True)
class Document:
    """The whole: its sections under the headings of the groups, and how it was made."""

    title: str
    lead: str
    notes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Section, ...]], ...]
    quick: bool
    about: Mapping[str, str]

    @property
    def sections(self) -> list[Section]:
        """All sections in order."""
        return [section for _, sections in self.groups for section in sections]
