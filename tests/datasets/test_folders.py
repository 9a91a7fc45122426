from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pellucid.datasets import image_folder
from pellucid.errors import ArgumentError, DataError


def put(
    folder: Path, value: int | tuple[int, ...], name: str = "1.png", size: tuple[int, int] = (6, 4)
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(value, int) else "RGB", size, value).save(folder / name)
    return folder / name


def test_classes_files_and_labels_are_sorted(tmp_path: Path) -> None:
    put(tmp_path / "b", 30, "2.png")
    put(tmp_path / "b", 20, "1.png", (3, 9))
    put(tmp_path / "a", 10, "x.bmp", (1, 1))
    data = image_folder(tmp_path, size=(2, 3))
    assert data.classes == ("a", "b")
    assert data.x_train.shape == (3, 2, 3, 1)
    assert data.x_train[:, 0, 0, 0].tolist() == [10, 20, 30]
    assert data.y_train.tolist() == [0, 1, 1]
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert data.x_test.shape == (0, 2, 3, 1)
    assert data.y_test.shape == (0,)
    assert (data.name, data.max_value) == (tmp_path.name, 255)
    assert data.source == f"the folder {tmp_path}, resized to 2 by 3 (stretch)"


def test_names_with_spaces_and_letters_of_any_script(tmp_path: Path) -> None:
    names = ["Ankle boot", "kød & fisk", "猫", "собака", "👍🏽"]
    for number, name in enumerate(names):
        put(tmp_path / name, number, "a b ü.png")
    data = image_folder(tmp_path, size=(2, 2))
    assert data.classes == tuple(sorted(names))
    assert [data.classes[label] for label in data.y_train] == sorted(names)


def test_a_test_part_of_its_own(tmp_path: Path) -> None:
    for part, offset in (("train", 0), ("test", 100)):
        put(tmp_path / part / "cat", offset + 1)
        put(tmp_path / part / "dog", offset + 2)
    put(tmp_path / "train" / "horse", 3)
    data = image_folder(tmp_path, size=(2, 2))
    assert data.classes == ("cat", "dog", "horse")
    assert data.x_train[:, 0, 0, 0].tolist() == [1, 2, 3]
    assert data.x_test[:, 0, 0, 0].tolist() == [101, 102]
    assert data.y_test.tolist() == [0, 1]


def test_train_without_test(tmp_path: Path) -> None:
    put(tmp_path / "train" / "cat", 1)
    put(tmp_path / "train" / "dog", 2)
    data = image_folder(tmp_path, size=(2, 2))
    assert (data.classes, len(data.x_train), len(data.x_test)) == (("cat", "dog"), 2, 0)


def test_classes_may_be_called_train_and_test(tmp_path: Path) -> None:
    put(tmp_path / "train", 1)
    put(tmp_path / "test", 2)
    data = image_folder(tmp_path, size=(2, 2))
    assert data.classes == ("test", "train")
    assert data.x_train[:, 0, 0, 0].tolist() == [2, 1]


def test_grey_unless_there_is_colour(tmp_path: Path) -> None:
    put(tmp_path / "a", 10)
    put(tmp_path / "b", (20, 20, 20))
    assert image_folder(tmp_path, size=(2, 2)).x_train.shape[-1] == 1
    put(tmp_path / "b", (20, 30, 40), "2.png")
    data = image_folder(tmp_path, size=(2, 2))
    assert data.x_train[:, 0, 0].tolist() == [[10, 10, 10], [20, 20, 20], [20, 30, 40]]
    assert image_folder(tmp_path, size=(2, 2), grey=True).x_train.shape[-1] == 1


def test_colour_asked_for(tmp_path: Path) -> None:
    put(tmp_path / "a", 10)
    put(tmp_path / "b", 20)
    assert image_folder(tmp_path, size=(2, 2), grey=False).x_train.shape[-1] == 3


def test_the_aspect_is_passed_on(tmp_path: Path) -> None:
    put(tmp_path / "a", 100, size=(8, 4))
    put(tmp_path / "b", 100, size=(4, 4))
    padded = image_folder(tmp_path, size=(8, 8), aspect="pad").x_train[..., 0]
    assert padded[0, 0, 0] == 0
    assert padded[0, 4, 4] == padded[1, 0, 0] == 100


def test_hidden_files_and_what_systems_leave_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "a", 1)
    put(tmp_path / "b", 2)
    (tmp_path / ".git").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "readme.txt").write_text("about these images")
    (tmp_path / "a" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "a" / "Thumbs.db").write_bytes(b"x")
    assert image_folder(tmp_path, size=(2, 2)).classes == ("a", "b")


