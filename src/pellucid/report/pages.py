"""The templates of self-contained pages, with the head and the style that they share."""

from __future__ import annotations

import re
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pellucid.figures.style import DARK, LIGHT

OWN = "pellucid.report"


def page_templates(package: str = OWN, *, css: str = "") -> Environment:
    """Return the page templates of a package; they may include the report's ``head.html``.

    Parameters
    ----------
    package
        The package whose folder ``templates`` is searched first.
    css
        The package's own CSS, after the shared style.

    Examples
    --------
    >>> page_templates().from_string("{{ 1 < 2 }} {{ '<' }}").render()
    'True &lt;'
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(OWN)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_code"] = with_code
    shared = (files(OWN) / "templates" / "report.css").read_text("utf-8")
    environment.globals.update(css=shared + css, light=LIGHT, dark=DARK)
    return environment


def with_code(text: str) -> Markup:
    """Return a text as HTML, with what stands in backticks as code.

    Examples
    --------
    >>> with_code("Continue with `pellucid resume <run>`.")
    Markup('Continue with <code>pellucid resume &lt;run&gt;</code>.')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
