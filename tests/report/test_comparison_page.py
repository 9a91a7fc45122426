import re

import pytest

from pellucid.report.comparison_page import comparison_html, result_rows
from pellucid.report.links import Link
from pellucid.report.side_by_side import side_by_side


@pytest.fixture
def compared(make_run):
    return side_by_side([make_run("one"), make_run("<other>")])


def test_results_are_a_table_with_a_link_to_each_report_that_is_there(compared):
    page = comparison_html(
        compared, [None, Link("other", "other/report.html")], [Link("All runs", "index.html")]
    )
    assert '<th scope="col"><a href="other/report.html">&lt;other&gt;</a></th>' in page
    assert '<th scope="col">one</th>' in page
    assert '<th scope="row">batch size</th><td>128</td><td>128</td>' in page
    assert '<th scope="row" class="part">95 % interval</th>' in page
    assert '<a href="index.html">All runs</a>' in page
    assert "<pre" not in page[: page.index("<details>")]


def test_histories_are_two_plots_that_stack_on_a_phone(compared):
    page = comparison_html(compared)
    assert re.findall(r'aria-label="(\w+) of one, &lt;other&gt; over their epochs"', page) == [
        "Loss",
        "Accuracy",
    ]
    assert page.count('<g class="readouts">') == 2


def test_the_contents_link_the_sections(compared):
    page = comparison_html(compared)
    links = re.findall(r'href="#([^"]*)">', page[page.index("<nav") : page.index("</nav>")])
    assert links == ["top", "findings", "results", "histories"]
    assert all(f'id="{link}"' in page for link in links)


def test_runs_without_an_epoch_have_no_histories(make_run):
    runs = [make_run(name, tested=False, status="interrupted") for name in ("one", "other")]
    for run in runs:
        (run / "history.json").unlink()
    page = comparison_html(side_by_side(runs))
    assert 'id="histories"' not in page


def test_a_result_that_a_run_lacks_is_a_dash():
    rows = result_rows({"one": {"seed": "0", "loss": "1"}, "other": {"seed": "1"}})
    assert [(row.label, row.cells) for row in rows] == [("seed", ["0", "1"]), ("loss", ["1", "–"])]
