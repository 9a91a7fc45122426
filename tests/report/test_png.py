import base64
import io

import numpy as np
import pytest
from PIL import Image

from pellucid.errors import OutputError
from pellucid.report import write_figures
from pellucid.report.png import data_uri


def decode(uri):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB"))


def test_a_small_picture_is_kept_to_the_pixel():
    picture = np.random.default_rng(0).integers(0, 256, (28, 20, 3), np.uint8)
    np.testing.assert_array_equal(decode(data_uri(picture)), picture)


def test_a_large_picture_is_reduced_in_proportion():
    assert decode(data_uri(np.zeros((600, 300, 3), np.uint8))).shape == (112, 56, 3)


def test_a_grey_picture_is_smaller_and_the_same_to_the_pixel():
    picture = np.repeat(np.random.default_rng(0).integers(0, 256, (28, 20, 1), np.uint8), 3, axis=2)
    coloured = picture.copy()
    coloured[0, 0, 0] ^= 1
    np.testing.assert_array_equal(decode(data_uri(picture)), picture)
    assert len(data_uri(picture)) < 0.6 * len(data_uri(coloured))


def test_a_photograph_that_was_reduced_is_a_jpeg():
    picture = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    assert data_uri(picture, photograph=True).startswith("data:image/jpeg;")
    assert data_uri(picture[:100, :100], photograph=True).startswith("data:image/png;")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (
            {},
            "history seconds confusion confusion-rows mistakes first-images kernels maps",
        ),
        (
            {"images_per_cycle": 600, "convolution": False},
            "history seconds cycles confusion confusion-rows mistakes first-images",
        ),
        ({"tested": False, "status": "interrupted"}, "history seconds"),
    ],
    ids=["whole", "cycles", "interrupted"],
)
def test_figures_are_written_for_what_the_run_has(make_run, options, names):
    path = make_run(**options)
    written = write_figures(path)
    assert written == [path / "figures" / f"{name}.png" for name in names.split()]
    for file in written:
        with Image.open(file) as image:
            assert image.format == "PNG"
            assert image.convert("L").getextrema()[0] < 100  # something is drawn on it
    assert sum(file.stat().st_size for file in written) < 1_000_000


def test_figures_can_be_made_again_to_the_same_bytes(make_run):
    path = make_run(tested=False, status="interrupted")
    first = [file.read_bytes() for file in write_figures(path)]
    assert [file.read_bytes() for file in write_figures(path)] == first


def test_a_folder_that_cannot_be_made_is_named(make_run):
    path = make_run(tested=False, status="interrupted")
    (path / "figures").write_text("")
    with pytest.raises(OutputError, match=r"Cannot make the folder .*figures: File exists"):
        write_figures(path)
