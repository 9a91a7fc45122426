import ast
import json

import pytest

from pellucid.errors import FileFormatError
from pellucid.examiner.files.notebooks import (
    Cell,
    NotebookCode,
    code_of,
    looks_like_a_notebook,
    plain_python,
    read_cells,
)


def code(*sources):
    return tuple(Cell(number, "code", source) for number, source in enumerate(sources, 1))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install numpy\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%capture out\nx = 1", "\nx = 1"),
        ("%%bash\nls -l\nrm x", "\n\n"),
        ("%%html\n<b>", "\n"),
        ("?np.max\nnp.max?\nnp.max??\nx = 1", "pass\npass\npass\nx = 1"),
        ("%time x = f(1)\n%timeit f(1)", "x = f(1)\npass"),
        ("files = !ls\na, b = %who", "files = None\na, b = None"),
        ("if x:\n    !ls\n    y = 1", "if x:\n    pass\n    y = 1"),
        ("y = (x\n  % 3)", "y = (x\n  % 3)"),  # a remainder, and no magic
        ("text = '''\n%d\n'''\n!ls", "text = '''\n%d\n'''\npass"),
        (">>> x = 1\n>>> if x:\n...     y = 2", "x = 1\nif x:\n    y = 2"),
        ("# nothing", "# nothing"),
    ],
)
def test_what_only_ipython_understands_is_made_harmless_line_for_line(source, expected):
    assert plain_python(source) == expected
    ast.parse(expected)


@pytest.mark.parametrize(
    "source", ["def f(:\n    pass", "Here I explain it.", "x = 'open\n%matplotlib inline"]
)
def test_what_is_no_python_at_all(source):
    with pytest.raises(SyntaxError):
        plain_python(source)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Line 1 was passed over", "Cell 1, line 1 was passed over"),
        ("it stops, in line 4: z", "it stops, in cell 3, line 1: z"),
        ("The loops begin in lines 1, 2 and 4.", "The loops begin in cell 1, lines 1 and 2; cell 3, line 1."),
        ("2 lines are too many", "2 lines are too many"),
    ],
)
def test_lines_of_the_code_are_named_by_their_cells(words, expected):
    notebook = code_of([Cell(1, "code", "x = 1\ny = 2"), Cell(3, "code", "z = 3")], "a.ipynb")
    assert notebook.in_cells(words) == expected
    assert NotebookCode("x = 1").in_cells(words) == words


def test_a_cell_that_does_not_parse_is_passed_over_alone():
    found = code_of(code("x = 1\ny = 2", "relu = (", "z = 3"), "a.ipynb")
    assert found.source == "x = 1\ny = 2\n\nz = 3"
    assert found.notes == (
        "Cell 2 was passed over, as it does not parse. Line 1: '(' was never closed: relu = (",
    )
    assert (found.place(2), found.place(4)) == ("cell 1, line 2", "cell 3, line 1")


def test_a_notebook_in_which_no_cell_parses():
    with pytest.raises(FileFormatError, match=r"a\.ipynb does not parse. Cell 1 was passed over"):
        code_of(code("relu = ("), "a.ipynb")


def test_a_notebook_without_code():
    assert code_of([Cell(1, "text", "# Words")], "a.ipynb").source == ""


def test_the_format_of_old_notebooks():
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Question 4"]},
        {
            "cell_type": "code",
            "input": ["x = 1\n", "y = 2"],
            "outputs": [{"output_type": "stream", "text": "3"}],
        },
    ]
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})
    heading, old = read_cells(text, "a.ipynb")
    assert (heading.kind, heading.source) == ("text", "## Question 4")
    assert (old.kind, old.source, old.printed, old.number) == ("code", "x = 1\ny = 2", "3\n", 2)


def test_outputs_are_kept_as_text_and_pictures_counted():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["Epoch 1/2\n", "Epoch 2/2"]},
        {"output_type": "execute_result", "data": {"text/plain": ["[0.1, 0.9]"]}},
        {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "<Figure>"}},
    ]
    text = json.dumps({"cells": [{"cell_type": "code", "source": "f()", "outputs": outputs}]})
    (cell,) = read_cells(text, "a.ipynb")
    assert cell.printed == "Epoch 1/2\nEpoch 2/2\n[0.1, 0.9]\n<Figure>\n"
    assert cell.figures == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", r"is not a Jupyter notebook, or is damaged: it is no JSON \(line 1 of the file\). Was it sent"),
        ('{"cells": [{"cell_type": "code", "sour', r"is no JSON \(line 1 of the file\)"),
        ("[" * 100_000, "it is no JSON"),
        ("{}", "is not a Jupyter notebook: no list of cells in it"),
        ("[]", "no list of cells in it"),
        ('{"cells": 3}', "no list of cells in it"),
        ('{"cells": [{}]}', "no list of cells in it"),
        ('{"cells": ["x"]}', "no list of cells in it"),
    ],
)
def test_a_damaged_notebook(text, words):
    with pytest.raises(FileFormatError, match=words):
        read_cells(text, "a.ipynb")


def test_a_notebook_is_recognised_by_what_is_in_it():
    assert looks_like_a_notebook('{\n "metadata": {}, "nbformat": 4, "cells": []}')
    assert not looks_like_a_notebook('{"nothing": 1}')
    assert not looks_like_a_notebook('x = {"cells": 3}')


def test_half_a_letter_in_a_notebook_can_be_written():
    (cell,) = read_cells('{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}', "a.ipynb")
    assert cell.source == "x = '?'"
