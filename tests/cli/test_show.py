import json
import re

import pytest

from pellucid.cli.shared import layout


def test_an_experiment_with_its_network_and_what_was_reported(pellucid):
    result = pellucid("show", "mnist-cnn")
    assert result.exit_code == 0
    assert "data        mnist: 60,000 images to train, 10,000 to test; pixels scaled to 0-1" in result.stdout
    assert "\noptimizer   Adadelta(learning_rate=1.0)\n" in result.stdout
    assert "Total params: 1,199,882" in result.stdout
    assert (
        "Keras 3.15 on TensorFlow 2.21, same recipe, seed 0: test accuracy 0.9885; test loss 0.0396"
        in result.stdout
    )
    assert result.stderr == "\nRun it: pellucid run mnist-cnn\n"


def test_settings_that_are_as_always_are_left_out(pellucid):
    optimizer = re.search(r"optimizer +(.*)", pellucid("show", "cifar10-cnn").stdout).group(1)
    assert optimizer == (
        "RMSprop(learning_rate=InverseTimeDecay("
        "initial_learning_rate=0.0001, decay_steps=1.0, decay_rate=1e-06))"
    )
    assert "optimizer   Adam(learning_rate=0.001)" in pellucid("show", "digits-cnn").stdout


def test_what_validates_on_test_images_says_so(pellucid):
    assert "the TEST images, as the lab has it: the test results will be too good" in (
        pellucid("show", "cifar10-cnn").stdout
    )


def test_long_lines_are_wrapped_to_the_terminal(pellucid, monkeypatch):
    monkeypatch.setattr("pellucid.cli.show.width", lambda: 60)
    lines = pellucid("show", "cifar10-cnn").stdout.splitlines()
    assert max(len(line) for line in lines if line[:1].isalpha() and "Conv2D" not in line) <= 60
    at = next(number for number, line in enumerate(lines) if line.startswith("optimizer"))
    assert lines[at + 1].startswith(" " * len("validation  "))


def test_the_network_by_hand(pellucid):
    result = pellucid("show", "mnist-by-hand")
    assert "100 cycles of 600 images, each step written out in mnist_by_hand.py" in result.stdout
    assert "Model:" not in result.stdout


def test_a_users_own_file_on_a_folder_of_images(pellucid, own_file):
    result = pellucid("show", own_file.name)
    assert result.exit_code == 0
    assert "photographs: 48 images of 2 classes, read as 8×8 colour; pixels scaled to 0-1" in result.stdout
    assert "(None, 6, 6, 4)" in result.stdout
    assert result.stderr.endswith("Run it: pellucid run my_experiment.py\n")


def test_a_folder_that_is_not_there_leaves_the_network_open(pellucid, own_file):
    own_file.write_text(own_file.read_text().replace("'photographs'", "'elsewhere'"))
    result = pellucid("show", own_file.name)
    assert result.exit_code == 0
    assert "elsewhere: there is no folder of this name here, so its images are not known" in result.stdout


def test_json_is_the_whole_declaration(pellucid):
    declared = json.loads(pellucid("show", "mnist-cnn", "--json").stdout)
    assert declared["optimizer"]["class_name"] == "Adadelta"
    assert [layer["class_name"] for layer in declared["layers"]][:2] == ["Conv2D", "Conv2D"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mnist-cn", "There is no experiment 'mnist-cn': did you mean 'mnist-cnn'?"),
        ("no.py", "There is no file no.py that declares an experiment"),
    ],
)
def test_an_unknown_name_offers_the_nearest(pellucid, name, told):
    result = pellucid("show", name)
    assert (result.exit_code, result.stderr) == (2, f"pellucid: {told}\n")


def test_width_without_a_terminal_is_unlimited(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert layout.width() == layout.UNLIMITED
