import json
import shutil

import pytest


@pytest.fixture
def run(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "run")
    return tmp_path / "run"


def test_figures_and_page_are_made_again_from_the_folder_alone(pellucid, run):
    result = pellucid("report", "run")
    assert result.exit_code == 0
    assert result.stdout.startswith("report   run/report.html\nfigures  run/figures: ")
    page = (run / "report.html").read_bytes()
    assert b"<svg" in page
    assert (run / "figures" / "history.png").is_file()
    assert pellucid("report", "run").exit_code == 0
    assert (run / "report.html").read_bytes() == page


def test_the_page_can_go_elsewhere_and_leave_the_folder_alone(pellucid, run, tmp_path):
    before = sorted(path.name for path in run.iterdir())
    (tmp_path / "folder").mkdir()
    for out, page in (("mine.html", "mine.html"), ("folder", "folder/report.html")):
        found = json.loads(pellucid("report", "run", "--out", out, "--json").stdout)
        assert found == {"report": page, "figures": []}
        assert (tmp_path / page).read_bytes().startswith(b"<!DOCTYPE html>")
    assert sorted(path.name for path in run.iterdir()) == before


def test_where_nothing_can_be_written(pellucid, run):
    result = pellucid("report", "run", "--out", "no/such/folder/page.html")
    assert result.exit_code == 4
    assert "Cannot write no/such/folder/page.html: No such file or directory" in result.stderr


def test_a_page_is_not_written_into_a_file_of_another_kind(pellucid, finished, tmp_path):
    result = pellucid("report", finished, "--out", "page.pdf")
    assert result.exit_code == 2
    assert (
        "The report is a page: --out names a file ending in .html. Received: --out=page.pdf" in result.stderr
    )
    assert not (tmp_path / "page.pdf").exists()
