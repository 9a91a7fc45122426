"""The page: its code, plots, anchors and tables, for a screen, a phone and paper."""

import re
from importlib.resources import files

import numpy as np
import pytest

from pellucid.figures import plot_history, plot_images
from pellucid.figures.style import DARK, LIGHT
from pellucid.lab.document import Code, Document, Drawing, Section
from pellucid.lab.html import highlighted, html, layout, prose, write_html


@pytest.fixture
def document():
    section = Section("Q1", "Title", "A question?")
    section.say("At most `x` of 1.8e-15:")
    section.table(("use", "why"), [("a", "a sentence of more than twenty-four letters")])
    summary = "┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃"
    figure = plot_history({"loss": [0.5, 0.25], "accuracy": [0.5, 0.75]})
    code = "def a_long_line(): return " + " + ".join(["number"] * 12)
    section.blocks.append(Code(code, summary, Drawing(figure, "Loss and accuracy")))
    return Document("The lab", "Lead", (), (("Exercise", (section,)),), quick=False, about={"A": "b"})


def test_code_has_classes_for_its_colours_and_loses_no_character():
    source = 'for n in range(3):\n\n    print(f"{n} < 3")  # a comment & more'
    page = highlighted(source)
    assert '<span class="k">for</span>' in page
    assert '<span class="c1"># a comment &amp; more</span>' in page
    plain = re.sub(r"<[^>]+>", "", page)
    assert plain.replace("&lt;", "<").replace("&quot;", '"').replace("&amp;", "&") == source


@pytest.mark.parametrize(
    ("text", "classes"),
    [("a\n" * 29, "whole"), ("a\n" * 30, ""), ("│ a │\n" * 40, "columns"), ("def a():\n", "whole code")],
)
def test_short_code_stays_whole_and_columns_are_not_wrapped(text, classes):
    assert layout(text) == classes


def test_a_small_number_is_not_broken_at_its_hyphen():
    assert prose("at most 1.8e-15.") == 'at most <span class="number">1.8e-15</span>.'


def test_a_wide_chart_is_scrolled_on_a_phone_and_pictures_shrink(document):
    assert '<figure class="drawn wide"' in html(document)
    section = document.sections[0]
    section.blocks[-1] = Code("", "", Drawing(plot_images(np.zeros((5, 8, 8)), range(5)), "Five"))
    assert '<figure class="drawn"' in html(document)


def test_every_link_leads_somewhere_on_the_page(document):
    page = html(document)
    links = re.findall(r'<a [^>]*href="#([^"]+)"', page)
    assert set(links) == {"Q1", "contents"}
    assert all(f'id="{link}"' in page for link in links)


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(one, share, other):
    """Return a colour of which so much comes from the first of two."""
    return "#" + "".join(
        f"{round(share * int(one[at : at + 2], 16) + (1 - share) * int(other[at : at + 2], 16)):02x}"
        for at in (1, 3, 5)
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["ink", "muted", "training", "strings"])
def test_text_and_code_have_the_contrast_that_the_web_asks_for(palette, kind):
    """At least 4.5 to 1 (WCAG 2.1) on paper, and on the ground of code, as the style sheets mix them."""
    css = (files("pellucid.report") / "templates" / "report.css").read_text("utf-8")
    assert "--soft: color-mix(in srgb, var(--rule) 38%, var(--paper))" in css
    css = (files("pellucid.lab") / "templates" / "lab.css").read_text("utf-8")
    assert "color-mix(in srgb, var(--validation) 85%, var(--ink))" in css
    colour = mixed(palette["validation"], 0.85, palette["ink"]) if kind == "strings" else palette[kind]
    for ground in (palette["paper"], mixed(palette["rule"], 0.38, palette["paper"])):
        low, high = sorted([luminance(colour), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100])
def test_in_a_browser_nothing_is_fetched_and_nothing_runs_past_the_edge(document, tmp_path, width, scheme):
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    from pellucid.lab.browser import find_browser

    browser = find_browser()
    if browser is None:
        pytest.skip("no browser is installed")
    page_file = write_html(document, tmp_path)
    asked, problems = [], []
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=browser, chromium_sandbox=False)
        page = chromium.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: problems.append(message.text))
        page.goto(page_file.as_uri())
        sizes = "() => [document.documentElement.scrollWidth, innerWidth]"
        wide, inner = page.evaluate(sizes)
        plot = page.evaluate("() => document.querySelector('svg.plot').getBoundingClientRect().width")
        chromium.close()
    assert [url for url in asked if not url.startswith("data:")] == [page_file.as_uri()]
    assert problems == []
    assert wide == inner
    assert plot >= 550  # two panels stay legible: on a phone they are scrolled
