"""One description of how an image enters a network, the same for training and for prediction."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pellucid.datasets import DigitForm, InputPipeline, describe, load, names
from pellucid.errors import ShapeError

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 2), dtype=np.uint8)


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("flat", [True, False])
def test_images_are_divided_and_flattened_as_asked(scaled, flat):
    pipeline = InputPipeline((4, 5, 2), 255, scaled, flat)
    wanted = PIXELS.astype(np.float32) / np.float32(255) if scaled else PIXELS.astype(np.float32)
    inputs = pipeline.inputs(PIXELS)
    assert inputs.shape == (3, *pipeline.input_shape)
    np.testing.assert_array_equal(inputs[:], wanted.reshape(3, *pipeline.input_shape))
    assert inputs[:].dtype == np.float32


@pytest.mark.parametrize("max_value", [1, 16, 255])
def test_pixels_of_a_file_come_into_the_range_of_the_dataset(max_value):
    every = np.arange(256, dtype=np.uint8)
    found = InputPipeline((1, 1, 1), max_value).in_range(every)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, np.rint(every.astype(np.float32) * np.float32(max_value / 255)))


def test_a_dataset_and_its_description_give_the_same_pipeline():
    assert InputPipeline.of(load("digits"), flat=True) == InputPipeline.of(describe("digits"), flat=True)


@pytest.mark.parametrize("name", names())
def test_a_pipeline_survives_json(name):
    pipeline = InputPipeline.of(describe(name), scaled=False, flat=True)
    assert InputPipeline.from_config(json.loads(json.dumps(pipeline.to_config()))) == pipeline


def test_a_description_without_colours_of_the_ground_is_of_an_older_run():
    config = {"name": "mine", "shape": [28, 28, 1], "max_value": 255, "scaled": True, "flat": False}
    assert InputPipeline.from_config(config) == InputPipeline((28, 28, 1), 255)
    form = {"name": "ours", "size": 28, "box": 20, "centre": "mass", "stroke": 2.0, "upright": False}
    assert InputPipeline.from_config({**config, "digit_form": form}).digit_form == DigitForm(**form)


@pytest.mark.parametrize("key", ["shape", "max_value", "scaled", "flat"])
def test_a_description_that_lacks_a_value_is_refused(key):
    config = InputPipeline((28, 28, 1), 255).to_config()
    del config[key]
    with pytest.raises(KeyError, match=key):
        InputPipeline.from_config(config)


def test_images_of_another_shape_are_refused():
    with pytest.raises(
        ShapeError, match=r"^Images must be \(N, 28, 28, 1\)\. Received: pixels\.shape=\(3, 4, 5, 2\)$"
    ):
        InputPipeline((28, 28, 1), 255).inputs(PIXELS)
