"""The comparison page: one HTML file that needs no network and no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.figures.history import QUANTITIES
from pellucid.figures.overlay import histories_text, plot_histories
from pellucid.report.pages import page_templates
from pellucid.report.sections import filled_sections
from pellucid.report.side_by_side import in_rows
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from pellucid.report.links import Link
    from pellucid.report.side_by_side import SideBySide

# The sections in their order, with their entries in the contents.
SECTIONS = {"findings": "What it says", "results": "Results", "histories": "Histories"}


@dataclass(frozen=True)
class Row:
    """A row of the results: its label, whether it is a part of the row above, and a cell for each run."""

    label: str
    is_part: bool
    cells: list[str]


def comparison_html(
    compared: SideBySide, reports: Sequence[Link | None] = (), links: Sequence[Link] = ()
) -> str:
    """Return the page of ``compared``, with a link to each report that is there, and further links."""
    summaries = compared.summaries()
    reports = [*reports, *[None] * (len(summaries) - len(reports))]
    templates = page_templates()
    histories = compared.histories()
    shown = {
        "compared": compared,
        "runs": list(zip(summaries, reports, strict=True)),
        "rows": result_rows(summaries),
        "plots": _plots(compared),
        "words": histories_text(histories, unit=compared.unit) if histories else "",
    }
    sections = filled_sections(templates, "comparison", SECTIONS, shown)
    return templates.get_template("comparison.html").render(compared=compared, sections=sections, links=links)


def result_rows(summaries: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """Return the results side by side, a row for each label, with "–" where a run lacks it.

    Examples
    --------
    >>> result_rows({"one": {"seed": "0"}, "other": {"seed": "1", "  first epoch": "2"}})[1]
    Row(label='first epoch', is_part=True, cells=['–', '2'])
    """
    return [Row(label.strip(), label.startswith(" "), cells) for label, cells in in_rows(summaries).items()]


def _plots(compared: SideBySide) -> list[Markup]:
    """Return the plots of loss and accuracy, one by one, so that they stand above each other on a phone."""
    histories = compared.histories()
    measured = {key.rpartition("_")[2] for columns in histories.values() for key in columns}
    return [
        inline_svg(
            plot_histories(histories, unit=compared.unit, quantities=[one]),
            name=f"histories-{one}",
            label=f"{one.capitalize()} of {', '.join(histories)} over their {compared.unit}s",
        )
        for one in QUANTITIES
        if one in measured
    ]
