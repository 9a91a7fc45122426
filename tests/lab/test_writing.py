"""The document in its three forms, from a small lab."""

import base64
import errno
import importlib.util
import io
import json
import re
from pathlib import Path

import pytest

from pellucid.errors import ArgumentError, OutputError
from pellucid.lab.document import Code, Document, Section
from pellucid.lab.html import html
from pellucid.lab.questions import QUESTIONS
from pellucid.lab.scale import Scale
from pellucid.lab.writing import write_lab

SCALE = Scale("small", mark="small run", epochs={"digits-cnn": 3, "digits-perceptron": 3, "digits-cnn-64": 3})
ONLY = "Q20,D4-D5,D11"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("document") / "lab"
    progress = io.StringIO()
    return write_lab(out, scale=SCALE, only=ONLY, progress=progress, pdf=False), progress.getvalue()


def test_progress_says_how_long_it_will_take_and_where_it_is(written):
    _, told = written
    assert re.search(r"The training will take about [\d.]+ s on this machine\.", told)
    assert "[1/4] Q20 Convolution" in told
    assert told.index("will take about") < told.index("[1/4]") < told.index("[4/4] D11")


def test_a_second_time_nothing_is_trained_and_the_answers_are_the_same(written):
    files, _ = written
    before = json.loads(files.results.read_text())
    progress = io.StringIO()
    write_lab(files.html.parent, scale=SCALE, only=ONLY, progress=progress, pdf=False)
    assert "Nothing has to be trained: all runs are there." in progress.getvalue()
    after = json.loads(files.results.read_text())
    assert after["questions"] == before["questions"]
    assert (before["seconds"]["training"] != {}) == (after["seconds"]["training"] == {})


def test_the_page_needs_nothing_else(written):
    page = written[0].html.read_text()
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert "<script" not in page
    assert [key for key in QUESTIONS if f'<section id="{key}">' in page] == ["Q20", "D4", "D5", "D11"]
    assert (page.count('<svg class="plot"'), page.count(">small run<")) == (3, 2)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_notebook_is_one_that_has_been_run(written):
    notebook = json.loads(written[0].notebook.read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert {tuple(sorted(cell)) for cell in cells} == {
        ("cell_type", "id", "metadata", "source"),
        ("cell_type", "execution_count", "id", "metadata", "outputs", "source"),
    }
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    pictures = [out["data"]["image/png"] for cell in code for out in cell["outputs"] if "data" in out]
    assert len(pictures) == 3
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
    if importlib.util.find_spec("nbformat"):
        import nbformat

        nbformat.validate(nbformat.from_dict(notebook))


def test_the_notebooks_code_runs_again_and_reads_the_same_runs(written, monkeypatch):
    """A reader who opens the notebook where it lies gets the runs that are there."""
    files, _ = written
    monkeypatch.chdir(files.notebook.parent)
    folders = set((files.notebook.parent / "runs").iterdir())
    names = {}
    for cell in json.loads(files.notebook.read_text())["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - the notebook's own code
    assert set((files.notebook.parent / "runs").iterdir()) == folders


def test_the_markdown_has_its_figures_beside_it(written):
    files, _ = written
    text = files.markdown.read_text()
    pictures = re.findall(r"!\[[^\n]+\]\((figures/[^)]+\.png)\)", text)
    assert pictures == ["figures/Q20-1.png", "figures/D5-1.png", "figures/D5-2.png"]
    assert all((files.markdown.parent / picture).is_file() for picture in pictures)
    assert "## D11 · The perceptron" in text
    assert "| network | parameters |" in text


def test_all_forms_say_the_same(written):
    files, _ = written
    sentence = re.search(r"The network has 510 parameters: [^\n]+", files.markdown.read_text()).group()
    assert sentence in files.html.read_text().replace("\N{NO-BREAK SPACE}", " ")
    assert sentence in files.notebook.read_text()


def test_texts_are_escaped():
    section = Section("Q1", "<b>", "a & b")
    section.say("x < y and `<code>`")
    section.blocks.append(Code("if a < b: pass", "<out>"))
    page = html(Document("T", "L", (), (("G", (section,)),), quick=False, about={"A": "<v>"}))
    assert "x &lt; y and <code>&lt;code&gt;</code>" in page
    assert "if a &lt; b: pass" in re.sub(r"</?span[^>]*>", "", page)
    assert "&lt;out&gt;" in page
    assert "&lt;v&gt;" in page


def test_unknown_questions_are_refused_before_anything_is_done(tmp_path):
    with pytest.raises(ArgumentError, match="There are no questions 'X9'"):
        write_lab(tmp_path / "lab", scale=SCALE, only="X9")
    assert not (tmp_path / "lab").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "lab").write_text("in the way")
    with pytest.raises(OutputError, match=r"Cannot make the folder .*lab: File exists\."):
        write_lab(tmp_path / "lab", scale=SCALE, only="Q21")


@pytest.mark.skipif(
    not Path("/proc/self").is_dir(), reason="Linux has a folder that even root cannot write to"
)
def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_done():
    progress = io.StringIO()
    with pytest.raises(OutputError, match=r"^Cannot write in the folder /proc/self: [^.]+\.$"):
        write_lab(Path("/proc/self"), scale=SCALE, only="D11", progress=progress)
    assert progress.getvalue() == ""


def test_a_full_disk_is_told_with_the_file_that_did_not_fit(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pellucid.core.files.os.fsync", full)
    with pytest.raises(
        OutputError, match=r"^Cannot write .*lab\.html: No space left on device\. Nothing was"
    ):
        write_lab(tmp_path / "lab", scale=SCALE, only="Q25", pdf=False)
    assert not list((tmp_path / "lab").glob("*.html"))
    assert not list((tmp_path / "lab").glob(".*.part"))


@pytest.mark.data
def test_a_quick_lab_on_real_mnist(tmp_path, monkeypatch):
    from pellucid.datasets.loading import load
    from pellucid.lab.number_check import unsupported_numbers
    from pellucid.lab.scale import QUICK
    from pellucid.runs import preparation

    # the small data of the other tests lasts for the session
    monkeypatch.setattr(preparation, "load", load)
    monkeypatch.setattr("pellucid.datasets.load", load)
    files = write_lab(tmp_path / "lab", scale=QUICK, only="Q3,Q5,Q7", pdf=False)
    found = json.loads(files.results.read_text())["questions"]
    assert found["Q5"]["accuracy"] > 0.8
    assert found["Q7"]["same"] == found["Q7"]["images"] == 10_000
    assert not unsupported_numbers(
        f"accuracy {100 * found['Q5']['accuracy']:.2f} %", [found["Q5"]["accuracy"]]
    )
