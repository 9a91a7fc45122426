import csv
import io
import json
import shutil

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from pellucid.runs import RunFolder


@pytest.fixture
def scans(tmp_path):
    """Return images of scikit-learn's digits as they are in the data, enlarged, and dark on light."""
    digits = load_digits()
    for row in range(6):
        pixels = np.rint(digits.images[row] * 255 / 16).astype(np.uint8)
        folder = tmp_path / "scans"
        folder.mkdir(exist_ok=True)
        Image.fromarray(pixels).save(folder / f"{digits.target[row]}-as-in-the-data.png")
    return tmp_path / "scans"


def test_an_image_of_the_data_gets_the_probabilities_of_the_data(pellucid, finished, scans):
    run = RunFolder.open(finished)
    digits = load_digits()
    row = run.predictions.index[0]
    pixels = np.rint(digits.images[row] * 255 / 16).astype(np.uint8)
    Image.fromarray(pixels).save("one.png")
    found = json.loads(pellucid("predict", finished, "one.png", "--json").stdout)
    np.testing.assert_allclose(
        found["images"][0]["probabilities"], run.predictions.probabilities[0], rtol=1e-5, atol=1e-7
    )
    assert found["images"][0]["prepared"] == ["has the form of scikit-learn's digits already"]


def test_table(pellucid, finished, scans):
    result = pellucid("predict", finished, "scans")
    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["FILE", "READ", "AS", "CONFIDENCE", "SECOND", "GUESS"]
    found = json.loads(pellucid("predict", finished, "scans", "--json").stdout)["images"]
    assert [line.split()[:2] for line in lines] == [[one["file"], one["predicted"]] for one in found]
    assert [" ? " in line for line in lines] == [one["doubtful"] for one in found]
    assert "Prepared as scikit-learn's digits are: has the form" in result.stderr


