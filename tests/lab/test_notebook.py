"""The notebook and the Markdown run from top to bottom by themselves, and give what the document prints."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.lab.scale import Scale
from pellucid.lab.writing import write_lab

SCALE = Scale("small", mark="small run", epochs={"digits-cnn": 3, "digits-perceptron": 3, "digits-cnn-64": 3})
ONLY = "Q20-Q26,D1-D5,D11,I5"  # what needs no dataset that has to be downloaded
# Cells run one after another in one namespace, as a kernel runs them.
DRIVER = """
import ast, contextlib, io, json, sys
cells = json.loads(open(sys.argv[1], encoding="utf-8").read())
names, outputs = {"__name__": "__main__"}, []
for source in cells:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<cell>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
    plot = hasattr(value, "savefig")
    shown = "" if value is None or plot else repr(value) + "\\n"
    outputs.append([printed.getvalue() + shown, plot])
open(sys.argv[2], "w", encoding="utf-8").write(json.dumps(outputs))
"""
KERNEL = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
place = {"metadata": {"path": sys.argv[2]}}
nbclient.NotebookClient(notebook, timeout=None, kernel_name="python3", resources=place).execute()
nbformat.write(notebook, sys.argv[3])
"""
# Lines of progress: the head and the rows of the epochs, what is trained, and what is being done.
PROGRESS = re.compile(
    r"^ +while training|^(Epoch|Cycle) +time| *\d+/\d+ .* s  |images to train on| …$|^pellucid: "
)
# The data of tests/lab/conftest.py in the place of MNIST and CIFAR-10.
SMALL_DATA = """
import importlib.util, pellucid.datasets
from pellucid.runs import preparation
spec = importlib.util.spec_from_file_location("small_data", {conftest!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
preparation.load = pellucid.datasets.load = module.enlarged
""".format(conftest=str(Path(__file__).with_name("conftest.py")))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_lab(tmp_path_factory.mktemp("notebook") / "lab", scale=SCALE, only=ONLY, pdf=False)


def run_afresh(sources, folder, before=""):
    """Run cells in a new process in an empty folder; return what each printed, and whether it drew a plot."""
    cells, outputs = folder / "cells.json", folder / "outputs.json"
    cells.write_text(json.dumps(sources), encoding="utf-8")
    (folder / "empty").mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, "-W", "error", "-c", before + DRIVER, cells, outputs]
    done = subprocess.run(
        command, cwd=folder / "empty", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [tuple(output) for output in json.loads(outputs.read_text(encoding="utf-8"))]


def code_cells(notebook):
    """Return the code cells of a notebook: source, text printed, whether a picture is shown, for each."""
    found = []
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
            picture = any("image/png" in output.get("data", {}) for output in cell["outputs"])
            found.append(("".join(cell["source"]), text, picture))
    return found


def code_blocks(markdown):
    """Return the code blocks of a Markdown text with what it says that each printed."""
    blocks = re.findall(
        r"^```python\n(.*?)\n```\n(?:\n```text\n(.*?)\n```\n)?", markdown, flags=re.DOTALL | re.MULTILINE
    )
    return [(source, printed) for source, printed in blocks]


def without_times(text):
    """Return a text without the numbers that depend on the machine."""
    return re.sub(r"[\d.]+ (?:m?s\b|ms/step)", "TIME", text)


def test_the_notebook_runs_in_an_empty_folder_and_gives_what_the_document_prints(written, tmp_path):
    sources, texts, pictures = zip(*code_cells(written.notebook), strict=True)
    again = run_afresh(sources, tmp_path)
    assert [text for text, _ in again] == list(texts)
    assert [plot for _, plot in again] == list(pictures)
    assert (tmp_path / "empty" / "runs").is_dir()  # it trained there, and needs nothing of the document's


def test_the_markdowns_code_runs_in_an_empty_folder_and_prints_the_same(written, tmp_path):
    blocks = code_blocks(written.markdown.read_text("utf-8"))
    assert [source for source, _ in blocks] == [source for source, _, _ in code_cells(written.notebook)]
    again = run_afresh([source for source, _ in blocks], tmp_path)
    assert [text.rstrip() for text, _ in again] == [printed for _, printed in blocks]


def test_a_cell_that_needs_another_documents_run_is_noticed(tmp_path):
    with pytest.raises(AssertionError, match="NameError: name 'digits' is not defined"):
        run_afresh(["print(digits)"], tmp_path)


@pytest.mark.slow
def test_every_cell_of_the_whole_notebook_runs_and_prints_the_same_but_for_times(
    small_data, tiny, runs, tmp_path
):
    written = write_lab(runs.folder.parent, scale=tiny, pdf=False)
    sources, texts, pictures = zip(*code_cells(written.notebook), strict=True)
    again = run_afresh(sources, tmp_path, before=SMALL_DATA)
    assert [plot for _, plot in again] == list(pictures)
    differing = [
        source
        for source, text, (printed, _) in zip(sources, texts, again, strict=True)
        if without_times(text) != without_times(printed)
    ]
    assert differing == []


@pytest.mark.slow
def test_a_real_kernel_runs_the_notebook_and_shows_its_plots(written, tmp_path):
    for package in ("ipykernel", "nbformat", "nbclient"):
        pytest.importorskip(package)
    executed = tmp_path / "executed.ipynb"
    (tmp_path / "empty").mkdir()
    command = [sys.executable, "-c", KERNEL, written.notebook, tmp_path / "empty", executed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    expected, found = code_cells(written.notebook), kernel_cells(executed)
    assert [picture for _, _, picture in expected] == [picture for _, picture in found]
    for (source, text, _), (printed, _) in zip(expected, found, strict=True):
        assert "".join(printed.split()) == "".join(text.split()), source  # a kernel breaks long lists


def kernel_cells(notebook):
    """Return what a kernel's cells printed, progress apart, and whether each shows a picture."""
    found = []
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        outputs = [
            output
            for output in cell["outputs"]
            if output.get("name") != "stderr" and not _is_live_bar(output)
        ]
        picture = any("image/png" in output.get("data", {}) for output in outputs)
        texts = [
            output.get("text") or output["data"]["text/plain"]
            for output in outputs
            if "image/png" not in output.get("data", {})
        ]
        lines = "".join("".join(text) for text in texts).splitlines()
        found.append(("\n".join(line for line in lines if not PROGRESS.search(line)), picture))
    return found


def _is_live_bar(output):
    return output["output_type"] == "display_data" and "image/png" not in output["data"]
