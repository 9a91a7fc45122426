"""The lab's document as data: sections of texts, code that was run, plots, tables, and the results.

A section is written by one function (:mod:`pellucid.lab.questions`) and shown by three: as HTML, as a Jupyter
notebook and as Markdown. What it says of a measurement stands in its ``results`` too, so that every number
can be checked (:mod:`pellucid.lab.number_check`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.figures.plot import png
from pellucid.lab.cells import imports_first, run_cell
from pellucid.lab.figures import write_mark

if TYPE_CHECKING:
    from concurrent.futures import Future

    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Text:
    """A paragraph: ``measured`` ones are made from this run's results, the others hold for any run."""

    text: str
    measured: bool


@dataclass(frozen=True)
class Watch:
    """A warning, made from this run's results."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table: ``measured`` ones are made from this run's results, the others hold for any run."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    measured: bool = True


@dataclass
class Drawing:
    """A plot and its text equivalent; ``drawn`` is its picture, where another process draws it."""

    figure: Figure
    text: str
    drawn: Future[bytes] | None = field(default=None, repr=False)

    @cached_property
    def picture(self) -> bytes:
        """The plot as a PNG file, drawn once."""
        return png(self.figure) if self.drawn is None else self.drawn.result()


@dataclass(frozen=True)
class Code:
    """Code that was run, what it printed, and the plot that it ended in."""

    source: str
    printed: str
    drawing: Drawing | None = None


Block: TypeAlias = Text | Watch | Table | Code


@dataclass
class Section:
    """One question and the blocks of its answer.

    ``names`` are the variables of the code run so far, as in a notebook. ``mark`` is written on the plots of
    what was trained, unless it is empty. ``concluded`` is how many blocks at the beginning are conclusions.
    """

    key: str
    title: str
    prompt: str
    names: dict[str, Any] = field(default_factory=dict, repr=False)
    mark: str = ""
    blocks: list[Block] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    concluded: int = 0

    def __getitem__(self, name: str) -> Any:
        """Return a variable of the code that was run."""
        return self.names[name]

    def code(self, source: str, text: Callable[[], str] = str, *, trained: bool = True) -> None:
        """Run the code of a cell; ``text`` makes the text equivalent of the plot that it ends in.

        A plot that does not depend on what was ``trained`` gets no mark.
        """
        source = imports_first(source)
        printed, figure = run_cell(source, self.names)
        drawing = None
        if figure is not None:
            if self.mark and trained:
                write_mark(figure, self.mark)
            drawing = Drawing(figure, text())
        self.blocks.append(Code(source, printed, drawing))

    def record(self, **results: Any) -> None:
        """Record results: numbers, or lists and mappings of numbers."""
        self.results.update(results)

    def conclude(self, text: str) -> None:
        """Add a conclusion, made from the results: it stands before the code that gave them."""
        self.blocks.insert(self.concluded, Text(text, measured=True))
        self.concluded += 1

    def explain(self, text: str) -> None:
        """Add a paragraph that holds for any run."""
        self.blocks.append(Text(text, measured=False))

    def say(self, text: str) -> None:
        """Add a paragraph made from the results."""
        self.blocks.append(Text(text, measured=True))

    def watch(self, text: str) -> None:
        """Add a warning, made from the results."""
        self.blocks.append(Watch(text))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table made from the results."""
        self.blocks.append(Table(tuple(head), tuple(tuple(row) for row in rows)))

    def facts(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table that holds for any run."""
        self.blocks.append(Table(tuple(head), tuple(tuple(row) for row in rows), measured=False))

    def measured_texts(self) -> list[str]:
        """Return all texts made from the results: sentences, warnings and the cells of tables."""
        texts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Watch) or (isinstance(block, Text) and block.measured):
                texts.append(block.text)
            elif isinstance(block, Table) and block.measured:
                texts += [cell for row in block.rows for cell in row]
        return texts


@dataclass(frozen=True)
class Document:
    """The whole document: sections under the headings of the groups, and how it was made."""

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

    @property
    def drawings(self) -> list[Drawing]:
        """All plots in order."""
        blocks = [block for section in self.sections for block in section.blocks]
        return [block.drawing for block in blocks if isinstance(block, Code) and block.drawing is not None]