def test_json_and_csv_say_the_same(pellucid, finished, scans):
    found = json.loads(pellucid("predict", finished, "scans", "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(pellucid("predict", finished, "scans", "--csv").stdout)))
    assert found["classes"] == list("0123456789")
    assert len(rows) == len(found["images"]) == 6
    for row, image in zip(rows, found["images"], strict=True):
        assert (row["file"], row["predicted"]) == (image["file"], image["predicted"])
        assert float(row["confidence"]) == pytest.approx(image["confidence"], rel=1e-5)
        assert image["confidence"] == max(image["probabilities"])
        assert image["second_confidence"] == sorted(image["probabilities"])[-2]
        assert row["doubtful"] == ("yes" if image["doubtful"] else "no")


def test_a_drawing_is_prepared_and_it_is_said_how(pellucid, finished, drawings):
    result = pellucid("predict", finished, drawings / "7-felt-pen.png", drawings / "4-chalk-slanted.jpg")
    assert result.exit_code == 0
    words = " ".join(result.stderr.split())
    assert "Prepared as scikit-learn's digits are: " in words
    assert "inverted (dark on light) (1 of 2)" in words
    assert "light on dark already (1 of 2)" in words
    assert "fitted to 8×8, centred by extent in 8×8" in words


def test_as_is_leaves_the_drawing_alone(pellucid, finished, drawings):
    arguments = ("predict", finished, drawings / "7-felt-pen.png", "--json")
    prepared = json.loads(pellucid(*arguments).stdout)["images"][0]
    as_is = json.loads(pellucid(*arguments, "--as-is").stdout)["images"][0]
    assert as_is["prepared"] == ["resized to 8×8"]
    assert as_is["probabilities"] != prepared["probabilities"]


def test_doubtful_answers_are_marked(pellucid, finished, scans):
    result = pellucid("predict", finished, "scans", "--doubt-below", 1)
    assert all(" ?  " in line for line in result.stdout.splitlines()[1:])
    wrong = RunFolder.open(finished).predictions
    share = (wrong.predicted != wrong.labels).mean()
    told = (
        "6 of 6 images marked ?: read with less than 100.0 % confidence. Of the run's test images so doubtful"
    )
    assert f"{told}, {100 * share:.1f} % (" in result.stderr
    assert result.stderr.endswith(") were wrong. On pictures from another source expect more errors.\n")
    assert "?" not in pellucid("predict", finished, "scans", "--doubt-below", 0).stdout


def test_for_pictures_from_another_source_nothing_is_carried_over(pellucid, finished, tmp_path):
    generator = np.random.default_rng(0)
    (tmp_path / "noise").mkdir()
    for row in range(40):
        pixels = generator.integers(0, 256, (8, 8)).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "noise" / f"{row:02d}.png")
    result = pellucid("predict", finished, "noise", "--as-is", "--doubt-below", 1)
    assert "These 40 images are unlike the run's test images (p" in result.stderr
    assert "pellucid suffices RUN --labelled mine.csv" in result.stderr
    assert "were wrong" not in result.stderr
    found = json.loads(pellucid("predict", finished, "noise", "--as-is", "--json").stdout)
    assert found["source"]["differs"] is True


def test_few_pictures_are_not_compared(pellucid, finished, scans):
    found = json.loads(pellucid("predict", finished, "scans", "--json").stdout)["source"]
    assert (found["images"], found["p_value"], found["differs"]) == (6, None, False)


def test_files_that_cannot_be_read_are_told_and_the_others_read(pellucid, finished, scans):
    (scans / "3-broken.png").write_bytes(b"\x89PNG")
    Image.new("L", (30, 30), 255).save(scans / "4-blank.png")
    result = pellucid("predict", finished, "scans", "missing.png", "empty*", "--json")
    assert result.exit_code == 4
    found = json.loads(result.stdout)
    assert len(found["images"]) == 6
    assert [problem.split(": ")[0] for problem in found["failed"]] == [
        "No file matches empty*.",
        "Cannot read the image scans/3-broken.png",
        "Cannot find a digit in scans/4-blank.png",
        "Cannot read the image missing.png",
    ]
    assert "pellucid: Cannot find a digit in scans/4-blank.png: nothing in it stands out" in result.stderr


def test_nothing_to_read_prints_no_table(pellucid, finished):
    result = pellucid("predict", finished, "missing.png")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert result.stderr == "pellucid: Cannot read the image missing.png: there is no such file.\n"


def test_what_the_network_sees_can_be_looked_at(pellucid, finished, drawings, tmp_path):
    assert pellucid("predict", finished, drawings / "7-felt-pen.png", "--prepared", "seen").exit_code == 0
    with Image.open(tmp_path / "seen" / "0001-7-felt-pen.png") as image:
        assert image.size == (8, 8)
        assert np.asarray(image).max() == 255
    (tmp_path / "file").touch()
    result = pellucid("predict", finished, drawings / "7-felt-pen.png", "--prepared", "file/seen")
    assert result.exit_code == 4
    assert "Cannot make the folder file/seen: Not a directory." in result.stderr


def test_photographs_are_only_resized(no_report, pellucid, own_file, photographs):
    assert pellucid("run", own_file.name, "--epochs", 30, "--threads", 1).exit_code == 0
    Image.new("L", (40, 50), 200).save("grey.png")
    found = json.loads(pellucid("predict", "runs/mine", photographs, "grey.png", "--json").stdout)
    assert {tuple(image["prepared"]) for image in found["images"]} == {("resized to 8×8",)}
    right = [image["predicted"] in image["file"] for image in found["images"][:-1]]
    assert np.mean(right) > 0.9


def test_names_cannot_move_the_cursor(pellucid, finished, scans):
    (scans / "0-as-in-the-data.png").rename(scans / "0-\x1b[31m\n.png")
    result = pellucid("predict", finished, "scans")
    assert "\x1b" not in result.stdout
    assert "scans/0-\\x1b[31m\\n.png" in result.stdout


def test_only_one_form_of_output(pellucid, finished, scans):
    result = pellucid("predict", finished, "scans", "--json", "--csv")
    assert (result.exit_code, result.stderr) == (
        2,
        "pellucid: Either --json or --csv can be printed, not both. Received: --json --csv\n",
    )


def test_a_changed_model_is_refused(pellucid, finished, scans, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    model = tmp_path / "copy" / "model.safetensors"
    content = bytearray(model.read_bytes())
    content[-1] ^= 1
    model.write_bytes(content)
    result = pellucid("predict", "copy", "scans")
    assert result.exit_code == 4
    assert "copy/model.safetensors is not what the run wrote" in result.stderr
    model.unlink()
    assert "copy/model.safetensors is missing" in pellucid("predict", "copy", "scans").stderr


def test_two_drawings_in_one_picture_are_marked(pellucid, finished, scans, drawings):
    both = [
        np.asarray(Image.open(drawings / name).convert("L").resize((140, 140)))
        for name in ("7-felt-pen.png", "8-felt-pen.png")
    ]
    Image.fromarray(np.concatenate(both, axis=1)).save("two.png")
    result = pellucid("predict", finished, "two.png", "--doubt-below", 0)
    assert result.exit_code == 0
    assert " !  " in result.stdout.splitlines()[1]
    assert "! two.png: 2 drawings in it, one was read; cut them apart to read each." in result.stderr
    (image,) = json.loads(pellucid("predict", finished, "two.png", "--json").stdout)["images"]
    assert image["doubtful"]
    assert image["warnings"] == ["2 drawings in it, one was read; cut them apart to read each"]


def test_an_odd_image_is_marked(pellucid, finished, tmp_path):
    pixels = np.full((40, 40, 4), 255, np.uint8)
    pixels[..., 3] = 0
    pixels[5:35, 18:22, 3] = 255
    Image.fromarray(pixels).save("white.png")
    result = pellucid("predict", finished, "white.png")
    assert result.exit_code == 4
    assert "its drawing lies in the transparency" in result.stderr


def test_a_picture_unlike_the_training_images_is_marked(pellucid, finished, scans):
    noise = np.random.default_rng(0).integers(0, 256, (8, 8), dtype=np.uint8)
    Image.fromarray(noise).save("noise.png")
    result = pellucid("predict", finished, "noise.png", "--as-is")
    said = "unlike anything that the network learned from, so that the answer means little"
    assert f"! noise.png: {said}." in result.stderr
    found = json.loads(pellucid("predict", finished, "scans", "--json").stdout)["images"]
    assert sum(said in image["warnings"] for image in found) <= 1
