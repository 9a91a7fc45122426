"""A matplotlib figure as inline SVG: its text stays text, its colours are the page's."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

import matplotlib as mpl
from markupsafe import Markup, escape

from pellucid.figures.style import LIGHT
from pellucid.report.readouts import readouts

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def inline_svg(figure: Figure, *, name: str, label: str) -> Markup:
    """Return ``figure`` as an ``<svg>`` element for use inside an HTML page.

    Every colour of the palette becomes a CSS variable of the same name, so one drawing works in light and
    dark mode and on paper. Text stays text: it can be searched, scales without blur and takes the page's
    font. The values of lines and bars are shown on hover: :mod:`pellucid.report.readouts`. Each id gets the
    prefix ``name``, so that many plots can stand on one page; ``label`` is the text for screen readers.

    Examples
    --------
    >>> from pellucid.figures import plot_seconds
    >>> svg = inline_svg(plot_seconds({"seconds": [1, 2]}), name="seconds", label="two epochs")
    >>> svg.startswith('<svg class="plot" role="img" aria-label="two epochs"'), "var(--training)" in svg
    (True, True)
    """
    drawing = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pellucid"}), warnings.catch_warnings():
        # The browser chooses the font, so a glyph that matplotlib's own fonts lack does no harm here.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(drawing, format="svg", transparent=True, metadata={"Date": None})
    svg = drawing.getvalue()
    svg = svg[svg.index("<svg") :]
    view = re.search(r'viewBox="[^"]*"', svg)
    svg = svg[svg.index(">") + 1 :].replace("</svg>", f"{readouts(figure)}</svg>")
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(?:xlink:)?href="#', f'href="#{name}-', svg).replace("url(#", f"url(#{name}-")
    for colour, value in LIGHT.items():
        svg = svg.replace(value, f"var(--{colour})")
    svg = re.sub(r"\n\s*", "\n", svg)
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path.group()), svg)
    head = f'<svg class="plot" role="img" aria-label="{escape(label)}" {view.group() if view else ""}>'
    return Markup(head + svg)  # noqa: S704 - matplotlib has escaped the texts in it
