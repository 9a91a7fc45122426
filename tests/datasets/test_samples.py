import numpy as np
import pytest
from PIL import Image

from pellucid.datasets import image_folder
from pellucid.datasets.samples import drawn_digit, drawn_shape, write_samples
from pellucid.errors import OutputError


def test_the_folders(tmp_path):
    digits, shapes, more = write_samples(tmp_path / "new" / "place")
    assert sorted(path.name for path in digits.iterdir()) == [f"{digit}.png" for digit in range(10)]
    data = image_folder(shapes, size=(64, 64))
    assert data.classes == ("circle", "square", "triangle")
    assert np.bincount(data.y_train).tolist() == [60, 60, 60]
    assert len(np.unique(data.x_train, axis=0)) == 180
    assert len(list(more.iterdir())) == 9
    learned = {image.tobytes() for image in data.x_train}
    assert not any(np.asarray(Image.open(path)).tobytes() in learned for path in more.iterdir())


def test_the_same_pictures_every_time():
    assert drawn_digit(3).tobytes() == drawn_digit(3).tobytes()
    assert drawn_shape("square", 5).tobytes() == drawn_shape("square", 5).tobytes()
    assert drawn_shape("square", 5).tobytes() != drawn_shape("square", 6).tobytes()


@pytest.mark.parametrize("kind", ["circle", "square", "triangle"])
def test_no_shape_touches_the_edge(kind):
    for number in range(63):
        pixels = np.asarray(drawn_shape(kind, number)).astype(int)
        inside = pixels[2:-2, 2:-2]
        edge = np.concatenate([pixels[:1].ravel(), pixels[-1:].ravel(), pixels[:, 0], pixels[:, -1]])
        assert edge.min() - inside.min() > 50, number


def test_what_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "shapes").mkdir()
    with pytest.raises(OutputError, match="shapes is there already, and is left as it is"):
        write_samples(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["shapes"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"Cannot make the folder .*file/digits"):
        write_samples(tmp_path / "file")