def test_the_sum_tells_contents_apart(tmp_path: Path) -> None:
    put(tmp_path / "a", 1)
    put(tmp_path / "b", 2)
    first = image_folder(tmp_path, size=(2, 2)).sha256
    assert image_folder(tmp_path, size=(2, 2)).sha256 == first
    (tmp_path / "b").rename(tmp_path / "c")
    second = image_folder(tmp_path, size=(2, 2)).sha256
    put(tmp_path / "c", 3)
    assert len({first, second, image_folder(tmp_path, size=(2, 2)).sha256}) == 3


class TestWhatIsRefused:
    def refused(self, folder: Path, message: str) -> None:
        with pytest.raises(DataError, match=message):
            image_folder(folder, size=(2, 2))

    def test_no_folder(self, tmp_path: Path) -> None:
        self.refused(tmp_path / "none", "Cannot read the image folder .*none: there is no such folder")

    def test_no_classes(self, tmp_path: Path) -> None:
        self.refused(tmp_path, "has no class folders; there must be two or more sub-folders, one per class")

    def test_a_single_class(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        self.refused(tmp_path, "has only the class folder 'cat'; there must be two or more")

    def test_classes_one_folder_further_down(self, tmp_path: Path) -> None:
        put(tmp_path / "animals" / "cat", 1)
        put(tmp_path / "animals" / "dog", 1)
        self.refused(
            tmp_path,
            r"only the class folder 'animals'; .* The folders in it may be the classes \(cat, dog\): then "
            r"give .*animals\.$",
        )

    def test_an_empty_class(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        (tmp_path / "dog").mkdir()
        (tmp_path / "dog" / ".hidden").write_bytes(b"x")
        self.refused(tmp_path, "The class folder .*dog is empty; put images into it or remove it")

    def test_an_image_beside_the_classes(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        put(tmp_path / "dog", 1)
        put(tmp_path, 1, "stray.JPG")
        self.refused(
            tmp_path, r"The image .*stray.JPG is not in a class folder; move it into the folder of its class"
        )

    def test_a_file_that_is_no_image(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        put(tmp_path / "dog", 1)
        (tmp_path / "dog" / "notes.txt").write_text("woof")
        self.refused(tmp_path, r"Cannot read the image .*dog/notes.txt: it is not one of PNG")

    def test_every_unreadable_file_is_named_with_its_reason(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        put(tmp_path / "dog", 1)
        (tmp_path / "cat" / "empty.png").write_bytes(b"")
        (tmp_path / "dog" / "notes.txt").write_text("woof")
        with pytest.raises(DataError) as error:
            image_folder(tmp_path, size=(2, 2))
        head, first, second, last = str(error.value).splitlines()
        assert head == f"2 of the 4 files in {tmp_path} cannot be read as images:"
        assert first == f"  {tmp_path / 'cat' / 'empty.png'}: the file is empty."
        assert second.startswith(f"  {tmp_path / 'dog' / 'notes.txt'}: it is not one of PNG")
        assert last == "Replace them or move them away."

    def test_of_many_unreadable_files_twenty_are_named(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        put(tmp_path / "dog", 1)
        for number in range(30):
            (tmp_path / "dog" / f"{number}.json").write_text("{}")
        with pytest.raises(DataError) as error:
            image_folder(tmp_path, size=(2, 2))
        lines = str(error.value).splitlines()
        assert lines[0].startswith("30 of the 32 files in ")
        assert lines[-2] == "  and 10 more"
        assert len(lines) == 23

    def test_folders_within_a_class(self, tmp_path: Path) -> None:
        put(tmp_path / "cat", 1)
        put(tmp_path / "dog" / "small", 1)
        self.refused(tmp_path, r"Cannot read the image .*dog/small: it is a folder. Images lie directly in")

    def test_a_test_class_that_was_not_trained(self, tmp_path: Path) -> None:
        put(tmp_path / "train" / "cat", 1)
        put(tmp_path / "train" / "dog", 1)
        put(tmp_path / "test" / "horse", 1)
        self.refused(tmp_path, "The class folder .*horse has no counterpart in train.* cat, dog")

    def test_a_third_part(self, tmp_path: Path) -> None:
        put(tmp_path / "train" / "cat", 1)
        put(tmp_path / "train" / "dog", 1)
        (tmp_path / "val").mkdir()
        self.refused(
            tmp_path, "has val beside train, but only train and test are read. Put their images into"
        )

    def test_a_size_that_cannot_be(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match=r"size must be \(height, width\)"):
            image_folder(tmp_path, size=None)
        with pytest.raises(
            ArgumentError, match=r"aspect must be 'stretch', 'pad' or 'crop'\. Received: aspect='fill'"
        ):
            image_folder(tmp_path, size=(2, 2), aspect="fill")
