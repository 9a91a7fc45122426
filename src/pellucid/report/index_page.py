"""The page of a folder of runs: what was trained there, how good it is, and links to the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.core.files import write_text
from pellucid.core.wording.plurals import counted
from pellucid.errors import OutputError
from pellucid.evaluation.intervals import decimals
from pellucid.report.links import INDEX, Link, is_our_page, title_of
from pellucid.report.pages import page_templates
from pellucid.report.words import moment, size
from pellucid.runs.overview import Overview, overviews
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.study_folder import is_study

if TYPE_CHECKING:
    import os


@dataclass(frozen=True)
class Row:
    """A run or study as a row of the page."""

    name: str
    href: str | None
    experiment: str
    status: str
    finished: bool
    accuracy: str
    interval: str
    epochs: str
    begun: str
    size: str


def write_index(folder: str | os.PathLike[str]) -> Path:
    """Write ``index.html`` into a folder of runs and return its path.

    Raises
    ------
    OutputError
        It cannot be written, or a page of that name is there which pellucid has not made.
    """
    page = Path(folder) / INDEX
    if page.exists() and not is_our_page(page, "index"):
        raise OutputError(f"{page} is not a page that pellucid made, so it is left as it is.")
    write_text(page, index_html(folder))
    return page


def index_folder(run: str | os.PathLike[str]) -> Path | None:
    """Return the folder of runs that the run or study in the folder ``run`` belongs to; None if it has none.

    It is the folder above, or above the study, if that is called ``runs`` or has an index already: nothing
    is written into a folder that happens to be above.

    Examples
    --------
    >>> print(index_folder("elsewhere/mnist-cnn"))
    None
    """
    above = Path(run).resolve().parent
    if is_study(above):
        above = above.parent
    is_ours = is_our_page(above / INDEX, "index") or (above.name == "runs" and not (above / INDEX).exists())
    return above if is_ours else None


def index_html(folder: str | os.PathLike[str]) -> str:
    """Return the page of the runs in ``folder``."""
    found = overviews(folder)
    return (
        page_templates()
        .get_template("index.html")
        .render(
            folder=Path(folder).resolve().name,
            count=counted(len(found), "run or study").replace("run or studys", "runs and studies"),
            rows=[_row(one) for one in found],
            comparisons=_comparisons(Path(folder)),
        )
    )


def _row(one: Overview) -> Row:
    done, planned = one.epochs, one.planned_epochs
    seeds = f", {one.finished_seeds} of {counted(one.seeds, 'seed')}" if one.seeds > 1 else ""
    return Row(
        name=one.folder.name,
        href=None if one.report is None else f"{one.folder.name}/{one.report.name}",
        experiment=one.name if one.dataset is None else f"{one.name} on {one.dataset}",
        status=f"{one.status or 'damaged'}{seeds}",
        finished=one.status is RunStatus.FINISHED,
        accuracy=_accuracy(one),
        interval=_interval(one),
        epochs=f"{done}" if planned in (None, done) else f"{done} of {planned}",
        begun="" if one.created is None else moment(one.created),
        size=size(one.bytes),
    )


def _accuracy(one: Overview) -> str:
    return "–" if one.accuracy is None else f"{100 * one.accuracy:.{_places(one)}f} %"


def _interval(one: Overview) -> str:
    if one.interval is None:
        return ""
    low, high = one.interval
    both = f"{100 * low:.{_places(one)}f} to {100 * high:.{_places(one)}f} %"
    return f"{both}, lowest and highest" if one.seeds > 1 else both


def _places(one: Overview) -> int:
    """Return the decimals of a percentage: no more than the interval justifies."""
    low, high = one.interval or (0.0, 1.0)
    return max(1, decimals(high - low) - 2) if high > low else 2


def _comparisons(folder: Path) -> list[Link]:
    return [
        Link(title_of(page) or page.name, page.name)
        for page in sorted(folder.glob("*.html"))
        if is_our_page(page, "comparison")
    ]
