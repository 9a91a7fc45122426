"""The comparison page: one HTML file that needs no network and no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.figures.overlay import histories_text
from pellucid.report.pages import page_templates
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.report.links import Link
    from pellucid.report.side_by_side import SideBySide


def comparison_html(compared: SideBySide, tables: Sequence[str], links: Sequence[Link] = ()) -> str:
    """Return the page of ``compared``, with the results as text ``tables``, and links to the runs' pages."""
    histories = compared.histories()
    words = histories_text(histories, unit=compared.unit) if histories else ""
    label = f"Loss and accuracy of {', '.join(histories)} over their {compared.unit}s"
    return (
        page_templates()
        .get_template("comparison.html")
        .render(
            compared=compared,
            tables=tables,
            svg=inline_svg(compared.plot(), name="histories", label=label) if histories else "",
            words=words,
            links=links,
        )
    )
