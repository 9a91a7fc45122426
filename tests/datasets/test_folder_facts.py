from pathlib import Path

from PIL import Image

from pellucid.datasets.folder_facts import folder_facts


def put(folder, name, size):
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("L", size).save(folder / name)


def test_sizes_and_counts_also_of_a_test_part(tmp_path):
    put(tmp_path / "train" / "a", "1.png", (40, 30))
    put(tmp_path / "train" / "b", "1.png", (20, 22))
    put(tmp_path / "test" / "b", "1.png", (4000, 50))
    facts = folder_facts(tmp_path)
    assert (facts.classes, facts.images, facts.test_images) == (("a", "b"), 2, 1)
    assert (facts.shorter_side, facts.smallest, facts.largest) == (30, (22, 20), (50, 4000))


def test_an_image_too_large_to_be_read_gives_no_warning_of_another_library(tmp_path):
    put(tmp_path / "a", "1.png", (40, 30))
    put(tmp_path / "b", "1.bmp", (1, 1))
    header = bytearray((tmp_path / "b" / "1.bmp").read_bytes())
    header[18:26] = (9000).to_bytes(4, "little") + (10_000).to_bytes(4, "little")
    (tmp_path / "b" / "1.bmp").write_bytes(header)
    assert folder_facts(tmp_path).largest == (10_000, 9000)


def test_unreadable_files_have_no_size(tmp_path):
    put(tmp_path / "a", "1.png", (40, 30))
    put(tmp_path / "b", "1.png", (20, 22))
    (tmp_path / "b" / "2.png").write_text("no image")
    facts = folder_facts(tmp_path)
    assert (facts.images, facts.largest) == (3, (30, 40))
    for path in Path(tmp_path).glob("*/1.png"):
        path.write_text("none either")
    assert folder_facts(tmp_path).shorter_side == 0
