import pytest
from jinja2 import DictLoader, Environment
from jinja2.exceptions import TemplateNotFound

from pellucid.report.sections import filled_sections

PAGES = Environment(
    loader=DictLoader({"p/full.html": "<p>{{ words }}</p>\n", "p/empty.html": "\n  \n", "p/last.html": "!"}),
    autoescape=True,
)


def test_sections_keep_their_order_and_empty_ones_are_left_out():
    entries = {"last": "Last", "empty": "Empty", "full": "Full"}
    found = filled_sections(PAGES, "p", entries, {"words": "<b>"})
    assert [(one.name, one.entry, one.html) for one in found] == [
        ("last", "Last", "!"),
        ("full", "Full", "<p>&lt;b&gt;</p>"),
    ]


def test_a_section_without_a_template_is_a_mistake():
    with pytest.raises(TemplateNotFound):
        filled_sections(PAGES, "p", {"nowhere": "Nowhere"}, {})
