"""The sections of a page: each is a template, and is left out where the data has nothing for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment


@dataclass(frozen=True)
class Section:
    """A section as HTML, its name, which is the id that links lead to, and its entry in the contents."""

    name: str
    entry: str
    html: Markup


def filled_sections(
    environment: Environment, folder: str, entries: Mapping[str, str], data: Mapping[str, Any]
) -> list[Section]:
    """Return the sections that are not empty, in the order of ``entries``.

    Parameters
    ----------
    environment
        The page templates.
    folder
        The folder of the templates, one for each section: ``NAME.html``.
    entries
        The words of each section in the contents, by name.
    data
        What the templates show.

    Examples
    --------
    >>> from jinja2 import DictLoader, Environment
    >>> texts = {"a/one.html": "{{ words }}", "a/two.html": " "}
    >>> pages = Environment(loader=DictLoader(texts), autoescape=True)
    >>> filled_sections(pages, "a", {"one": "One", "two": "Two"}, {"words": "1 < 2"})
    [Section(name='one', entry='One', html=Markup('1 &lt; 2'))]
    """
    found = []
    for name, entry in entries.items():
        html = environment.get_template(f"{folder}/{name}.html").render(data).strip()
        if html:
            found.append(Section(name, entry, Markup(html)))  # noqa: S704 - the template has escaped it
    return found
