import csv
import io
import json

from lab_notebooks import lab

from pellucid.examiner import exports
from pellucid.examiner.examining import examine
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


def test_proposals_stand_in_columns_of_their_own_and_in_no_sum(marks, host, tmp_path):
    path = tmp_path / "lab.ipynb"
    path.write_text(lab(), encoding="utf-8")
    report = examine(path, host=host)
    first, second = csv.DictReader(io.StringIO(exports.csv_text([report, marks[0]])))
    assert (first["Q2 proposed of 5"], first["Q10 proposed of 2"], first["Q16 proposed of 6"]) == (
        "4",
        "0.5",
        "",
    )
    assert (first["total"], second["Q2 proposed of 5"]) == ("0", "")
    assert float(first["Q1-Q19 to read"]) == report.written.to_read
    results = exports.gradescope(report)
    assert results["score"] == 0
    assert "in no sum above" in results["output"]
    assert report.to_json()["written"]["proposed"] == report.written.proposed
    assert report.to_json()["points"] == 0
