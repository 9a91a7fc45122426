"""The page of a comparison: one HTML file that needs no network and no script."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from pellucid.figures.overlay import histories_text
from pellucid.figures.style import DARK, LIGHT
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.report.side_by_side import SideBySide


def comparison_html(compared: SideBySide, tables: Sequence[str]) -> str:
    """Return the page of ``compared``, with the results as ``tables`` of text."""
    histories = compared.histories()
    words = histories_text(histories, unit=compared.unit) if histories else ""
    label = f"Loss and accuracy of {', '.join(histories)} over their {compared.unit}s"
    environment = Environment(
        loader=PackageLoader("pellucid.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html").render(
        compared=compared,
        tables=tables,
        svg=inline_svg(compared.plot(), name="histories", label=label) if histories else "",
        words=words,
        css=(files("pellucid.report") / "templates" / "report.css").read_text("utf-8"),
        light=LIGHT,
        dark=DARK,
    )
