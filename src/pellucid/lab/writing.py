"""``pellucid lab``: answers the chosen questions and writes the document in all its forms."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from pellucid.core.files import write_text
from pellucid.core.wording.durations import duration
from pellucid.core.wording.plurals import counted
from pellucid.engine.workers import checked_threads
from pellucid.errors import MissingExtraError, OutputError
from pellucid.lab.beside import draw_beside, processes_beside, train_beside
from pellucid.lab.document import Document, Section
from pellucid.lab.estimate import total_seconds
from pellucid.lab.existing_runs import match_runs
from pellucid.lab.html import write_html
from pellucid.lab.markdown import write_markdown
from pellucid.lab.notebook import write_notebook
from pellucid.lab.pdf import remove_old, write_pdf
from pellucid.lab.questions import GROUPS, QUESTIONS, chosen
from pellucid.lab.scale import FULL, Scale, Training
from pellucid.lab.trainings import TrainingStore, experiment_with, folder_name, key_of, using_store
from pellucid.runs import environment

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from pellucid.experiments import Experiment
    from pellucid.lab.questions import Question
    from pellucid.runs import Settings

QUICK_NOTE = (
    "This is a quick run: networks learned from fewer images and for fewer epochs than the lab asks for, "
    "and every plot of a training says so. Its numbers show how things are done, not how well they can be "
    "done."
)


@dataclass(frozen=True)
class Written:
    """The files that were written; ``pdf`` is None where it was not wanted or could not be made."""

    html: Path
    pdf: Path | None
    notebook: Path
    markdown: Path
    results: Path


@dataclass
class Effort:
    """How long training was estimated to take, how many trainings are done at a time, and how long it took.

    All in seconds; ``trained`` is zero where one training is done after the other.
    """

    estimated: float
    processes: int
    trained: float = 0.0


def write_lab(
    out: Path,
    *,
    scale: Scale = FULL,
    only: str | None = None,
    experiments: Sequence[Path] = (),
    progress: TextIO | None = None,
    pdf: bool = True,
    processes: int = 1,
) -> Written:
    """Answer the lab's questions and write the document in all its forms.

    These are ``lab.html``, ``lab.pdf``, ``lab.ipynb``, ``lab.md`` with ``figures``, and ``results.json``.

    Trainings stay in ``out/runs`` and are not repeated with the same settings; an interrupted one is resumed
    from its last epoch.

    Parameters
    ----------
    out
        The folder; created where it is missing.
    scale
        How much is trained.
    only
        Which questions, such as "Q10-Q15,I5"; None for all.
    experiments
        Run folders, or folders of them, to use instead of training.
    progress
        Where to write progress.
    pdf
        Whether to print the page as PDF too, with a browser or WeasyPrint; without either, ``progress`` says
        how to get one, and the rest is written.
    processes
        How many trainings are done at the same time, each in a process of its own with one thread. With more
        than one, the pictures are drawn beside the page too. No result depends on it but the seconds.

    Raises
    ------
    ArgumentError
        For unknown questions, or a run folder that the lab does not need.
    DatasetError
        When a dataset cannot be loaded.
    OutputError
        When a file cannot be written.
    """
    began = time.perf_counter()
    questions = [QUESTIONS[key] for key in chosen(only)]
    needed = scale.chosen(dict.fromkeys(need for question in questions for need in question.needs))
    store = TrainingStore((out / "runs").resolve(), progress, match_runs(experiments, needed, scale))
    if store.existing:
        _tell(store, f"{counted(len(store.existing), 'training')} will be read from the runs given.")
    _make_folder(out)
    todo = _to_do(needed, scale, store)
    with processes_beside(min(processes, len(todo) or 1)) if processes > 1 else nullcontext() as pool:
        effort = Effort(_tell_estimate(todo, store), min(processes, len(todo)))
        if pool is not None and effort.processes > 1:
            _train_beside(pool, todo, store, effort)
        sections: dict[str, Section] = {}
        names: dict[str, Any] = {}
        with using_store(store):
            for number, question in enumerate(questions, start=1):
                _tell(store, f"[{number}/{len(questions)}] {question.key} {question.title}")
                sections[question.key] = answer(question, scale, names)
        document = _document(sections, scale, store, effort)
        results = _results(sections, scale, store, time.perf_counter() - began, effort)
        return _write(document, out, results, store, pool, pdf=pdf)


def _write(
    document: Document,
    out: Path,
    results: str,
    store: TrainingStore,
    pool: ProcessPoolExecutor | None,
    *,
    pdf: bool,
) -> Written:
    """Write all forms of the document; ``pool`` draws the pictures meanwhile."""
    _tell(store, "writing the document")
    if pool is not None:
        for drawing in document.drawings:
            drawing.drawn = draw_beside(pool, drawing.figure)
    page = write_html(document, out)
    printed = _write_pdf(page, store, wanted=pdf)
    notebook, markdown = write_notebook(document, out), write_markdown(document, out)
    write_text(out / "results.json", results)
    return Written(page, printed, notebook, markdown, out / "results.json")


def _train_beside(
    pool: ProcessPoolExecutor, todo: Sequence[ToDo], store: TrainingStore, effort: Effort
) -> None:
    """Begin all trainings, several at a time, in the order in which the answers need them."""
    _tell(store, f"{effort.processes} are done at a time, with one thread each.")
    began = time.perf_counter()

    def note_time(_: object) -> None:
        effort.trained = time.perf_counter() - began

    for one in todo:
        future = train_beside(pool, store.folder, one.name, one.chosen)
        future.add_done_callback(note_time)
        store.pending[one.folder] = future


def _write_pdf(page: Path, store: TrainingStore, *, wanted: bool) -> Path | None:
    """Return the PDF's path; None, and say why, where there is none."""
    if not wanted:
        remove_old(page.with_suffix(".pdf"))
        return None
    _tell(store, "printing the document")
    try:
        return write_pdf(page)
    except (MissingExtraError, OutputError) as error:
        _tell(store, f"No PDF: {error}")
        return None


