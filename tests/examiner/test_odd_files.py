"""Whatever a file does while it is examined, it ends in a message, and the other questions are examined."""

import pytest

from pellucid.examiner import examine, examine_all

RELU = "\ndef relu(maps):\n    return np.maximum(maps, 0)\n"
SOFTMAX = "\ndef softmax(scores):\n    {}\n    e = np.exp(scores - scores.max())\n    return e / e.sum()\n"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("while True: pass", "had not come to an end after 1 s; it was in line"),
        ("import os; os._exit(3)", "ended the whole process (os._exit)"),
        ("import os; os.kill(os.getpid(), 11)", "Python itself crashed (SIGSEGV)"),
        ("import time\n    try: time.sleep(60)\n    except BaseException: time.sleep(60)", "and was ended"),
    ],
)
def test_a_function_that_never_comes_back(statement, words, marks_of):
    marks = marks_of(RELU + SOFTMAX.format(statement), questions=[21, 25], seconds=1)
    assert marks.of(21).points == 2
    assert marks.of(25).status == "failed"
    assert words in marks.of(25).message


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("import sys; sys.exit(3)", "stops the whole program (sys.exit)"),
        ("import nosuchpackage", "No module named 'nosuchpackage', in line"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "the examiner gives no network"),
        ("import subprocess; subprocess.run(['true'])", "no other program be started"),
        ("import os; os.system('true')", "no other program be started"),
        ("np.ones(10**11)", "MemoryError"),
        ("softmax(scores)", "calls itself without end"),
    ],
)
def test_a_function_that_stops_with_an_error(statement, words, marks_of):
    marks = marks_of(RELU + SOFTMAX.format(statement), questions=[21, 25])
    assert marks.of(21).points == 2
    assert marks.of(25).points == 0
    assert words in marks.of(25).lost[0].message
    assert "For the same reason as" in marks.of(25).lost[1].message


def test_files_outside_cannot_be_touched(marks_of, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("here")
    for statement in (
        f"import os; os.remove({str(precious)!r})",
        f"open({str(precious)!r}, 'w').write('gone')",
        f"import shutil; shutil.rmtree({str(tmp_path)!r})",
        f"import pathlib; pathlib.Path({str(precious)!r}).rename('x')",
    ):
        marks = marks_of(SOFTMAX.format(statement), questions=[25])
        assert "the examiner lets no file be" in marks.of(25).lost[0].message, statement
        assert precious.read_text() == "here"


def test_a_function_may_do_what_it_likes_in_its_own_folder(marks_of):
    statement = (
        "open('x', 'w').write('x'); import os; os.remove('x'); import shutil; shutil.rmtree('.', True)"
    )
    answer = marks_of(SOFTMAX.format(statement), questions=[25]).of(25)
    # All is well but what cannot be believed of a function that uses such modules itself.
    lost = [one for one in answer.lost if one.out_of]
    assert {one.criterion for one in lost} == {"untouched", "efficient"}
    assert all("as it cannot be found out: line" in one.message for one in lost)


def test_printing_without_measure_is_cut_and_told(marks_of):
    marks = marks_of(RELU + "for _ in range(3000): print('x' * 10000)\n", questions=[21])
    assert marks.points == 2
    assert marks.notes[0].startswith("It printed: xxx")
    assert len(marks.notes[0]) < 300


def test_three_lines_of_what_a_file_prints_are_shown(marks_of):
    marks = marks_of(RELU + "for i in range(20): print('line', i)\n", questions=[21])
    assert marks.notes == ("It printed: line 0\nline 1\nline 2 …",)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("raise SystemExit", "it stops the whole program (sys.exit), in line"),
        ("while True: pass", "it had not come to an end after 1 s; it was in line"),
        ("import os; os._exit(1)", "it ended the whole process (os._exit)"),
        ("1 / 0", "ZeroDivisionError: division by zero, in line"),
        ("input('Your name? ')", "EOFError"),
    ],
)
def test_a_file_that_does_not_run_to_its_end_is_examined_without_what_is_outside_functions(
    statement, words, marks_of
):
    marks = marks_of(RELU + statement + "\n" + SOFTMAX.format("pass"), questions=[21, 25], seconds=1)
    assert marks.points == 4
    notes = " ".join(marks.notes)
    assert words in notes
    assert "examined without what stands outside of them" in notes
    assert notes.count(words) == 1


def test_an_import_that_fails_is_passed_over_alone(marks_of):
    source = """
        from tensorflow_of_another_machine import keras
        EPS = np.finfo(float).eps
        model = keras.Sequential()
        def relu(maps):
            return np.maximum(maps, 0 * EPS)
    """
    marks = marks_of(source, questions=[21])
    assert marks.points == 2
    first, second = marks.notes
    assert (
        "Line 4 was passed over: it stops with ModuleNotFoundError: No module named 'tensorflow_of" in first
    )
    assert "Line 6 was passed over: it stops with NameError: name 'keras' is not defined" in second


