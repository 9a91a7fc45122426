from pathlib import Path

import pytest

from pellucid.report.links import (
    Link,
    is_our_page,
    links_from,
    links_of_run,
    links_of_study,
    links_to_runs,
    links_to_seeds,
)
from pellucid.runs import Settings
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.study import StudyInfo, StudyStatus
from pellucid.runs.study_folder import write_study


@pytest.fixture
def study(tmp_path):
    """Return the folder of a study of two seeds, inside a folder of runs."""
    folder = tmp_path / "runs" / "study"
    for seed in ("seed-0", "seed-1"):
        (folder / seed).mkdir(parents=True)
    info = StudyInfo(
        name="small",
        status=StudyStatus.RUNNING,
        experiment=ExperimentDescription(name="small"),
        settings=Settings(),
        vary_split=False,
        folders=("seed-0", "seed-1"),
    )
    write_study(folder, info)
    return folder


def page(path: Path, kind: str = "report"):
    path.write_text(f'<head><meta name="generator" content="pellucid {kind}"></head>')


def test_a_page_links_only_pages_that_are_there(study):
    assert links_of_run(study) == links_of_study(study) == links_of_run(study / "seed-0") == []
    assert links_to_seeds(study) == {}
    assert links_to_runs([study], study.parent / "compared.html") == [None]
    assert links_from(study.parent / "compared.html") == []


def test_a_run_links_the_index(study):
    page(study.parent / "index.html", "index")
    assert links_of_run(study.parent / "a run") == [Link("All runs", "../index.html")]
    assert links_of_study(study) == [Link("All runs", "../index.html")]
    assert links_from(study.parent / "compared.html") == [Link("All runs", "index.html")]


def test_a_seed_links_its_study_and_the_index(study):
    page(study.parent / "index.html", "index")
    page(study / "report.html")
    assert links_of_run(study / "seed-0") == [
        Link("All seeds", "../report.html"),
        Link("All runs", "../../index.html"),
    ]


def test_a_study_links_the_seeds_that_have_a_page(study):
    page(study / "seed-1" / "report.html")
    assert links_to_seeds(study) == {"seed-1": Link("report", "seed-1/report.html")}


def test_a_comparison_links_the_runs_from_where_it_is(study):
    page(study / "report.html")
    assert links_to_runs([study], study.parent / "compared.html") == [Link("study", "study/report.html")]
    assert links_to_runs([study], study.parent.parent / "x.html") == [Link("study", "runs/study/report.html")]


def test_a_page_of_another_kind_or_maker_is_not_ours(study):
    page(study / "x.html", "comparison")
    assert is_our_page(study / "x.html", "comparison")
    assert not is_our_page(study / "x.html", "index")
    (study / "x.html").write_text("<html>mine</html>")
    assert not is_our_page(study / "x.html", "comparison")
