import pytest

from pellucid.cli.shared.pages import refresh_index, write_run_pages, write_study_pages
from pellucid.errors import OutputError
from pellucid.runs import RunFolder, Settings, run_seeds


@pytest.fixture
def study(tmp_path, declare):
    run_seeds(declare(epochs=1), tmp_path / "runs" / "seeds", 2, Settings(threads=1), verbose=0)
    return tmp_path / "runs" / "seeds"


def test_the_pages_of_a_study_link_each_other(study):
    page = write_study_pages(study).read_text()
    index = (study.parent / "index.html").read_text()
    seed = (study / "seed-1" / "report.html").read_text()
    assert 'href="seeds/report.html"' in index
    assert all(f'href="{name}"' in page for name in ("../index.html", "seed-0/report.html"))
    assert all(f'href="{name}"' in seed for name in ("../report.html", "../../index.html"))


def test_a_run_in_some_other_folder_gets_its_report_alone(study, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "run"
    elsewhere.parent.mkdir()
    (study / "seed-0").rename(elsewhere)
    page, figures = write_run_pages(elsewhere)
    assert page == elsewhere / "report.html"
    assert figures
    assert [path.name for path in elsewhere.parent.iterdir()] == ["run"]


def test_an_index_that_cannot_be_written_hinders_nothing(tmp_path, monkeypatch):
    def refuse(_):
        raise OutputError("Cannot write it.")

    run = RunFolder.create(tmp_path / "runs" / "run")
    monkeypatch.setattr("pellucid.report.write_index", refuse)
    refresh_index(run.path)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["run"]