def test_a_file_with_the_name_of_a_library_is_told_to_be_renamed(marks_of):
    marks = marks_of(RELU, questions=[21], name="numpy.py")
    assert marks.points == 2
    assert marks.notes[0].endswith("rename your file.")


def test_a_file_that_does_not_parse(marks_of):
    marks = marks_of("def relu(maps:\n    return 1")
    assert marks.points == 0
    assert "lowlevel.py does not parse. Line 3:" in marks.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"print('hello')", "None of the functions was found in odd.py: convolve, relu"),
        (b"# nothing", "None of the functions was found"),
        (b"EXAMINER = 3", "EXAMINER should be a plain dictionary"),
        (b"EXAMINER = {'convolv': 'x'}", "EXAMINER has 'convolv': 'x'; known are convolve"),
        (b"EXAMINER = {'relu': 'f(x)'}", "its arguments are called maps"),
    ],
)
def test_a_file_in_which_there_is_nothing_to_examine(content, words, tmp_path, host):
    path = tmp_path / "odd.py"
    path.write_bytes(content)
    marks = examine(path, host=host)
    assert marks.points == 0
    assert len(marks.answers) == 9
    assert words in marks.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "is not text in UTF-16"),
        (b"\0", "has null bytes in it"),
        (b"", "odd.py is empty (0 bytes)"),
        (b"\x89PNG", "is a PNG image"),
        (b'{"nbformat": 4, "cells": [', "is not a Jupyter notebook, or is damaged"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_cannot_be_read_has_no_marks_rather_than_zero(content, words, tmp_path, host):
    path = tmp_path / "odd.py"
    if content is not None:
        path.write_bytes(content)
    marks = examine(path, host=host)
    assert (marks.status, marks.is_read) == ("not read", False)
    assert (marks.points, marks.bonus, marks.total, marks.answers) == (None, None, None, ())
    assert words in marks.message


def test_a_file_is_examined_in_whatever_encoding_it_is(host, tmp_path):
    path = tmp_path / "odd.py"
    for encoding in ("latin-1", "utf-16", "utf-8-sig"):
        path.write_bytes(("# café\nimport numpy as np" + RELU).encode(encoding))
        marks = examine(path, questions=[21], host=host)
        assert marks.points == 2
        assert len(marks.notes) == (encoding != "utf-8-sig")


def test_a_name_with_bytes_that_are_no_text(host, tmp_path):
    import os

    path = tmp_path / os.fsdecode(b"caf\xe9.py")
    try:
        path.write_text("import numpy as np" + RELU)
    except OSError:
        pytest.skip("no such names on this file system")
    marks = examine(path, questions=[21], host=host)
    assert marks.points == 2
    marks.file.encode()


def test_a_library_of_the_same_name_beside_the_file_is_not_run_by_the_examiner(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("numpy.py", "json.py", "random.py", "pellucid.py"):
        (tmp_path / name).write_text(
            f"open({str(tmp_path / 'ran')!r}, 'w')\ndef relu(maps):\n    return maps\n"
        )
    (tmp_path / "mine.py").write_text("import numpy as np\n" + RELU)
    assert examine("mine.py", questions=[21]).points == 2
    assert not (tmp_path / "ran").exists()


def test_a_notebook_is_read_cell_by_cell(host, tmp_path):
    import json

    cells = [
        {"cell_type": "markdown", "source": ["# words"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import numpy as np\n", "!ls"]},
        {"cell_type": "code", "source": RELU},
    ]
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert examine(path, questions=[21], host=host).points == 2
    cells[-1]["source"] = RELU.replace("np.maximum", "np.minimum_of_all")
    path.write_text(json.dumps({"cells": cells}))
    lost = examine(path, questions=[21], host=host).of(21).lost
    assert "in cell 3, line 3: return np.minimum_of_all(maps, 0)" in lost[0].message
    path.write_text("{}")
    assert "is not a Jupyter notebook" in examine(path, questions=[21], host=host).message


def test_one_bad_file_harms_no_other(tmp_path):
    sources = {"a.py": RELU, "b.py": "def relu(:", "c.py": "import os; os._exit(1)\n" + RELU, "d.py": RELU}
    for name, source in sources.items():
        (tmp_path / name).write_text("import numpy as np\n" + source)
    seen = []
    marks = examine_all(
        [tmp_path / name for name in sources],
        questions=[21],
        jobs=2,
        on_file=lambda one: seen.append(one.file),
    )
    assert [one.points for one in marks] == [2, 0, 2, 2]
    assert [one.file for one in marks] == [str(tmp_path / name) for name in sources]
    assert sorted(seen) == [one.file for one in marks]
    assert "had not come to an end" not in str(marks[2])  # the file that ended its process was not waited for


def test_many_lines_that_are_passed_over_are_told_in_three_notes(marks_of):
    source = "import nothing_of_this_name as n\n" + "n.call()\n" * 40 + RELU
    marks = marks_of(source, questions=[21])
    assert marks.points == 2
    assert len(marks.notes) == 3
    assert marks.notes[2] == "39 more were passed over for what is missing, the last in line 43."
