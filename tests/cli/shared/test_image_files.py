from pathlib import Path

import pytest

from pellucid.cli.shared.image_files import find_images


@pytest.fixture
def scans(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.png", "a.JPG", "sub/c.tif", "notes.txt", ".hidden.png", ".cache/d.png", "10 %.png"):
        path = Path("scans", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_folder_means_its_images_by_name(scans):
    found, problems = find_images(["scans"])
    assert [str(path) for path in found] == [
        "scans/10 %.png",
        "scans/a.JPG",
        "scans/b.png",
        "scans/sub/c.tif",
    ]
    assert problems == []


def test_patterns_are_replaced_where_no_shell_has_done_it(scans):
    assert [path.name for path in find_images(["scans/*.png"])[0]] == ["10 %.png", "b.png"]
    assert [path.name for path in find_images(["scans/**/*.tif"])[0]] == ["c.tif"]


def test_a_file_with_a_patterns_letters_in_its_name_is_a_file(scans):
    Path("scans/[1].png").touch()
    assert find_images(["scans/[1].png"])[0] == [Path("scans/[1].png")]


def test_each_file_once_in_the_order_given(scans):
    found, _ = find_images(["scans/b.png", "scans/a.JPG", "scans"])
    assert [path.name for path in found] == ["b.png", "a.JPG", "10 %.png", "c.tif"]


def test_what_means_no_file_is_told(scans):
    Path("empty").mkdir()
    found, problems = find_images(["empty", "*.gif", "missing.png"])
    assert found == [Path("missing.png")]
    assert problems == ["There are no image files in the folder empty.", "No file matches *.gif."]
