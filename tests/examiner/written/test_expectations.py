"""Results are compared with the range of their recipe, and the likely cause is named."""

import re
from pathlib import Path

import pytest

from pellucid.examiner.written.console import Curves, TestFigures
from pellucid.examiner.written.expectations import OWN, accuracy_range, judge_curves, judge_test
from pellucid.experiments import find

README = Path(__file__).parents[3] / "README.md"


def test_the_figures_of_pellucids_own_runs_are_those_of_the_readme():
    rows = re.findall(r"^\| `([\w-]+)` \| (0\.\d{4}) \(", README.read_text("utf-8"), re.MULTILINE)
    assert {name: float(value) for name, value in rows if name in OWN} == OWN


@pytest.mark.parametrize("name", OWN)
def test_what_others_report_is_in_the_range(name):
    expected = accuracy_range(name)
    assert expected.has(OWN[name])
    assert all(
        expected.has(one.test_accuracy) for one in find(name).reported if one.test_accuracy is not None
    )


def test_where_the_range_comes_from_is_said():
    text = judge_test(TestFigures(0.03, 0.9896), find("mnist-cnn")).text
    assert text == (
        "The test accuracy 0.9896 is within 0.985 to 0.993: the range of 4 full trainings with this recipe "
        "(lab reports, Keras, pellucid), widened by 3 standard errors on 10,000 test images."
    )


@pytest.mark.parametrize(
    ("name", "accuracy", "words"),
    [
        ("mnist-cnn", 0.1028, "That is about guessing (0.1): the network learned nothing. Adadelta with its"),
        ("mnist-cnn", 0.62, "Adadelta with its default rate of 0.001 learns so slowly"),
        ("mnist-cnn", 0.92, "It is what mnist-linear reaches: was another network trained or tested?"),
        ("mnist-linear", 0.975, "It is what mnist-relu reaches: was another network trained or tested?"),
        ("mnist-cnn", 0.9995, "Was it tested on images that it had learned from"),
        ("cifar10-cnn", 0.60, "Fewer epochs, fewer images or another learning rate than asked for"),
    ],
)
def test_an_accuracy_outside_the_range_has_a_likely_cause(name, accuracy, words):
    found = judge_test(TestFigures(None, accuracy), find(name))
    assert found.agrees is False
    assert words in found.text


def test_no_accuracy_is_no_finding():
    assert judge_test(TestFigures(0.1, None), find("mnist-cnn")) is None
    assert judge_test(TestFigures(0.1, float("nan")), find("mnist-cnn")) is None


def test_a_loss_that_starts_far_above_guessing_points_to_the_pixels():
    curves = Curves(12, {"loss": [11.1] + [0.4] * 11, "val_accuracy": [0.92] * 12})
    first, last = judge_curves(curves, find("mnist-linear"))
    assert first.text == (
        "The loss of the first epoch is 11.1, far above that of guessing, 2.30. Did the pixels go in "
        "unscaled (0 to 255 instead of 0 to 1)?"
    )
    assert last.agrees is True


def test_unscaled_values_are_the_recipe_of_the_digits():
    curves = Curves(100, {"loss": [11.1] * 100, "val_accuracy": [0.91] * 100})
    assert all(one.agrees for one in judge_curves(curves, find("digits-cnn")))


def test_the_number_of_epochs_is_compared():
    found = judge_curves(Curves(3, {"val_accuracy": [0.9, 0.91, 0.92]}), find("mnist-linear"))
    assert found[0].text == "The output shows 3 epochs, where 12 are asked for."
