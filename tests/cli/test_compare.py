import json
import shutil

import pytest

from pellucid.cli.compare import beside


def test_results_side_by_side_and_what_they_say(pellucid, finished, another, tmp_path):
    result = pellucid("compare", finished, another)
    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert head.split() == [str(finished), str(another)]
    rows = {line.split("  ")[0].strip(): line for line in lines}
    assert rows["seed"].split() == ["seed", "0", "1"]
    assert rows["test accuracy"].split()[2].startswith("0.9")
    assert "McNemar's mid-p test" in result.stdout
    assert "- digits-perceptron: " in result.stdout  # what the seed does
    assert "histories" not in result.stdout
    assert list(tmp_path.iterdir()) == []  # nothing is written unasked


def test_the_picture_is_written_where_it_is_asked_for(pellucid, finished, another, tmp_path):
    result = pellucid("compare", finished, another, "--out", "compare.png")
    assert result.stdout.endswith("\nhistories  compare.png\n")
    assert (tmp_path / "compare.png").read_bytes()[1:4] == b"PNG"
    assert pellucid("compare", finished, another, "--out", "c.html").stdout.endswith("\ncomparison  c.html\n")


@pytest.mark.parametrize(
    ("name", "begins"), [("h.svg", b"<?xml"), ("h.pdf", b"%PDF"), ("h.html", b"<!DOCTYPE html>")]
)
def test_the_histories_as_picture_or_page(pellucid, finished, another, tmp_path, name, begins):
    assert pellucid("compare", finished, another, "--out", name).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_the_index_beside_a_comparison_links_it(pellucid, finished, another, tmp_path):
    from pellucid.report import write_index

    (tmp_path / "elsewhere").mkdir()
    index = write_index(tmp_path / "elsewhere")
    pellucid("compare", finished, another, "--out", "elsewhere/both.html")
    assert '<a href="both.html">' in index.read_text()
    assert '<a href="index.html">All runs</a>' in (tmp_path / "elsewhere" / "both.html").read_text()


def test_json(pellucid, finished, another):
    found = json.loads(pellucid("compare", finished, another, "--json").stdout)
    assert [run["folder"] for run in found["runs"]] == [str(finished), str(another)]
    assert 0 <= found["comparisons"][0]["p_value"] <= 1
    assert found["histories"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["{a}"], 2, "A comparison needs two runs or more. Received: 1"),
        (
            ["{a}", "{a}/../digits-perceptron"],
            2,
            "A run is compared with others, not with itself.",
        ),
        (
            ["{a}", "{b}", "--out", "x.gif"],
            2,
            "--out names a file ending in .png, .svg, .pdf or .html. Received: --out=x.gif",
        ),
        (["{a}", "nowhere"], 4, "nowhere is not a run folder: it does not exist."),
        (
            ["{a}", "{b}", "--out", "no/x.png"],
            4,
            "Cannot write no/x.png: No such file or directory",
        ),
        (
            ["{a}", "{b}", "--out", "no/x.html"],
            4,
            "Cannot write no/x.html: No such file or directory",
        ),
    ],
)
def test_what_cannot_be_compared(pellucid, finished, another, arguments, code, told):
    result = pellucid("compare", *(one.format(a=finished, b=another) for one in arguments))
    assert result.exit_code == code
    assert told in result.stderr


def test_more_runs_than_columns_go_below_each_other():
    summaries = {f"run-{number}": {"seed": str(number)} for number in range(5)}
    tables = beside(summaries, 24)
    assert [table.splitlines()[0].split() for table in tables] == [
        ["run-0", "run-1"],
        ["run-2", "run-3"],
        ["run-4"],
    ]


def test_an_unfinished_run_is_shown_with_what_it_has(pellucid, finished, another, tmp_path):
    shutil.copytree(another, tmp_path / "half")
    about = json.loads((tmp_path / "half" / "run.json").read_text())
    del about["files"]
    about["status"] = "interrupted"
    (tmp_path / "half" / "run.json").write_text(json.dumps(about))
    for file in ("predictions.csv", "results.json", "pictures.npz", "model.safetensors"):
        (tmp_path / "half" / file).unlink()
    result = pellucid("compare", finished, "half")
    assert result.exit_code == 0
    assert "- half is interrupted and has no test results yet." in result.stdout
