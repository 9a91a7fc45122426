import re

import pytest

from pellucid.report import write_report, write_study_report
from pellucid.runs import RunFolder, Settings, run_seeds
from pellucid.runs.study_folder import read_study

THREE = Settings(threads=1)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    from pellucid.experiments import Experiment
    from pellucid.layers import Dense

    folder = tmp_path_factory.mktemp("studies") / "runs" / "small"
    declared = Experiment(
        *("small", "", "digits", [Dense(10, activation="softmax")]), batch_size=64, epochs=2, flat=True
    )
    run_seeds(declared, folder, 2, THREE, verbose=0, command="pellucid run small --seeds 2")
    return folder


def test_it_has_the_result_a_row_for_each_seed_and_the_curves(study):
    page = write_study_report(study).read_text()
    for run in (RunFolder.open(study / name) for name in read_study(study).folders):
        assert f'<th scope="row" class="seed">{run.path.name}</th>' in page
        assert f"{run.results.test.loss:.4f}" in page
    assert read_study(study).study.sentence.split(":")[0] in page
    assert "validation, mean of 2 seeds" in page
    assert "Not all seeds are finished" not in page
    assert 'aria-label="Test accuracy of 2 seeds"' in page
    assert "Test accuracy of 2 seeds: from " in page
    assert "pellucid run small --seeds 2" in page


def test_it_links_each_seed_s_report(study):
    write_report(study / "seed-1")
    page = write_study_report(study).read_text()
    assert re.findall(r'<a href="([^#"]*)">', page) == ["seed-1/report.html"]
    assert '<a href="../report.html">All seeds</a>' in write_report(study / "seed-1").read_text()


def test_the_contents_link_every_section(study):
    page = write_study_report(study).read_text()
    links = re.findall(r'href="#([^"]*)"', page[page.index("<nav") : page.index("</nav>")])
    assert links == ["top", "result", "seeds", "curves", "setup", "repeat"]
    assert all(f'id="{link}"' in page for link in links)


def test_the_same_folder_gives_the_same_bytes(study):
    assert write_study_report(study).read_bytes() == write_study_report(study).read_bytes()


def test_an_unfinished_study_says_so(tmp_path, declare):
    def stop(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_seeds(declare(epochs=1), tmp_path / "study", 2, THREE, verbose=0, on_run=stop)
    page = write_study_report(tmp_path / "study").read_text()
    assert "Not all seeds are finished" in page
    assert f"<code>pellucid resume {tmp_path / 'study'}</code>" in page
    assert "not begun" in page


def test_a_study_that_has_not_begun_has_a_page(tmp_path, declare, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pellucid.runs.seeds.run", stop)
    with pytest.raises(KeyboardInterrupt):
        run_seeds(declare(), tmp_path / "study", 2, THREE, verbose=0)
    assert "none of which has begun" in write_study_report(tmp_path / "study").read_text()
