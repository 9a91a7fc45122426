import pytest
from matplotlib.figure import Figure

from pellucid.report import write_figures
from pellucid.report.html import report_html
from pellucid.report.panels import FILE_ONLY, PANELS, PLACED, Panel, panel
from pellucid.report.rundata import RunData


@pytest.fixture
def further():
    """Another panel, which is taken out again after the test."""

    @panel("colours")
    def colours(data):
        text = "Three colours."
        return Panel(Figure, lambda: text, "All that were seen.", f"Colours of {data.info.name}")

    yield colours
    del PANELS["colours"]


def test_every_panel_has_a_place_on_the_page_tiles_there_or_a_heading(make_run, further):
    elsewhere = {*PLACED, *FILE_ONLY}
    assert elsewhere <= set(PANELS)
    assert not set(PLACED) & set(FILE_ONLY)
    data = RunData.read(make_run())
    made = [PANELS[name](data) for name in set(PANELS) - elsewhere]
    assert made
    assert all(panel.heading for panel in made if panel is not None)


def test_one_declaration_puts_a_panel_on_the_page_and_among_the_files(make_run, further):
    path = make_run()
    page = report_html(RunData.read(path))
    assert f"<h2>Colours of {RunData.read(path).info.name}</h2>" in page
    assert "All that were seen." in page
    assert "Three colours." in page
    assert path / "figures" / "colours.png" in write_figures(path)


def test_a_panel_of_which_the_run_has_nothing_is_left_out(make_run):
    data = RunData.read(make_run(tested=False, status="interrupted"))
    assert PANELS["confusion"](data) is None
    assert "Confusion matrix" not in report_html(data)


def test_every_panel_says_the_same_in_words(make_run):
    data = RunData.read(make_run())
    panels = [made for declaration in PANELS.values() if (made := declaration(data)) is not None]
    assert len(panels) >= 9
    assert all(made.text() for made in panels)
