"""What a run keeps of its images, to tell whether others are like them."""

import dataclasses

import numpy as np
import pytest

from pellucid.errors import FileFormatError
from pellucid.experiments import find
from pellucid.models import load_model
from pellucid.models.features import last_features
from pellucid.runs import Settings, run
from pellucid.runs.familiarity import FILE, read_familiarity
from pellucid.runs.preparation import prepare


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    run(dataclasses.replace(find("digits-perceptron"), epochs=2), folder, Settings(threads=1), verbose=0)
    return folder


def test_digits_are_familiar_and_noise_is_not(finished):
    measure = read_familiarity(finished)
    data = prepare(find("digits-perceptron"))
    network = load_model(finished / "model.safetensors", compile=False)

    def unfamiliar(images):
        features = last_features(network, data.inputs(images), threads=1)
        return measure.unfamiliar(images.reshape(len(images), -1), features).mean()

    noise = np.random.default_rng(0).integers(0, 17, (100, *data.pipeline.shape)).astype(np.uint8)
    assert unfamiliar(data.test.images) < 0.05
    assert unfamiliar(noise) > 0.95


def test_a_damaged_file_is_named(finished):
    content = bytearray((finished / FILE).read_bytes())
    content[-1] ^= 1
    (finished / FILE).write_bytes(content)
    with pytest.raises(FileFormatError, match=rf"{FILE} was damaged or changed after it was written"):
        read_familiarity(finished)
    content[-1] ^= 1
    (finished / FILE).write_bytes(content)


def test_a_run_without_it(tmp_path):
    assert read_familiarity(tmp_path) is None
