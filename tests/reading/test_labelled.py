"""Labelled images of a person's own, listed in a CSV file."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from pellucid.errors import DataError, FileFormatError
from pellucid.experiments import find
from pellucid.reading.labelled import read_labelled
from pellucid.runs import RunFolder, Settings, run


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "digits"
    run(dataclasses.replace(find("digits-perceptron"), epochs=1), folder, Settings(), verbose=0)
    return folder


def images(folder, n=4):
    from sklearn.datasets import load_digits

    digits = load_digits()
    (folder / "scans").mkdir()
    names = []
    for row in range(n):
        names.append(f"scans/{row}.png")
        Image.fromarray(np.rint(digits.images[row] * 255 / 16).astype(np.uint8)).save(folder / names[-1])
    return names, [str(label) for label in digits.target[:n]]


def listed(folder, rows, head="file,label"):
    path = folder / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def test_each_image_gets_its_label_and_the_networks_answer(finished, tmp_path):
    names, labels = images(tmp_path)
    own = read_labelled(
        finished, listed(tmp_path, [f"{n},{label}" for n, label in zip(names, labels, strict=True)])
    )
    assert [str(label) for label in own.labels] == labels
    assert own.probabilities.shape == (4, 10)
    assert own.probabilities.shape[1] == len(RunFolder.open(finished).configuration.dataset.classes)


@pytest.mark.parametrize(
    ("rows", "head", "error", "told"),
    [
        (["scans/0.png,0"], "image,label", FileFormatError, r"Received: columns=\['image', 'label'\]"),
        ([], "file,label", FileFormatError, "lists no image"),
        (["scans/0.png,eight"], "file,label", DataError, r"Line 2 of .*Received: label='eight'"),
        (
            ["scans/none.png,0"],
            "file,label",
            DataError,
            r"1 of the 1 images in .* cannot be read. The f",
        ),
    ],
)
def test_what_is_refused(finished, tmp_path, rows, head, error, told):
    images(tmp_path)
    with pytest.raises(error, match=told):
        read_labelled(finished, listed(tmp_path, rows, head))


def test_a_file_that_is_not_there(finished, tmp_path):
    with pytest.raises(FileFormatError, match=r"none.csv cannot be read: "):
        read_labelled(finished, tmp_path / "none.csv")
