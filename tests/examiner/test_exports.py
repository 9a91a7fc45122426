import csv
import io
import json

from pellucid.examiner import exports
from pellucid.examiner.marks import not_read


def test_csv_has_one_row_a_file_and_no_formula(marks):
    rows = list(csv.DictReader(io.StringIO(exports.csv_text(marks))))
    assert [row["Q21"] for row in rows] == ["2", "1.75", "0"]
    assert [row["total"] for row in rows] == ["2", "1.75", "0"]
    assert rows[1]["file"] == "'=evil<b>.py"
    assert rows[1]["causes"] == "Q21 untouched: in place"
    assert "does not parse" in rows[2]["message"]


def test_gradescope_has_what_its_specification_asks_for(marks):
    results = json.loads(json.dumps(exports.gradescope(marks[1])))
    assert results["score"] == 1.75
    assert [test["max_score"] for test in results["tests"]] == [2, 0]  # a bonus adds, and is not asked for
    assert sum(test["score"] for test in results["tests"]) == results["score"]
    assert {test["status"] for test in results["tests"]} <= {"passed", "failed"}
    assert "It changes its argument maps in place" in results["tests"][0]["output"]


def test_what_was_not_read_has_no_number_anywhere(marks):
    missing = not_read("gone.py", 0, "gone.py is a PNG image.")
    rows = list(csv.DictReader(io.StringIO(exports.csv_text([missing, marks[0]]))))
    assert [rows[0][key] for key in ("Q21", "Q26", "points", "bonus", "total")] == [""] * 5
    assert (rows[0]["status"], rows[0]["message"]) == ("not read", "gone.py is a PNG image.")
    assert (rows[1]["status"], rows[1]["Q21"]) == ("examined", "2")
    assert exports.gradescope(missing) == {
        "output": "Not read: gone.py is a PNG image.",
        "output_format": "text",
        "visibility": "visible",
    }
    data = missing.to_json()
    assert (data["points"], data["bonus"], data["status"], data["questions"]) == (None, None, "not read", [])
