import json
import shutil

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from sklearn.datasets import load_digits

from pellucid.evaluation import load_uses
from pellucid.runs import RunFolder, Settings
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.study import StudyInfo, StudyStatus
from pellucid.runs.study_folder import write_study


def test_a_table_of_uses_and_a_verdict_for_each(pellucid, finished):
    result = pellucid("suffices", finished)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"digits-perceptron in {finished}"
    assert lines[1].startswith("Independent fields: digits drawn by chance; thresholds are chosen on ")
    assert "Who wrote the images of digits is not known" in lines[2]
    titles = [one.title for one in load_uses().values()]
    table = lines[lines.index("") + 2 :][: len(titles)]
    assert [line.split("  ")[0] for line in table] == titles
    assert [line[2:].split(": ")[0] for line in lines[-len(titles) :]] == titles


def test_one_use_with_what_it_rests_on(pellucid, finished):
    told = pellucid("suffices", finished, "--use", "exam-grade").stdout
    assert "- Exam grade: " in told
    assert "If errors were independent, a field of 2 is right in " in told
    assert "Dutch postal code" not in told


def test_a_use_of_ones_own(pellucid, finished):
    told = pellucid("suffices", finished, "--digits", 1, "--max-error", 0.5).stdout
    assert "- a field of 1 digit: sufficient alone if errors are independent; " in told


def test_uses_from_a_file(pellucid, finished, tmp_path):
    (tmp_path / "mine.toml").write_text('[locker]\ntitle = "Locker"\ndigits = 3\ntarget = 0.2\n')
    told = pellucid("suffices", finished, "--uses", "mine.toml").stdout
    assert "- Locker: " in told
    assert "- Exam grade: " in told
    assert "Exam" not in pellucid("suffices", finished, "--uses", "mine.toml", "--use", "locker").stdout


def test_json(pellucid, finished):
    [run] = json.loads(pellucid("suffices", finished, "--use", "iban", "--json").stdout)["runs"]
    assert run["run"] == str(finished)
    [use] = run["uses"]
    assert use["use"] == "iban"
    assert use["verdict"] in use["sentence"] or use["verdict"] == "with a person"
    assert 0 < use["field"]["independent"]["value"] < 1


def test_runs_of_several_seeds_are_each_judged(pellucid, finished, another, tmp_path):
    study = StudyInfo(
        name="digits-perceptron",
        status=StudyStatus.FINISHED,
        experiment=ExperimentDescription(name="digits-perceptron"),
        settings=Settings(),
        vary_split=False,
        folders=(str(finished), str(another)),
    )
    write_study(tmp_path, study)
    told = pellucid("suffices", tmp_path, "--use", "exam-grade").stdout
    assert f"in {finished}" in told
    assert f"in {another}" in told


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--use", "ibann"], 2, "There is no use 'ibann'; did you mean 'iban'?"),
        (["--digits", 10], 2, "A use of your own has --digits and --max-error, such as --digits 10 --max-e"),
        (
            ["--digits", 0, "--max-error", 0.1],
            2,
            "digits is a whole number of at least 1. Received: digits=0",
        ),
        (
            ["--digits", 4, "--max-error", 1.5],
            2,
            "--max-error is a share between 0 and 1, such as 0.01 for 1 %. Received: --max-error=1.5",
        ),
        (
            ["--digits", 999, "--max-error", 0.1],
            1,
            "images do not make a field of 999; at least 999 are",
        ),
        (["--uses", "none.toml"], 4, "The use file none.toml cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_asked(pellucid, finished, options, code, told):
    result = pellucid("suffices", finished, *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_a_key_that_no_use_has(pellucid, finished, tmp_path):
    (tmp_path / "mine.toml").write_text("[locker]\ndigits = 3\ntraget = 0.2\n")
    result = pellucid("suffices", finished, "--uses", "mine.toml")
    assert result.exit_code == 2
    assert "Use 'locker' in mine.toml has an unknown key 'traget': did you mean 'target'?" in result.stderr


def test_classes_that_are_no_digits(pellucid, photographs):
    (photographs.parent / "mine.py").write_text(
        "from pellucid.experiments import Experiment\n"
        "from pellucid.layers import Dense, Flatten\n"
        "mine = Experiment('mine', 'Mine', 'photographs', [Flatten(), Dense(2, activation='softmax')])\n"
    )
    assert pellucid("run", "mine.py", "--epochs", 1, "--threads", 1).exit_code == 0
    result = pellucid("suffices", "runs/mine")
    assert result.exit_code == 2
    assert "so the classes must be the digits 0 to 9; those of mine are" in result.stderr


def test_a_run_that_is_not_finished(pellucid, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "begun")
    RunFolder.open(tmp_path / "begun").interrupt()
    result = pellucid("suffices", tmp_path / "begun")
    assert result.exit_code == 4
    assert "is interrupted, not finished (" in result.stderr
    assert "done): continue with `pellucid resume" in result.stderr


def own_images(folder, n, blurred=False):
    """Write n of scikit-learn's digits with a list of labels; blurred ones are from another source."""
    digits = load_digits()
    lines = ["file,label"]
    for row in range(n):
        pixels = digits.images[row] * 255 / 16
        if blurred:
            pixels = ndimage.gaussian_filter(pixels, 1.0) * 0.6
        Image.fromarray(np.rint(pixels).astype(np.uint8)).save(folder / f"{row}.png")
        lines.append(f"{row}.png,{digits.target[row]}")
    (folder / "mine.csv").write_text("\n".join(lines) + "\n")


def test_thresholds_are_fitted_to_labelled_images_of_ones_own(pellucid, finished, tmp_path):
    own_images(tmp_path, 300)
    told = pellucid("suffices", finished, "--labelled", "mine.csv", "--digits", 1, "--max-error", 0.1).stdout
    assert "Your own 300 labelled images: thresholds are chosen on 200 of them and checked on the" in told
    assert "is shown (p" in " ".join(told.split())
    assert "200 calibration fields" in told


def test_labelled_images_from_another_source_are_told_to_be(pellucid, finished, tmp_path):
    own_images(tmp_path, 150, blurred=True)
    told = pellucid("suffices", finished, "--labelled", "mine.csv", "--digits", 1, "--max-error", 0.1).stdout
    assert "These 150 images are unlike the run's test images" in " ".join(told.split())


def test_a_check_digit_of_ones_own(pellucid, finished):
    told = pellucid("suffices", finished, "--digits", 9, "--max-error", 0.01, "--check", "mod-11").stdout
    assert "The check (mod-11) catches" in told
    lone = pellucid("suffices", finished, "--check", "mod-11")
    assert lone.exit_code == 2
    assert "--check belongs to --digits and --max-error. Received: check='mod-11'" in lone.stderr
