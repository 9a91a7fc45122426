import json
import re

import pytest

from pellucid.runs import RunFolder
from pellucid.runs.ownership import take


def test_what_was_trained_is_listed_with_its_page(pellucid, tmp_path):
    assert pellucid("run", "digits-perceptron", "--epochs", 1).exit_code == 0
    RunFolder.create(tmp_path / "runs" / "failed", command="pellucid run it").fail("The disk is full.")
    result = pellucid("runs")
    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert head.split("  ")[0] == "RUN"
    [done] = [line for line in lines if line.startswith("runs/digits-perceptron")]
    test = RunFolder.open("runs/digits-perceptron").results.test
    assert re.search(
        rf"finished +1 +{test.accuracy:.4f} \(.*\) +\d{{4}}-\d\d-\d\d \d\d:\d\d +[\d.]+ [kM]B$", done
    )
    assert any(line.startswith("runs/failed") and " failed " in line for line in lines)
    assert lines[-1] == "page  runs/index.html"
    assert 'href="digits-perceptron/report.html"' in (tmp_path / "runs" / "index.html").read_text()
    assert "../index.html" in (tmp_path / "runs" / "digits-perceptron" / "report.html").read_text()
    assert "The run in runs/failed failed: The disk is full." in result.stderr


def test_one_that_is_trained_is_not_to_be_resumed(pellucid, tmp_path):
    owned = take(RunFolder.create(tmp_path / "runs" / "live").path)
    result = pellucid("runs")
    owned.release()
    assert "is being trained by this process" in result.stderr
    assert "resume" not in result.stderr


def test_json(pellucid, tmp_path):
    RunFolder.create(tmp_path / "there" / "it").interrupt()
    [found] = json.loads(pellucid("runs", "there", "--json").stdout)
    assert (found["run"], found["status"], found["accuracy"]) == ("there/it", "interrupted", None)
    assert not (tmp_path / "there" / "index.html").exists()


@pytest.mark.parametrize("folder", ["runs", "elsewhere"])
def test_where_nothing_was_trained_it_says_how_to_begin(pellucid, folder):
    result = pellucid("runs", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"Nothing was trained in {folder} yet. Begin with: pellucid run")


def test_a_file_is_not_a_folder_of_runs(pellucid, tmp_path):
    (tmp_path / "it").write_text("")
    result = pellucid("runs", "it")
    assert result.exit_code == 4
    assert "A folder of runs is listed. Received: it, which is a file" in result.stderr


def test_a_damaged_run_is_listed_with_what_is_wrong(pellucid, tmp_path):
    RunFolder.create(tmp_path / "runs" / "it")
    (tmp_path / "runs" / "it" / "run.json").write_text("{")
    result = pellucid("runs")
    assert result.exit_code == 0
    assert " damaged " in result.stdout
    assert "run.json in runs/it is not whole JSON" in result.stderr
