"""A folder of images is learned with a network that fits it, and what was chosen is said."""

import numpy as np
import pytest
from PIL import Image

from pellucid.cli.shared.own_images import is_folder_of_images
from pellucid.runs import RunFolder


def put(folder, size=(20, 20), colour=128, number=6):
    """Put some images of noise into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(0)
    for index in range(number):
        noise = generator.integers(0, 40, (size[1], size[0], 1))
        Image.fromarray((np.array(colour) + noise).astype(np.uint8).squeeze()).save(folder / f"{index}.png")


def told(result):
    """Return what was said before training, by label."""
    head = result.stderr.split("\n\n")[0]
    return {label: text.strip() for label, text in (line.split("  ", 1) for line in head.splitlines())}


def test_what_was_chosen_is_said_and_how_to_change_it(no_report, pellucid, photographs):
    result = pellucid("run", "photographs", "--epochs", 1, "--threads", 1)
    assert result.exit_code == 0
    rows = told(result)
    assert rows["images"] == (
        "48 images of 2 classes (red things, синее), read as 16×16 pixels in colour "
        "(all are 16×12; stretched to squares)"
    )
    assert rows["network"].startswith("2 convolutions of 16, 32 kernels; ")
    assert rows["training"].startswith(
        "at most 1 epoch, batches of 16; ends when the validation loss has not"
    )
    assert "none is mirrored or turned, which would change some classes" in rows["variation"]
    assert rows["parts"].startswith("28 images to learn from, 8 to choose the best epoch, 12 to test")
    assert rows["to change"] == "pellucid new photographs.py --data photographs, and edit that file"
    assert RunFolder.open("runs/photographs").configuration.experiment.patience == 25
    assert "\nkept           the network of epoch 1, whose validation loss is the lowest\n" in result.stdout
    # so few test images tell little, which is said
    assert "watch out      With only 12 test images the accuracy is known roughly. Of 12 " in result.stdout
    assert "Collect more images, or look at several splits: pellucid run " in result.stdout
    assert "--seeds 5 --vary-split." in result.stdout


@pytest.mark.parametrize("number", [1, 2])
def test_too_few_images_of_a_class_are_said_by_name(pellucid, tmp_path, number):
    put(tmp_path / "pets" / "cat")
    put(tmp_path / "pets" / "dog", number=number)
    result = pellucid("run", "pets")
    assert result.exit_code == 2
    assert result.stderr == (
        "pellucid: Each class needs at least 3 images (to learn from, to validate, to test), and many more "
        f"to be learned well. Received: dog has {number}\n"
    )
    assert not (tmp_path / "runs").exists()


def test_grey_and_colour_and_sizes_that_differ(no_report, pellucid, tmp_path):
    put(tmp_path / "pets" / "cat", (20, 20))
    put(tmp_path / "pets" / "dog", (900, 600), colour=(200, 10, 10))
    result = pellucid("run", "pets", "--epochs", 1, "--threads", 1)
    assert result.exit_code == 0
    assert "read as 64×64 pixels in colour (they are 20×20 to 900×600; stretched to squares)" in result.stderr


def test_many_classes(no_report, pellucid, tmp_path):
    for number in range(12):
        put(tmp_path / "pets" / f"kind {number:02d}", number=4)
    result = pellucid("run", "pets", "--epochs", 1, "--threads", 1)
    assert result.exit_code == 0
    assert (
        "48 images of 12 classes (kind 00, kind 01, kind 02, kind 03, kind 04, kind 05, …), " in result.stderr
    )


def test_every_unreadable_picture_is_named_and_nothing_is_made(pellucid, tmp_path):
    put(tmp_path / "pets" / "cat")
    put(tmp_path / "pets" / "dog")
    for name in ("cat/a.png", "dog/b.jpg"):
        (tmp_path / "pets" / name).write_text("no image")
    result = pellucid("run", "pets")
    assert result.exit_code != 0
    assert "2 of the 14 files in pets cannot be read as images:" in result.stderr
    assert "\n  pets/cat/a.png: " in result.stderr
    assert "\n  pets/dog/b.jpg: " in result.stderr
    assert not (tmp_path / "runs").exists()


def test_an_experiment_s_name_is_not_taken_for_a_folder(pellucid, tmp_path):
    (tmp_path / "mnist-cnn").mkdir()
    assert not is_folder_of_images("mnist-cnn")
    assert is_folder_of_images("mnist-cnn/")


def test_a_folder_with_a_dataset_s_name_is_the_folder(no_report, pellucid, tmp_path):
    put(tmp_path / "digits" / "cat")
    put(tmp_path / "digits" / "dog")
    assert pellucid("run", "digits", "--epochs", 1, "--threads", 1).exit_code == 0
    assert RunFolder.open("runs/digits").configuration.dataset.classes == ("cat", "dog")
