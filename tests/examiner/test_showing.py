import io
import json

from rich.console import Console

from pellucid.examiner import showing
from pellucid.examiner.marks import not_read


def test_the_table_shows_points_and_explains_what_was_lost(marks):
    stream = io.StringIO()
    console = Console(file=stream, width=120)
    for one in marks:
        console.print(showing.table(one))
    text = stream.getvalue()
    assert "rectification                           2 of 2" in text
    assert "It changes its argument maps in place" in text
    assert "call      relu(maps=[[-2, 1], [0, -4]])" in text
    assert "broken.py does not parse. Line 1" in text
    assert "0 of 5 bonus points" in text


def test_undone_bonus_questions_are_one_line():
    from pellucid.examiner import marks_page
    from pellucid.examiner.marks import Marks, nothing

    undone = tuple(nothing(number, "missing", "It is not there.") for number in (26, 27, 28))
    console = Console(file=io.StringIO(), width=120)
    console.print(showing.table(Marks("a.py", 0, undone)))
    lines = [line for line in console.file.getvalue().splitlines() if "not there" in line]
    assert lines == [lines[0]]
    assert "bonus questions 26, 27 and 28: not there  0 of 15" in lines[0]
    assert marks_page.page([Marks("a.py", 0, undone)]).count("not there") == 1
    one = Marks("a.py", 0, undone[:1])
    assert showing.undone_bonus(one) == []


def test_marks_as_json(marks):
    data = json.loads(json.dumps(marks[1].to_json()))
    assert (data["format"], data["version"]) == ("pellucid-marks", 1)
    assert (data["points"], data["out_of"], data["bonus_out_of"]) == (1.75, 2, 5)
    untouched = next(o for o in data["questions"][0]["outcomes"] if o["criterion"] == "untouched")
    assert (untouched["points"], untouched["out_of"], untouched["cause"]) == (0, 0.25, "in place")


def test_long_arrays_are_cut():
    assert showing.brief("x" * 700) == "x" * 600 + " …"


def test_a_file_that_was_not_read_has_no_table_and_no_zero():
    stream = io.StringIO()
    Console(file=stream, width=120).print(showing.table(not_read("a.py", 0, "a.py is a PNG image.")))
    assert stream.getvalue().split("\n\n") == ["a.py\nnot read, so no marks", "a.py is a PNG image.\n"]


def test_what_the_machine_cannot_enforce_is_one_line_with_the_marks():
    from pellucid.examiner import exports, marks_page
    from pellucid.examiner.marks import Marks

    opened = Marks("a.py", 0, left_open=("using the network",))
    words = "Not enforced on this machine: code in the file was not kept from using the network."
    console = Console(file=io.StringIO(), width=200)
    console.print(showing.table(opened))
    assert words in console.file.getvalue()
    assert words in marks_page.page([opened])
    assert words in exports.gradescope(opened)["output"]
    assert opened.to_json()["not_enforced"] == ["using the network"]
    assert "Not enforced" not in marks_page.page([Marks("a.py", 0)])
