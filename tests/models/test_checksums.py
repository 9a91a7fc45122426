"""A damaged byte of a model file is found when it is read, wherever it lies."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from pellucid import Sequential, layers, models
from pellucid.errors import FileFormatError
from pellucid.models.checksums import check, checksums

TENSORS = {"dense/kernel": np.ones((3, 2), np.float32), "dense/bias": np.zeros(2, np.float32)}


@pytest.fixture
def path(tmp_path):
    network = Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(2, activation="softmax")], seed=1)
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(np.ones((4, 3)), np.zeros(4, int), verbose=0)
    network.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def header_of(content):
    (length,) = struct.unpack("<Q", content[:8])
    return 8 + length, json.loads(content[8 : 8 + length])


def refusal(path):
    with pytest.raises(FileFormatError) as error:
        models.load_model(path)
    return str(error.value)


def test_every_bit_of_every_tensor_counts(path):
    content = bytearray(path.read_bytes())
    start, header = header_of(content)
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        for place in entry["data_offsets"][0], entry["data_offsets"][1] - 1:
            content[start + place] ^= 1
            path.write_bytes(content)
            assert refusal(path) == (
                f"{path} was damaged or changed after it was written: the numbers of the tensor {name} are "
                "not those that were written. Restore it from a copy, or save it again."
            )
            content[start + place] ^= 1
    path.write_bytes(content)
    models.load_model(path)


def test_the_description_of_the_network_counts(path):
    content = path.read_bytes()
    changed = content.replace(b'\\"seed\\": 1', b'\\"seed\\": 2')
    assert changed != content
    path.write_bytes(changed)
    assert "the description of the network in it is not the one that was written" in refusal(path)


def test_a_shape_or_a_type_of_another_meaning(path):
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"shape":[3,4]', b'"shape":[4,3]'))
    assert "the numbers of the tensor dense/kernel are not those" in refusal(path)


def test_a_tensor_more_or_less(path):
    metadata = header_of(path.read_bytes())[1]["__metadata__"]
    tensors = load_file(path)
    save_file({**tensors, "dense/more": tensors["dense/bias"]}, path, metadata)
    assert "the numbers of the tensor dense/more are not those that were written" in refusal(path)
    del tensors["dense/bias"]
    save_file(tensors, path, metadata)
    assert "the tensor dense/bias that was written is missing" in refusal(path)


def test_files_without_checksums_are_read(path):
    metadata = header_of(path.read_bytes())[1]["__metadata__"]
    del metadata["checksums"]
    before = models.load_model(path).get_weights()
    save_file(load_file(path), path, metadata)
    for old, new in zip(before, models.load_model(path).get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"tensors": 3, "metadata": ""}', "[" * 100_000])
def test_checksums_that_cannot_be_read(text):
    with pytest.raises(FileFormatError, match="the checksums in its metadata cannot be read"):
        check("a file", TENSORS, {"format": "x", "checksums": text})


def test_what_was_written_passes():
    metadata = {"format": "x", "other": "y"}
    check("a file", TENSORS, {**metadata, "checksums": checksums(TENSORS, metadata)})
    empty = {"a": np.zeros((0, 3), np.float32), "b": np.float64(3.0).reshape(())}
    check("a file", empty, {"checksums": checksums(empty, {})})
