"""The page of a study: one experiment with several seeds, its curves with bands, and a row for each seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.files import write_text
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation.intervals import decimals
from pellucid.figures.bands import Quantity, bands_text, plot_bands
from pellucid.figures.seeds import plot_seeds, seeds_text
from pellucid.report.contents import Card, facts
from pellucid.report.drawings import Plot
from pellucid.report.links import REPORT, Link, links_of_study, links_to_seeds
from pellucid.report.pages import page_templates
from pellucid.report.rundata import RunData
from pellucid.report.sections import filled_sections
from pellucid.report.svg import inline_svg
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.studies import study_of_runs
from pellucid.runs.study_folder import read_study
from pellucid.runs.study_standing import seeds_of, study_standing, study_status

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from markupsafe import Markup

    from pellucid.runs.record.study import StudyResults

# The sections in their order, with their entries in the contents.
SECTIONS = {
    "result": "Result",
    "seeds": "Each seed",
    "curves": "Curves",
    "setup": "Setup",
    "repeat": "Repeat",
}
# Facts of one run that are not those of all seeds.
OF_ONE_SEED = {"Seed"}


@dataclass(frozen=True)
class SeedRow:
    """One seed as a row of the page."""

    folder: str
    link: Link | None
    status: str
    accuracy: str
    interval: str
    loss: str


def write_study_report(folder: str | os.PathLike[str]) -> Path:
    """Write ``report.html`` into the folder of a study and return its path.

    The study may be unfinished: it is the page of the seeds so far, and says so.

    Raises
    ------
    FileFormatError
        The folder is not that of a study, or a file in it is missing or damaged.
    OutputError
        The page cannot be written.
    """
    page = Path(folder) / REPORT
    write_text(page, study_html(folder))
    return page


def study_html(folder: str | os.PathLike[str], page: Path | None = None) -> str:
    """Return the page of the study in ``folder``; ``page`` is the file, if it is not ``report.html`` in it.

    In the folder, it links the pages of the seeds and of all runs.
    """
    here, info, elsewhere = Path(folder), read_study(folder), page is not None
    begun = {name: RunData.read(run.path) for name, run in seeds_of(here).items() if run is not None}
    finished = [run for run in begun.values() if run.results is not None]
    results = None
    if len(finished) > 1:
        results = study_of_runs([run.folder for run in finished], vary_split=info.vary_split)
    trained = [run for run in begun.values() if run.history]
    unit = trained[0].unit if trained else "epoch"
    histories = [run.history.columns() for run in trained]
    first = next(iter(begun.values()), None)
    status = study_status(here)
    templates = page_templates()
    shown = {
        "info": info,
        "cards": [] if results is None else _cards(results),
        "sentence": "" if results is None else results.sentence,
        "rows": _rows(here, begun, {} if elsewhere else links_to_seeds(here)),
        "dots": _dots(finished),
        "plots": _plots(histories, unit),
        "words": bands_text(histories, unit=unit) if histories else "",
        "facts": [] if first is None else [pair for pair in facts(first) if pair[0] not in OF_ONE_SEED],
    }
    sections = filled_sections(templates, "study", SECTIONS, shown)
    return templates.get_template("study.html").render(
        info=info,
        finished=status is RunStatus.FINISHED,
        standing=study_standing(here),
        lead=_lead(first, len(info.folders)),
        sections=sections,
        links=[] if elsewhere else links_of_study(here),
    )


def _lead(first: RunData | None, seeds: int) -> str:
    if first is None:
        return f"An experiment with {counted(seeds, 'seed')}, none of which has begun."
    data = first.configuration.dataset.name
    return (
        f"The same network, trained on {data} with {counted(seeds, 'seed')}: each begins with other weights "
        "and sees the images in another order, so the spread shows what is chance."
    )


def _cards(results: StudyResults) -> list[Card]:
    low, high = results.mean.low, results.mean.high
    places = max(1, decimals(high - low) - 2)
    lowest, highest = results.range
    return [
        Card(
            "Mean test accuracy",
            percent(results.mean.value, places),
            f"95 % interval {100 * low:.{places}f} to {percent(high, places)}",
        ),
        Card(
            "From seed to seed",
            f"{100 * results.deviation:.2f} points",
            f"standard deviation; from {100 * lowest:.{places}f} to {percent(highest, places)}",
        ),
        Card("Seeds", str(len(results.accuracies)), f"each tested on {counted(results.n, 'image')}"),
    ]


def _rows(folder: Path, begun: dict[str, RunData], links: dict[str, Link]) -> list[SeedRow]:
    return [_row(name, begun.get(name), links.get(name)) for name in read_study(folder).folders]


def _row(name: str, run: RunData | None, link: Link | None) -> SeedRow:
    if run is None:
        return SeedRow(name, link, "not begun", "–", "", "–")
    status = str(run.folder.status)
    if run.results is None:
        return SeedRow(name, link, status, "–", "", "–")
    test = run.results.test
    low, high = test.accuracy_interval
    places = max(1, decimals(high - low) - 2)
    interval = f"{100 * low:.{places}f} to {percent(high, places)}"
    return SeedRow(name, link, status, percent(test.accuracy, places), interval, f"{test.loss:.4f}")


def _dots(finished: Sequence[RunData]) -> Plot | None:
    """Return the test accuracies of the seeds as dots; None for fewer than two."""
    tested = {
        str(run.configuration.training.seed): (run.results.test.accuracy, *run.results.test.accuracy_interval)
        for run in finished
        if run.results is not None
    }
    if len(tested) < 2:
        return None
    label = f"Test accuracy of {counted(len(tested), 'seed')}"
    return Plot(inline_svg(plot_seeds(tested), name="seeds", label=label), "", seeds_text(tested))


def _plots(histories: Sequence[Any], unit: str) -> list[Markup]:
    """Return the plots of loss and accuracy, one by one, so that they stand above each other on a phone."""
    measured = {name for history in histories for name in history}
    quantities: tuple[Quantity, ...] = ("loss", "accuracy")
    seeds = counted(len(histories), "seed")
    return [
        inline_svg(
            plot_bands(histories, unit=unit, quantities=[one]),
            name=f"bands-{one}",
            label=f"{one.capitalize()} over the {unit}s: mean and range of {seeds}",
        )
        for one in quantities
        if measured & {one, f"train_{one}", f"val_{one}"}
    ]
