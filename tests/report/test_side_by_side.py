import json
import shutil

import pytest

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.report.comparison_page import comparison_html
from pellucid.report.side_by_side import side_by_side
from pellucid.runs import RunFolder


def change(path, file, **values):
    """Write a JSON file of the run anew, with changed values, and take the run as finished."""
    run = RunFolder.open(path)
    content = json.loads((path / file).read_text())
    for key, value in values.items():
        *outer, last = key.split("__")
        inner = content
        for name in outer:
            inner = inner[name]
        inner[last] = value
    (path / file).write_text(json.dumps(content))
    run.finish()
    return path


def test_runs_are_called_by_name_or_by_folder(make_run, tmp_path):
    one, other = make_run("one"), make_run("other")
    assert list(side_by_side([one, other]).runs) == ["one", "other"]
    again = shutil.copytree(one, tmp_path / "again")
    assert list(side_by_side([one, again]).runs) == [str(one), str(again)]


def test_results_are_those_of_the_folders(make_run):
    compared = side_by_side([make_run("one"), make_run("other")])
    summary = compared.summaries()["one"]
    results = compared.runs["one"].results
    assert summary["test accuracy"] == f"{results.test.accuracy:.4f}"
    low, high = results.test.accuracy_interval
    assert summary["  95 % interval"] == f"{low:.4f} to {high:.4f}"
    assert summary["parameters"] == "650"
    assert summary["trained on"] == "960 images"
    assert summary["training time"] == "2 min 41 s"
    assert summary["learning rate"] == "0.001"


def test_the_same_test_images_are_compared_image_by_image(make_run):
    compared = side_by_side([make_run("one"), make_run("other")])
    [pair] = compared.comparisons
    assert (pair.gained, pair.lost, pair.p_value) == (0, 0, 1.0)
    assert compared.findings[0].startswith("No difference between one and other is shown")
    assert compared.findings[-1].startswith("Each of these is one run with one seed.")


def test_three_runs_say_against_which(make_run):
    compared = side_by_side([make_run(name) for name in ("one", "other", "third")])
    assert [(pair.a, pair.b) for pair in compared.comparisons] == [
        *(("one", "other"), ("one", "third"), ("other", "third")),
    ]
    assert all(pair.comparisons == 3 for pair in compared.comparisons)


def test_other_test_images_are_not_compared_and_it_is_said_why(make_run):
    one, other = make_run("one"), make_run("other")
    change(one, "configuration.json", dataset__sha256="1" * 64)
    change(other, "configuration.json", dataset__sha256="2" * 64)
    compared = side_by_side([one, other])
    assert compared.comparisons == []
    assert any(
        caution.startswith(
            "Runs 'one' and 'other' cannot be compared: they were tested on different datasets"
        )
        for caution in compared.cautions
    )


def test_seeds_of_one_experiment_are_studied(make_run, tmp_path):
    one = make_run("one")
    other = change(shutil.copytree(one, tmp_path / "again"), "configuration.json", training__seed=8)
    findings = side_by_side([one, other]).findings
    assert "one: All 2 seeds gave the same test accuracy" in findings[-1]


def test_seconds_of_another_machine_are_not_compared(make_run):
    one = make_run("one")
    other = change(
        make_run("other"), "environment.json", cpu={"name": "Another processor"}, blas__version="0.3.29"
    )
    assert (
        "The seconds of one and other are not comparable: "
        "cpu differs ('name A processor' and 'name Another processor'); "
        "blas differs ('version 0.3.30' and 'version 0.3.29')."
    ) in side_by_side([one, other]).cautions


def test_seconds_of_the_same_machine_are(make_run):
    findings = side_by_side([make_run("one"), make_run("other")]).findings
    assert any(finding.startswith("The seconds per epoch of one and other overlap") for finding in findings)


def test_seconds_of_epochs_and_cycles_are_not_compared(make_run):
    compared = side_by_side([make_run("one"), make_run("other", images_per_cycle=600)])
    assert (
        "The seconds of one and other are not comparable: an epoch of one is 960 images, a cycle of other is "
        "600 images."
    ) in compared.cautions
    assert compared.unit == "epoch or cycle"


def test_warnings_and_kinds_of_training_accuracy_are_carried_over(make_run):
    compared = side_by_side(
        [
            make_run("one", warnings=["The test images were looked at."]),
            make_run("other", measured_alike=False),
        ]
    )
    assert "one: The test images were looked at." in compared.cautions
    assert any("training accuracies of one and other are not comparable" in one for one in compared.cautions)


def test_an_untested_run_is_told(make_run):
    compared = side_by_side([make_run("one"), make_run("half", tested=False, status="interrupted")])
    assert "half is interrupted and has no test results yet." in compared.cautions
    assert compared.summaries()["half"]["status"] == "interrupted"


def test_json_and_page(make_run):
    compared = side_by_side([make_run("one"), make_run("<other>")])
    told = json.loads(json.dumps(compared.as_dict(), allow_nan=False))
    assert [run["name"] for run in told["runs"]] == ["one", "<other>"]
    page = comparison_html(compared)
    assert "<svg" in page
    assert "&lt;other&gt;" in page
    assert "<other>" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_fewer_than_two_runs_the_same_twice_and_no_runs(make_run, tmp_path):
    one = make_run("one")
    with pytest.raises(ArgumentError, match=r"A comparison needs two runs or more. Received: 1"):
        side_by_side([one])
    with pytest.raises(ArgumentError, match=r"A run is compared with others, not with itself. Received: "):
        side_by_side([one, one / ".." / "one"])
    with pytest.raises(FileFormatError, match="is not a run folder"):
        side_by_side([one, tmp_path / "nowhere"])