def answer(question: Question, scale: Scale, names: dict[str, Any]) -> Section:
    """Return the section of one question; ``names`` are the variables of the cells so far."""
    mark = scale.mark if question.needs else ""
    section = Section(question.key, question.title, question.prompt, names, mark)
    question.write(section, scale)
    return section


def _make_folder(out: Path) -> None:
    """Make the folder, and make sure before anything is trained that it can be written to."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {out}: {error.strerror or error}.") from error
    try:
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"Cannot write in the folder {out}: {error.strerror or error}.") from error


@dataclass(frozen=True)
class ToDo:
    """A training that is not there yet: what is asked for, the experiment with it, and its folder's name."""

    name: str
    chosen: dict[str, Any]
    experiment: Experiment
    settings: Settings
    folder: str


def _to_do(needed: Iterable[Training], scale: Scale, store: TrainingStore) -> list[ToDo]:
    todo = []
    for one in needed:
        chosen = scale.settings(one)
        asked = experiment_with(one.name, **chosen)
        folder = folder_name(*asked)
        if key_of(*asked) not in store.existing and not (store.folder / folder / "results.json").is_file():
            todo.append(ToDo(one.name, chosen, *asked, folder))
    return todo


def _tell_estimate(todo: Sequence[ToDo], store: TrainingStore) -> float:
    """Estimate the seconds that the missing trainings will take, and write them to the progress."""
    if not todo:
        _tell(store, "Nothing has to be trained: all runs are there.")
        return 0.0
    _tell(store, f"{counted(len(todo), 'training')} to do; measuring how fast this machine is …")
    seconds = total_seconds([(one.experiment, one.settings) for one in todo], lambda text: _tell(store, text))
    _tell(store, f"The training will take about {duration(seconds)} on this machine.")
    return seconds


def _tell(store: TrainingStore, text: str) -> None:
    if store.progress is not None:
        print(text, file=store.progress, flush=True)


def _document(sections: dict[str, Section], scale: Scale, store: TrainingStore, effort: Effort) -> Document:
    groups = []
    for heading, questions in GROUPS:
        present = tuple(sections[question.key] for question in questions if question.key in sections)
        if present:
            groups.append((heading, present))
    quick = bool(scale.mark)
    trained = effort.trained or sum(store.seconds.values())
    together = f", {effort.processes} at a time, with one thread each" if effort.processes > 1 else ""
    notes = [QUICK_NOTE] if quick else []
    described = environment.describe(checked_threads(None))
    about = {
        "Scale": scale.name,
        "Trained here": (
            f"{counted(len(store.seconds), 'run')} in {duration(trained)} (estimated before: "
            f"{duration(effort.estimated)}){together}"
            if store.seconds
            else "nothing: all runs were there"
        ),
        "Runs given": str(len(store.existing)),
        "Processor": "" if described.cpu is None else described.cpu.name,
        "Python": described.python,
        "NumPy": np.__version__,
        "Threads": str(checked_threads(None)),
    }
    return Document(
        title="The image-recognition lab",
        lead=(
            "Each question with the code that was run, its results, and an answer. Sentences about "
            "measurements are made from this run; explanations hold for any run."
        ),
        notes=tuple(notes),
        groups=tuple(groups),
        quick=quick,
        about={name: value for name, value in about.items() if value},
    )


def _results(
    sections: dict[str, Section], scale: Scale, store: TrainingStore, seconds: float, effort: Effort
) -> str:
    content = {
        "format": "pellucid-lab",
        "version": 1,
        "scale": scale.name,
        "seconds": {"all": seconds, "training": store.seconds, "estimated": effort.estimated},
        "given": {key: str(path) for key, path in store.existing.items()},
        "questions": {key: section.results for key, section in sections.items()},
    }
    return json.dumps(plain(content), indent=2, ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """Return results as plain JSON types; NaN and infinity become None.

    Examples
    --------
    >>> plain({"a": np.float32(0.5), "b": np.arange(2), "c": (float("nan"), True)})
    {'a': 0.5, 'b': [0, 1], 'c': [None, True]}
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
