"""The templates of self-contained pages, with the head and the style that they share."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

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
    shared = (files(OWN) / "templates" / "report.css").read_text("utf-8")
    environment.globals.update(css=shared + css, light=LIGHT, dark=DARK)
    return environment
