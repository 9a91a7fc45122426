"""The file that declares the default experiment on a folder."""

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from pellucid.errors import ArgumentError, DataError, OutputError
from pellucid.experiments import find
from pellucid.experiments.declaring import MIRRORED, declare


@pytest.fixture
def images(tmp_path, monkeypatch):
    """Return the name of a folder of images in the working folder."""
    monkeypatch.chdir(tmp_path)
    for kind in ("day", "night"):
        (tmp_path / "my photos" / kind).mkdir(parents=True)
        Image.new("L", (30, 20)).save(tmp_path / "my photos" / kind / "1.png")
    return "my photos"


def test_the_file_declares_the_very_same_experiment(images):
    declare(Path("light and dark.py"), images)
    declared, default = find("light and dark.py"), find(images)
    assert declared.name == "light-and-dark"
    assert dataclasses.replace(declared, name=default.name).to_config() == default.to_config()


def test_every_setting_is_there_to_be_changed(images):
    declare(Path("mine.py"), images)
    text = Path("mine.py").read_text()
    assert text.startswith('"""What is learned from the images in my photos, and how.')
    assert "    pellucid run mine.py\n" in text
    for part in ("image_size=(20, 20)", "batch_size=16", "epochs=200", "patience=25", "test_share=0.25"):
        assert part in text


def test_the_line_that_mirrors_can_be_taken_in(images):
    declare(Path("mine.py"), images)
    text = Path("mine.py").read_text()
    Path("mine.py").write_text(text.replace(MIRRORED, MIRRORED.removeprefix("# ")))
    kinds = [type(layer).__name__ for layer in find("mine.py").layers]
    assert kinds[:3] == ["Rescaling", "RandomTranslation", "RandomFlip"]


def test_a_file_that_is_there_is_left_as_it_is(images):
    Path("mine.py").write_text("precious")
    with pytest.raises(OutputError, match=r"mine.py is there already, and is left as it is"):
        declare(Path("mine.py"), images)
    assert Path("mine.py").read_text() == "precious"


@pytest.mark.parametrize(
    ("file", "folder", "kind", "told"),
    [
        ("mine.txt", "my photos", ArgumentError, r"ends in .py. Received: file='mine.txt'"),
        ("mine.py", "none", DataError, "Cannot read the image folder none: there is no such folder"),
        ("gone/mine.py", "my photos", OutputError, "Cannot write gone/mine.py: No such file or directory"),
    ],
)
def test_what_cannot_be_is_refused(images, file, folder, kind, told):
    with pytest.raises(kind, match=told):
        declare(Path(file), folder)


def test_quotes_in_names_do_not_break_the_file(images):
    Path(images).rename('a """ \\ b')
    declare(Path("mine.py"), 'a """ \\ b')
    assert find("mine.py").dataset == 'a """ \\ b'
