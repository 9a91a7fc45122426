"""The document as one self-contained HTML file, without network or script."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from pellucid.core.files import write_text
from pellucid.lab.document import Code, Table, Text, Watch
from pellucid.report.pages import page_templates
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from pellucid.lab.document import Block, Document, Drawing

PHONE = 9  # inches from which the text of a chart is too small on a phone: it is scrolled there
WHOLE = 30  # lines of code that are not divided between two sheets
EMPHASIS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*([^*]+)\*"), r"<em>\1</em>"),
    (re.compile(r"-?\d+(?:\.\d+)?e-\d+"), r'<span class="number">\g<0></span>'),
)


def write_html(document: Document, out: Path) -> Path:
    """Write ``lab.html`` into the folder and return its path."""
    path = out / "lab.html"
    write_text(path, html(document))
    return path


def html(document: Document) -> str:
    """Return the page."""
    css = (files("pellucid.lab") / "templates" / "lab.css").read_text("utf-8")
    templates = page_templates("pellucid.lab", css=css)
    return templates.get_template("lab.html").render(
        document=document,
        kind=kind,
        prose=prose,
        drawn=_drawn,
        highlighted=highlighted,
        layout=layout,
    )


def prose(text: str) -> Markup:
    """Return a paragraph's text as HTML: code between backticks, emphasis between stars, numbers unbroken.

    Examples
    --------
    >>> print(prose("`W·x` is *not* < 3"))
    <code>W·x</code> is <em>not</em> &lt; 3
    """
    safe = str(escape(text)).replace(" %", "\N{NO-BREAK SPACE}%")
    for pattern, replacement in EMPHASIS:
        safe = pattern.sub(replacement, safe)
    return Markup(safe)  # noqa: S704 - escaped above


def kind(block: Block) -> str:
    """Return which kind of block it is, for the template."""
    kinds = {Text: "text", Watch: "watch", Table: "table", Code: "code"}
    return kinds[type(block)]


def highlighted(source: str) -> Markup:
    """Return Python code as HTML, with classes for its words, numbers and comments.

    Examples
    --------
    >>> print(highlighted("x = 'a' < b  # why"))
    <span class="n">x</span> <span class="o">=</span> <span class="s1">...
    """
    return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n"))  # noqa: S704 - Pygments has escaped the code


def layout(text: str) -> str:
    """Return the classes of a block of code or output, by how it may be broken.

    What fits on a sheet of paper stays ``whole``; ``columns`` that stand below each other are not wrapped,
    and printed ``code`` is wrapped on paper alone.

    Examples
    --------
    >>> layout("┃ Layer ┃"), layout("def relu(maps):")
    ('whole columns', 'whole code')
    """
    classes = {
        "whole": text.count("\n") < WHOLE,
        "columns": any(bar in text for bar in "┃│"),
        "code": text.startswith("def "),
    }
    return " ".join(name for name, holds in classes.items() if holds)


def _drawn(drawing: Drawing, name: str) -> Markup:
    label = drawing.text.partition("\n\n")[0].replace("\n", " ")
    width, height = drawing.figure.get_size_inches()
    svg = inline_svg(drawing.figure, name=name, label=label)
    size = f"max-width: {width * 6:.0f}em; --inches: {width:g}; --shape: {width / height:.3f}"
    wide = width > PHONE and any(ax.axison for ax in drawing.figure.axes)
    return Markup(f'<figure class="drawn{" wide" if wide else ""}" style="{size}">{svg}</figure>')  # noqa: S704 - Matplotlib has escaped the texts in it
