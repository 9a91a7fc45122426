import ast
import json

import pytest

from pellucid.errors import OutputError
from pellucid.examiner import QUESTIONS, examine, write_workbook
from pellucid.examiner.workbook import workbook_source


def test_every_question_has_its_function_with_nothing_in_it():
    functions = {n.name: n for n in ast.parse(workbook_source()).body if isinstance(n, ast.FunctionDef)}
    for question in QUESTIONS:
        function = functions[question.function]
        assert ", ".join(argument.arg for argument in function.args.args) == question.signature
        assert len(function.body) == 1
        assert ast.get_docstring(function)


def test_the_points_said_in_the_workbook_are_those_given():
    for question in QUESTIONS:
        assert f"# %% Question {question.number}" in workbook_source()
        heading = workbook_source().split(f"# %% Question {question.number}")[1].partition("\n")[0]
        assert heading.endswith(f"({question.points:g} points)")


@pytest.mark.parametrize("name", ["lowlevel.py", "lowlevel.ipynb"])
def test_a_fresh_workbook_is_read_and_is_empty(name, tmp_path, host):
    write_workbook(tmp_path / "new" / "folder")
    marks = examine(tmp_path / "new" / "folder" / name, host=host)
    assert {answer.status for answer in marks.answers} == {"empty"}
    assert marks.points + marks.bonus == 0


def test_the_notebook_is_in_jupyters_format(tmp_path):
    _, path = write_workbook(tmp_path)
    notebook = json.loads(path.read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"]) == 2 + 2 * 9
    for cell in notebook["cells"]:
        assert set(cell) >= {"cell_type", "metadata", "source", "id"}
        assert ("outputs" in cell) == (cell["cell_type"] == "code")
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))


def test_a_students_work_is_not_overwritten(tmp_path):
    (tmp_path / "lowlevel.ipynb").write_text("mine")
    with pytest.raises(OutputError, match=r"lowlevel\.ipynb is there already, and is left as it is"):
        write_workbook(tmp_path)
    assert not (tmp_path / "lowlevel.py").exists()
    assert (tmp_path / "lowlevel.ipynb").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot make the folder"):
        write_workbook(tmp_path / "file" / "folder")
