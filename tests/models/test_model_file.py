"""Files with types of numbers that NumPy lacks, and files of other programs."""

import importlib
import json
import struct

import numpy as np
import pytest

from pellucid import Sequential, layers, models
from pellucid.errors import ArgumentError, FileFormatError, ShapeError
from pellucid.models.model_file import encoded, read_file


def file_with(dtype, shape, size):
    header = {
        "__metadata__": {"format": "pellucid-model", "version": "1", "architecture": "{}"},
        "dense/kernel": {"dtype": dtype, "shape": shape, "data_offsets": [0, size]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"\0" * size


@pytest.mark.parametrize(("dtype", "size"), [("BF16", 24), ("F8_E4M3", 12), ("F8_E5M2", 12), ("F8_E8M0", 12)])
def test_numbers_that_numpy_lacks(tmp_path, dtype, size):
    path = tmp_path / "a.safetensors"
    path.write_bytes(file_with(dtype, [12], size))
    with pytest.raises(FileFormatError) as error:
        models.load_model(path)
    assert str(error.value) == (
        f"{path} holds the tensor dense/kernel as {dtype}, a type of number that NumPy does not have: "
        "save it as float32 (F32)"
    )


def test_numbers_that_another_library_taught_numpy(tmp_path):
    pytest.importorskip("jax", reason="JAX brings ml_dtypes")
    importlib.import_module("ml_dtypes")
    path = tmp_path / "a.safetensors"
    path.write_bytes(file_with("BF16", [12], 24))
    with pytest.raises(FileFormatError, match="as BF16, a type of number that NumPy does not have"):
        models.load_model(path)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "a zip archive, such as Keras's .keras files"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file, such as Keras's .h5 files"),
        (b"\x80\x02}q", "a pickle, such as PyTorch's .pt files"),
        (b"\x93NUMPY\x01\x00", "a NumPy array"),
    ],
)
def test_files_of_other_programs(tmp_path, start, kind):
    (tmp_path / "a.keras").write_bytes(start + b"\0" * 60)
    with pytest.raises(FileFormatError) as error:
        models.load_model(tmp_path / "a.keras")
    assert str(error.value).endswith(f"or it is cut short or damaged (it looks like {kind})")


def test_what_is_encoded_is_read(tmp_path):
    tensors = {"b/x": np.arange(3.0), "a/y": np.ones((2, 2), np.float32).T}
    (tmp_path / "a").write_bytes(encoded(tensors, {"format": "pellucid-model", "version": "1"}))
    found, metadata = read_file(tmp_path / "a")
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in tensors.items()
    }
    assert metadata["version"] == "1"


class PReLU(layers.Layer):
    """A layer of the user's own, which no file can hold."""

    def parameter_shapes(self, input_shape):
        return {"slope": input_shape}

    def slope_initializer(self, shape, generator):
        return generator.normal(size=shape)

    def forward(self, inputs, context):
        return np.where(inputs > 0, inputs, self.parameters["slope"] * inputs), None


def own_network(seed, units=4):
    return Sequential([layers.Input((3,)), layers.Dense(units), PReLU(), layers.Dense(2)], seed=seed)


def test_weights_of_a_network_with_a_layer_of_ones_own(tmp_path):
    first, second = own_network(1), own_network(2)
    first.save(tmp_path / "a.safetensors")
    second.load_weights(tmp_path / "a.safetensors")
    for old, new in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    with pytest.raises(ShapeError, match="are of another network: 'kernel' of layer 'dense' has shape"):
        own_network(1, units=5).load_weights(tmp_path / "a.safetensors")
    with pytest.raises(FileFormatError, match="it has 3 layers, and this network 1"):
        Sequential([layers.Input((3,)), layers.Dense(2)]).load_weights(tmp_path / "a.safetensors")
    with pytest.raises(FileFormatError, match="knows no layer 'PReLU'"):
        models.load_model(tmp_path / "a.safetensors")


@pytest.mark.parametrize("window", [2147483648, 10**9, 200])
@pytest.mark.parametrize("kind", [layers.MaxPooling2D, layers.AveragePooling2D])
def test_a_window_far_larger_than_its_input(window, kind):
    with pytest.raises(ShapeError, match="far larger than its input: it would see mostly padding"):
        Sequential([layers.Input((6, 6, 1)), kind((2, window), padding="same")])
    Sequential([layers.Input((6, 6, 1)), kind((2, 70), padding="same")])


def test_a_number_too_large_for_a_float_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match=r"^Dropout takes rate as a number in \[0, 1\)."):
        layers.Dropout(10**400)
