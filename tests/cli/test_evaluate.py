import json
import shutil

import numpy as np

from pellucid.evaluation import confusion_matrix
from pellucid.runs import RunFolder


def test_estimates_with_intervals_classes_and_confusion(pellucid, finished):
    result = pellucid("evaluate", finished)
    assert result.exit_code == 0
    predictions = RunFolder.open(finished).predictions
    right = int((predictions.predicted == predictions.labels).sum())
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["run", "digits-perceptron", "in", str(finished)]
    assert lines[1].split("  ", 1)[1].strip() == "450 images of digits"
    assert lines[2].startswith(f"accuracy     {right / 450:.3f} (95 % interval ")
    assert lines[3].startswith("loss ")
    assert f"{right} of 450 right." in result.stdout
    assert "how sure     Confidence and accuracy are " in result.stdout
    assert "the curves   - After epoch 40 the network reads " in result.stdout
    counts = confusion_matrix(predictions.labels, predictions.predicted, 10)
    table = np.array([line.split() for line in lines[-10:]], int)
    np.testing.assert_array_equal(table[:, 0], range(10))
    np.testing.assert_array_equal(table[:, 1:], counts)  # rows: true class
    assert lines[lines.index("") + 1].split("  ")[0] == "CLASS"
    of_three = next(line for line in lines if line.startswith("3 "))
    assert of_three.split()[1] == str(counts[3].sum())
    recall = 100 * counts[3, 3] / counts[3].sum()
    assert of_three.split()[2] == f"{recall:.0f}"  # no more places than 45 images bear


def test_json(pellucid, finished):
    found = json.loads(pellucid("evaluate", finished, "--json").stdout)
    assert found["n"] == 450
    assert found["accuracy"]["low"] < found["accuracy"]["value"] < found["accuracy"]["high"]
    assert found["class_names"] == list("0123456789")
    assert np.sum(found["confusion"]) == 450
    assert found["test_set_opened"] == 1
    assert found["calibration"]["temperature"] > 0
    assert [one["code"] for one in found["findings"]] == ["one-seed"]
    assert found["generalisation"]["epochs"] == 40


def test_a_file_that_was_changed_is_refused(pellucid, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    with (tmp_path / "copy" / "predictions.csv").open("a") as file:
        file.write("\n")
    result = pellucid("evaluate", "copy")
    assert result.exit_code == 4
    assert "predictions.csv in the run folder copy is not what the run wrote" in result.stderr


def test_a_digit_changed_in_the_predictions_is_found_without_checksums(pellucid, finished, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    about = json.loads((run / "run.json").read_text())
    del about["files"]
    (run / "run.json").write_text(json.dumps(about))
    lines = (run / "predictions.csv").read_text().splitlines()
    first, *rest = lines[1].split(",")
    lines[1] = ",".join([first, *rest[:-1], str(float(rest[-1]) + 0.5)])
    (run / "predictions.csv").write_text("\n".join(lines) + "\n")
    result = pellucid("evaluate", run)
    assert result.exit_code == 4
    assert (
        f"predictions.csv in the run folder {run} has a row whose probabilities do not sum" in result.stderr
    )
