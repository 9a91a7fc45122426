import json
import sys


def test_lab_writes_the_document_and_says_where(pellucid, tmp_path):
    result = pellucid("lab", "--quick", "--only", "Q21-Q22", "--out", "mine", "--no-pdf")
    assert result.exit_code == 0
    assert "markdown  mine/lab.md" in result.stdout
    assert "[1/2] Q21 Rectification" in result.stderr
    assert (tmp_path / "mine" / "lab.html").is_file()


def test_lab_tells_its_files_to_programs(pellucid, tmp_path):
    result = pellucid("lab", "--only", "Q25", "--json", "--no-pdf")
    found = json.loads(result.stdout)
    assert (found["notebook"], found["pdf"]) == ("lab/lab.ipynb", None)
    assert json.loads((tmp_path / "lab" / "results.json").read_text())["scale"] == "full"


def test_lab_prints_the_document_or_says_how_to_get_what_prints(pellucid, tmp_path, monkeypatch):
    monkeypatch.setattr("pellucid.lab.pdf.find_browser", lambda: None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    result = pellucid("lab", "--only", "Q25")
    assert result.exit_code == 0
    assert "No PDF: Install Chromium or Google Chrome, or `pip install weasyprint`" in result.stderr
    assert "pdf" not in result.stdout

    def prints(browser, page, pdf):
        pdf.write_bytes(b"%PDF-")

    monkeypatch.setattr("pellucid.lab.pdf.find_browser", lambda: "chromium")
    monkeypatch.setattr("pellucid.lab.pdf.print_page", prints)
    assert "pdf       lab/lab.pdf" in pellucid("lab", "--only", "Q25").stdout
    assert pellucid("lab", "--only", "Q25", "--no-pdf").exit_code == 0
    assert not (tmp_path / "lab" / "lab.pdf").exists()  # the older one is not of this document


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
