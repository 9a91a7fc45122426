import re

import pytest

from pellucid.errors import OutputError
from pellucid.report import index_folder, write_index, write_report
from pellucid.report.index_page import index_html


def test_it_links_the_reports_that_are_there(make_run, tmp_path):
    write_report(make_run("shown"))
    make_run("plain", tested=False, status="interrupted")
    page = write_index(tmp_path).read_text()
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', page) == [("shown/report.html", "shown")]
    assert "<strong>interrupted</strong>" in page
    assert "plain" in page


def test_names_are_text_and_addresses_are_quoted(make_run, tmp_path):
    write_report(make_run("50% <b>?"))
    page = index_html(tmp_path)
    assert 'href="50%25%20%3Cb%3E%3F/report.html">50% &lt;b&gt;?</a>' in page


def test_comparisons_in_the_folder_are_linked(make_run, tmp_path):
    make_run("one")
    (tmp_path / "both.html").write_text('<meta name="generator" content="pellucid comparison">')
    (tmp_path / "mine.html").write_text("<p>mine</p>")
    page = index_html(tmp_path)
    assert '<a href="both.html">both.html</a>' in page
    title = "<title>one, a &amp; b – pellucid comparison</title>"
    (tmp_path / "both.html").write_text(f'<meta name="generator" content="pellucid comparison">{title}')
    page = index_html(tmp_path)
    assert '<a href="both.html">one, a &amp; b</a> <span class="range">both.html</span>' in page
    assert "mine.html" not in page


def test_a_page_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(
        OutputError, match=r"index\.html is not a page that pellucid made, so it is left as it"
    ):
        write_index(tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_an_empty_folder_says_so(tmp_path):
    assert "Nothing was trained here yet." in index_html(tmp_path)


def test_only_folders_of_runs_have_an_index(tmp_path):
    assert index_folder(tmp_path / "elsewhere" / "run") is None
    assert index_folder(tmp_path / "runs" / "run") == tmp_path / "runs"
    (tmp_path / "elsewhere").mkdir()
    write_index(tmp_path / "elsewhere")
    assert index_folder(tmp_path / "elsewhere" / "run") == tmp_path / "elsewhere"
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "index.html").write_text("mine")
    assert index_folder(tmp_path / "runs" / "run") is None


def test_a_report_links_the_index_beside_its_folder(make_run, tmp_path):
    path = make_run("shown")
    assert "All runs" not in write_report(path).read_text()
    write_index(tmp_path)
    assert '<a href="../index.html">All runs</a>' in write_report(path).read_text()
