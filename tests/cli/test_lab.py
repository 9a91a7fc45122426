import json


def test_lab_writes_the_document_and_says_where(pellucid, tmp_path):
    result = pellucid("lab", "--quick", "--only", "Q21-Q22", "--out", "mine")
    assert result.exit_code == 0
    assert "markdown  mine/lab.md" in result.stdout
    assert "[1/2] Q21 Rectification" in result.stderr
    assert (tmp_path / "mine" / "lab.html").is_file()


def test_lab_tells_its_files_to_programs(pellucid, tmp_path):
    result = pellucid("lab", "--only", "Q25", "--json")
    assert json.loads(result.stdout)["notebook"] == "lab/lab.ipynb"
    assert json.loads((tmp_path / "lab" / "results.json").read_text())["scale"] == "full"


def test_lab_uses_a_run_that_is_there_and_refuses_another(pellucid, finished):
    result = pellucid("lab", "--only", "D11", "--experiments", finished)
    assert result.exit_code == 2
    assert "not by the lab's recipe" in result.stderr
    assert "scaled is True and should be False" in result.stderr


def test_lab_refuses_questions_that_are_not_there(pellucid):
    result = pellucid("lab", "--only", "Q99")
    assert result.exit_code == 2
    assert "There are no questions 'Q99'" in result.stderr


def test_an_interrupted_lab_says_that_nothing_is_lost(pellucid, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("pellucid.lab.writing.answer", interrupt)
    result = pellucid("lab", "--only", "Q25")
    assert result.exit_code == 130
    assert (
        "Interrupted. What was trained is in lab/runs; the same command goes on from there." in result.stderr
    )
