import csv
import io
import json
import re

import pytest
from rich.console import Console

from pellucid.examiner import examine_all, showing

SOURCES = {
    "good.py": "import numpy as np\ndef relu(maps):\n    return np.maximum(maps, 0)\n",
    "=evil<b>.py": "import numpy as np\ndef relu(maps):\n    maps[maps < 0] = 0\n    return maps\n",
    "broken.py": "def relu(",
}


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name, source in SOURCES.items():
        (folder / name).write_text(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return examine_all(list(SOURCES), questions=[21, 26], jobs=1)


def test_the_table_shows_points_and_explains_what_was_lost(marks):
    stream = io.StringIO()
    console = Console(file=stream, width=120)
    for one in marks:
        console.print(showing.table(one))
    text = stream.getvalue()
    assert "rectification                           2 of 2" in text
    assert "It changes its argument maps in place" in text
    assert "call      relu(maps=[[-2]])" in text
    assert "broken.py does not parse. Line 1" in text
    assert "0 of 5 bonus points" in text


def test_csv_has_one_row_a_file_and_no_formula(marks):
    rows = list(csv.DictReader(io.StringIO(showing.csv_text(marks))))
    assert [row["Q21"] for row in rows] == ["2", "1.75", "0"]
    assert [row["total"] for row in rows] == ["2", "1.75", "0"]
    assert rows[1]["file"] == "'=evil<b>.py"
    assert rows[1]["causes"] == "Q21 untouched: in place"
    assert "does not parse" in rows[2]["message"]


def test_gradescope_has_what_its_specification_asks_for(marks):
    results = json.loads(json.dumps(showing.gradescope(marks[1])))
    assert results["score"] == 1.75
    assert [test["max_score"] for test in results["tests"]] == [2, 0]  # a bonus adds, and is not asked for
    assert sum(test["score"] for test in results["tests"]) == results["score"]
    assert {test["status"] for test in results["tests"]} <= {"passed", "failed"}
    assert "It changes its argument maps in place" in results["tests"][0]["output"]


def test_the_page_stands_alone_and_escapes_what_students_write(marks):
    page = showing.page(marks)
    assert "=evil&lt;b&gt;.py" in page
    assert "<b>.py" not in page
    assert not re.search(r"<script|https?://|src=|url\(", page)
    assert page.count("<article>") == 3
    assert "It changes its argument maps in place" in page


def test_marks_as_json(marks):
    data = json.loads(json.dumps(marks[1].to_json()))
    assert (data["format"], data["version"]) == ("pellucid-marks", 1)
    assert (data["points"], data["out_of"], data["bonus_out_of"]) == (1.75, 2, 5)
    untouched = next(o for o in data["questions"][0]["outcomes"] if o["criterion"] == "untouched")
    assert (untouched["points"], untouched["out_of"], untouched["cause"]) == (0, 0.25, "in place")


def test_long_arrays_are_cut():
    assert showing.brief("x" * 700) == "x" * 600 + " …"
