import dataclasses
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from pellucid.datasets import InputPipeline, describe
from pellucid.errors import DataError, FileFormatError, ShapeError
from pellucid.experiments import Experiment, find
from pellucid.layers import Dense
from pellucid.reading.recognizer import Recognizer
from pellucid.runs import RunFolder, Settings, run


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """Return files of the first ten digits as they are in the data."""
    folder = tmp_path_factory.mktemp("images")
    for row in range(10):
        pixels = np.rint(load_digits().images[row] * 255 / 16).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{row}.png")
    return sorted(folder.iterdir())


def test_the_probabilities_are_those_of_the_run(finished):
    recognizer, predictions = Recognizer.open(finished), RunFolder.open(finished).predictions
    images = load_digits().images[predictions.index]  # (N, 8, 8)
    pixels = np.rint(images * 255 / 16).astype(np.uint8)[..., np.newaxis]
    np.testing.assert_allclose(
        recognizer.probabilities(pixels), predictions.probabilities, rtol=1e-5, atol=1e-6
    )
    assert recognizer.classes == tuple("0123456789")
    assert recognizer.pipeline.shape == (8, 8, 1)


def test_answers_come_in_order_and_a_bad_file_stops_nothing(finished, digits, tmp_path, monkeypatch):
    monkeypatch.setattr("pellucid.reading.recognizer.IMAGES_AT_ONCE", 3)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG")
    files = [*digits[:4], broken, *digits[4:]]
    recognizer, done = Recognizer.open(finished), []
    answers = list(recognizer.read(files, advance=done.append))
    assert [one.path for one in answers] == files
    assert sum(done) == len(files)
    assert [one.problem is None for one in answers] == [file != broken for file in files]
    assert "broken.png" in answers[4].problem
    alone = np.stack([recognizer.prepare(file).pixels for file in digits])
    for answer, row in zip(
        [one for one in answers if one.problem is None], recognizer.probabilities(alone), strict=True
    ):
        np.testing.assert_allclose(answer.probabilities, row, rtol=1e-5)


def test_an_own_experiment_gets_its_images_as_it_trained_on_them(tmp_path):
    generator = np.random.default_rng(0)
    for name, value in (("dark", 40), ("light", 200)):
        (tmp_path / "tones" / name).mkdir(parents=True)
        for number in range(12):
            pixels = np.clip(generator.normal(value, 20, (9, 7)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "tones" / name / f"{number}.png")
    experiment = Experiment(
        "tones",
        "Dark or light",
        str(tmp_path / "tones"),
        [Dense(2, activation="softmax")],
        flat=True,
        image_size=(4, 5),
        epochs=20,
        batch_size=4,
        optimizer="adam",
    ).with_recipe(learning_rate=0.1)
    run(experiment, tmp_path / "run", Settings(), verbose=0)
    recognizer = Recognizer.open(tmp_path / "run")
    prepared = recognizer.prepare(tmp_path / "tones" / "dark" / "0.png")
    assert prepared.pixels.shape == (4, 5, 1)
    assert prepared.steps == ("resized to 4×5",)
    Image.new("RGB", (5, 4), (250, 240, 250)).save(tmp_path / "fits.png")
    assert recognizer.prepare(tmp_path / "fits.png").steps == ()
    answers = recognizer.read([tmp_path / "tones" / "dark" / "0.png", tmp_path / "fits.png"])
    assert [recognizer.classes[one.probabilities.argmax()] for one in answers] == ["dark", "light"]


def test_the_network_by_hand_reads_too(tmp_path, monkeypatch, small_mnist):
    folder = tmp_path / "by-hand"
    run(dataclasses.replace(find("mnist-by-hand"), epochs=1), folder, Settings(), verbose=0)
    recognizer, made = Recognizer.open(folder), RunFolder.open(folder)
    pixels = small_mnist.x_test[made.predictions.index]
    np.testing.assert_allclose(
        recognizer.probabilities(pixels), made.predictions.probabilities, rtol=1e-4, atol=1e-6
    )


@pytest.fixture
def small_mnist(monkeypatch):
    """Put scikit-learn's digits, enlarged to 28×28, in MNIST's place."""
    from pellucid.datasets import Dataset

    digits = load_digits()
    large = np.kron(digits.images, np.ones((1, 3, 3)))  # (N, 24, 24)
    images = np.pad(large * 255 / 16, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)[..., np.newaxis]
    data = Dataset(
        "mnist", images[:1500], digits.target[:1500], images[1500:], digits.target[1500:],
        classes=tuple("0123456789"), max_value=255, source="scikit-learn", sha256="0" * 64,
    )  # fmt: skip
    monkeypatch.setattr("pellucid.runs.preparation.load", lambda _: data)
    return data


def test_clothes_on_white_are_put_on_black(tmp_path):
    pipeline = InputPipeline.of(describe("fashion_mnist"))
    recognizer = Recognizer(("shirt", "bag"), pipeline, lambda inputs: inputs)
    shirt = Image.new("L", (56, 56), 255)
    shirt.paste(60, (14, 14, 42, 42))
    shirt.save(tmp_path / "shirt.png")
    prepared = recognizer.prepare(tmp_path / "shirt.png")
    assert prepared.steps == ("resized to 28×28", "inverted (dark on light)")
    assert (prepared.pixels[0, 0, 0], prepared.pixels[14, 14, 0]) == (0, 195)
    as_is = recognizer.prepare(tmp_path / "shirt.png", as_is=True)
    assert (as_is.steps, as_is.pixels[0, 0, 0]) == (("resized to 28×28",), 255)
    Image.fromarray(255 - np.asarray(shirt)).save(tmp_path / "black.png")
    assert recognizer.prepare(tmp_path / "black.png").steps == ("resized to 28×28",)


def test_images_of_another_shape_are_refused(finished):
    with pytest.raises(
        ShapeError, match=r"Images must be \(N, 8, 8, 1\)\. Received: pixels.shape=\(1, 28, 28, 1\)"
    ):
        Recognizer.open(finished).probabilities(np.zeros((1, 28, 28, 1), np.uint8))


def test_a_picture_without_a_digit_is_told(finished, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    with pytest.raises(
        DataError, match=r"^Cannot find a digit in .*blank.png: nothing in it stands out from the"
    ):
        Recognizer.open(finished).prepare(tmp_path / "blank.png")


def test_much_ink_left_out_is_told(finished, tmp_path):
    pixels = np.full((60, 120), 255, np.uint8)
    pixels[10:50, 20:26] = pixels[10:50, 90:96] = 0
    Image.fromarray(pixels).save(tmp_path / "eleven.png")
    steps = Recognizer.open(finished).prepare(tmp_path / "eleven.png").steps
    assert steps[-1] == "ink apart from the drawing left out"


def test_a_run_that_does_not_say_how_images_went_in_is_refused(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    copy = RunFolder.open(tmp_path / "copy")
    configuration = copy.configuration
    copy.write_configuration(replace(configuration, dataset=replace(configuration.dataset, max_value=None)))
    copy.finish()
    with pytest.raises(
        FileFormatError,
        match=r"does not say how its images went into the network.*Received: .*max_value=None",
    ):
        Recognizer.open(tmp_path / "copy")
