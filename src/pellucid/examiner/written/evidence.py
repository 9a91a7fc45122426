"""A file as it is read for questions 1 to 19: its networks, its text by question, what it printed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from pellucid.errors import FileFormatError
from pellucid.examiner.files.notebooks import Cell, NotebookCode
from pellucid.examiner.submission import HandedIn
from pellucid.examiner.written.assigning import assign
from pellucid.examiner.written.console import Curves, TestFigures, read_test, read_training
from pellucid.examiner.written.layer_lists import found as found_layers
from pellucid.examiner.written.networks import Reader, find_networks
from pellucid.examiner.written.prose import Section, script_cells, sections
from pellucid.examiner.written.questions import QUESTIONS
from pellucid.examiner.written.values import Evaluation, Fit, Network

EXPERIMENT_OF = {question.number: question.experiment for question in QUESTIONS if question.experiment}


@dataclass
class Evidence:
    """What stands in a file, before any of it is compared with what is asked."""

    cells: Sequence[Cell]
    code: NotebookCode
    reader: Reader
    sections: Sequence[Section]
    is_notebook: bool
    networks: dict[str, Network] = field(default_factory=dict)  # by experiment
    notes: tuple[str, ...] = ()

    def place(self, line: int) -> str:
        """Return where a line of the code stands, in words."""
        if not line:
            return ""
        return self.code.place(line) if self.is_notebook else f"line {line}"

    def cell_of(self, line: int) -> Cell | None:
        """Return the notebook's cell in which a line of the code stands."""
        number = max((one for one in self.code.starts if one[0] <= line), default=(0, 0))[1]
        return (
            next((cell for cell in self.cells if cell.number == number), None) if self.is_notebook else None
        )

    def training_of(self, fit: Fit) -> Curves | None:
        """Return what was printed while a network was trained."""
        cell = self.cell_of(fit.line)
        if cell is None:
            return None
        fits = [
            one for network in self.reader.networks for one in network.fits if self.cell_of(one.line) == cell
        ]
        found = read_training(cell.printed, f"cell {cell.number}")
        at = sorted(fits, key=lambda one: one.time).index(fit)
        return (
            found[at]
            if at < len(found) and len(found) == len(fits)
            else (found[0] if len(fits) == 1 and found else None)
        )

    def test_of(self, evaluation: Evaluation) -> TestFigures | None:
        """Return what was printed of a test, in its cell or in the one after it."""
        cell = self.cell_of(evaluation.line)
        if cell is None:
            return None
        tested = [
            network
            for network in self.reader.networks
            for one in network.evaluations
            if one.method == "evaluate" and self.cell_of(one.line) == cell
        ]
        if len({id(network) for network in tested}) > 1:
            return None  # which network was tested with which result is not told apart
        own = read_test(cell.printed, f"cell {cell.number}")
        after = self._next(cell)
        return own or (read_test(after.printed, f"cell {after.number}") if after else None)

    def _next(self, cell: Cell) -> Cell | None:
        """Return the next cell of code, unless it trains or tests something itself."""
        following = [one for one in self.cells if one.kind == "code" and one.number > cell.number]
        busy = (".fit(", ".evaluate(", ".predict(")
        return following[0] if following and not any(word in following[0].source for word in busy) else None

    def twins(self, network: Network) -> list[Network]:
        """Return a network, and those of the same layers that are meant for no experiment: built again."""
        own = [str(layer) for layer in found_layers(network)]
        taken = {id(one) for one in self.networks.values()}
        others = (one for one in self.reader.networks if id(one) not in taken)
        return [network, *(one for one in others if [str(layer) for layer in found_layers(one)] == own)]

    def questions_at(self, line: int) -> tuple[int, ...]:
        """Return the questions under whose heading a line of the code stands."""
        cell = self.cell_of(line)
        where = line if not self.is_notebook else cell.number if cell else 0
        before = [one for one in self.sections if one.places[0] <= where]
        return before[-1].numbers if before else ()

    def section_of(self, number: int) -> tuple[str, str]:
        """Return the student's text for a question, and where it stands."""
        own = [one for one in self.sections if number in one.numbers]
        text = "\n\n".join(one.prose for one in own if one.prose)
        places = [place for one in own for place in one.places[:1]]
        word = "cell" if self.is_notebook else "line"
        return text, f"{word} {', '.join(map(str, places))}" if places else ""


def gather(handed_in: HandedIn) -> Evidence:
    """Return what stands in a file."""
    notes: tuple[str, ...] = ()
    try:
        code = handed_in.code()
        tree = ast.parse(code.source)
    except (FileFormatError, SyntaxError, ValueError, RecursionError, MemoryError):
        code, tree = NotebookCode(""), ast.Module([], [])
        notes = ("Its code does not parse, so that only its text was read.",)
    is_notebook = handed_in.cells is not None
    cells = handed_in.cells if handed_in.cells is not None else script_cells(handed_in.text)
    found = Evidence(cells, code, find_networks(tree), sections(cells), is_notebook, notes=notes)
    hints = {at: _hint(found, network) for at, network in enumerate(found.reader.networks)}
    found.networks = assign(found.reader.networks, hints)
    return found


def _hint(evidence: Evidence, network: Network) -> str:
    """Return the experiment of the question under whose heading a network is trained; "" for none."""
    numbers = evidence.questions_at(network.fits[0].line if network.fits else network.line)
    return next((EXPERIMENT_OF[number] for number in numbers if number in EXPERIMENT_OF), "")
