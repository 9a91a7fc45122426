"""Model files: what is saved comes back, and nothing in a file can do harm or be mistaken for a model."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from pellucid import Sequential, layers, losses, metrics, models, optimizers
from pellucid.errors import (
    FileFormatError,
    NotBuiltError,
    OutputError,
    PellucidNote,
    ShapeError,
    UnknownNameError,
)
from pellucid.initializers import HeNormal, RandomUniform
from pellucid.models.loading import load_with_extra
from pellucid.models.saving import save_model
from pellucid.optimizers import schedules

SPARSE = "sparse_categorical_crossentropy"
GENERATOR = np.random.default_rng(0)


def small(optimizer="adam", loss=SPARSE, measured=("accuracy",), **options):
    network = Sequential(
        [
            layers.Input((5, 4, 2)),
            layers.Conv2D(3, 2, activation="relu"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ],
        **{"seed": 1, "name": "small", **options},
    )
    network.compile(optimizer, loss, list(measured))
    return network


def images(n=6, shape=(5, 4, 2)):
    return np.random.default_rng(n).normal(size=(n, *shape)).astype(np.float32)


def trained(**options):
    network = small(**options)
    network.fit(images(), np.arange(6) % 4, verbose=0)
    return network


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A file of a trained network."""
    path = tmp_path_factory.mktemp("models") / "good.safetensors"
    trained().save(path)
    return path


def same_weights(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(*pair) and pair[0].dtype == pair[1].dtype for pair in pairs)


# Round trips


def test_a_trained_network_comes_back_whole(tmp_path):
    network = trained()
    network.save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert again.get_config() == network.get_config()
    assert (again.name, again.seed) == ("small", 1)
    assert same_weights(network, again)
    np.testing.assert_array_equal(again.predict(images()), network.predict(images()))
    assert again.optimizer.iterations == 1
    for name, row in network.optimizer.state.items():
        np.testing.assert_array_equal(again.optimizer.state[name], row)
    assert again.evaluate(images(), np.arange(6) % 4) == network.evaluate(images(), np.arange(6) % 4)


LAYERS = {
    "Activation": (layers.Activation("relu"), (4, 3, 2)),
    "AveragePooling2D": (layers.AveragePooling2D((2, 1), strides=2, padding="same"), (5, 4, 2)),
    "BatchNormalization": (
        layers.BatchNormalization(momentum=0.9, epsilon=1e-2, gamma_initializer=RandomUniform()),
        (4, 3, 2),
    ),
    "Conv2D": (
        layers.Conv2D(3, (2, 3), strides=(2, 1), padding="same", kernel_initializer=HeNormal(seed=4)),
        (5, 6, 2),
    ),
    "Conv2D without bias": (layers.Conv2D(3, 2, use_bias=False, name="plain"), (5, 6, 2)),
    "Dense": (layers.Dense(4, activation="softmax", bias_initializer="ones"), (7,)),
    "Dense in float64": (layers.Dense(4, dtype="float64"), (7,)),
    "Dense, frozen": (layers.Dense(4, trainable=False), (7,)),
    "Dropout": (layers.Dropout(0.4), (4, 3)),
    "FeatureMapNormalization": (layers.FeatureMapNormalization(), (4, 3, 2)),
    "Flatten": (layers.Flatten(), (4, 3, 2)),
    "GlobalAveragePooling2D": (layers.GlobalAveragePooling2D(), (5, 4, 2)),
    "MaxPooling2D": (layers.MaxPooling2D(3, strides=1), (5, 4, 2)),
    "RandomFlip": (layers.RandomFlip("horizontal"), (4, 3, 2)),
    "RandomTranslation": (layers.RandomTranslation(0.25, 0.25), (4, 4, 2)),
    "ReLU": (layers.ReLU(), (4, 3)),
    "Rescaling": (layers.Rescaling(1 / 255, offset=-0.5), (4, 3)),
    "Softmax": (layers.Softmax(), (4,)),
}


def test_every_layer_is_in_the_table():
    public = {
        kind.__name__
        for kind in vars(layers).values()
        if isinstance(kind, type) and issubclass(kind, layers.Layer) and kind is not layers.Layer
    }
    assert public == {type(layer).__name__ for layer, _ in LAYERS.values()}


@pytest.mark.parametrize("case", LAYERS)
def test_every_layer_comes_back(case, tmp_path):
    layer, shape = LAYERS[case]
    network = Sequential([layers.Input(shape), type(layer).from_config(layer.get_config())], seed=3)
    network.save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert again.get_config() == network.get_config()
    assert again.layers[0].trainable == layer.trainable
    assert same_weights(network, again)
    np.testing.assert_array_equal(again.predict(images(3, shape)), network.predict(images(3, shape)))


OPTIMIZERS = {
    "SGD": optimizers.SGD(0.1),
    "SGD, nesterov": optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "RMSprop": optimizers.RMSprop(0.1, rho=0.8, momentum=0.3, centered=True),
    "Adadelta": optimizers.Adadelta(1.0, rho=0.9),
    "Adam": optimizers.Adam(0.1, beta_1=0.8, amsgrad=True),
    "AdamW": optimizers.AdamW(0.1, weight_decay=0.01),
    "ExponentialDecay": optimizers.SGD(schedules.ExponentialDecay(0.1, 3, 0.5, staircase=True)),
    "PiecewiseConstantDecay": optimizers.SGD(schedules.PiecewiseConstantDecay([2, 4], [0.3, 0.2, 0.1])),
    "PolynomialDecay": optimizers.SGD(schedules.PolynomialDecay(0.1, 5, power=2.0)),
    "InverseTimeDecay": optimizers.SGD(schedules.InverseTimeDecay(0.1, 2, 0.5)),
    "CosineDecay": optimizers.SGD(schedules.CosineDecay(0.1, 8, alpha=0.1)),
    "old decay": optimizers.RMSprop.from_config({"learning_rate": 0.1, "decay": 0.5}),
}


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_every_optimizer_and_schedule_comes_back_where_it_stood(case, tmp_path):
    network = trained(optimizer=OPTIMIZERS[case])
    network.save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert optimizers.serialize(again.optimizer) == optimizers.serialize(network.optimizer)
    assert again.optimizer.iterations == 1
    assert again.optimizer.learning_rate == network.optimizer.learning_rate
    assert list(again.optimizer.state) == list(network.optimizer.state)
    for name, row in network.optimizer.state.items():
        np.testing.assert_array_equal(again.optimizer.state[name], row)


@pytest.mark.parametrize(
    ("loss", "measured"),
    [
        (losses.SparseCategoricalCrossentropy(), ["accuracy", "sparse_top_k_categorical_accuracy"]),
        (losses.CategoricalCrossentropy(label_smoothing=0.1), ["acc", metrics.TopKCategoricalAccuracy(k=2)]),
        (losses.MeanSquaredError(), ["mae", "mse", "accuracy"]),
        ("mse", [metrics.CategoricalAccuracy(name="mine")]),
    ],
)
@pytest.mark.filterwarnings("ignore:'acc' is the old name")
def test_every_loss_and_metric_comes_back(loss, measured, tmp_path):
    network = small(loss=loss, measured=measured)
    network.save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert losses.serialize(again.loss) == losses.serialize(network.loss)
    assert [metrics.serialize(one) for one in again.metrics] == [
        metrics.serialize(one) for one in network.metrics
    ]


def certainty(labels, outputs):
    return outputs.max(axis=-1)


class Surprise(metrics.Metric):
    def __init__(self, name="surprise"):
        super().__init__(name)

    def values(self, labels, outputs):
        return -np.log(outputs.max(axis=-1))


@pytest.mark.parametrize("own", [certainty, Surprise()])
def test_a_metric_of_the_users_own_is_left_out_and_that_is_said(own, tmp_path):
    small(measured=["accuracy", own]).save(tmp_path / "a.safetensors")
    with pytest.warns(PellucidNote, match=r"^A metric of your own is not in the model file; compile the"):
        again = models.load_model(tmp_path / "a.safetensors")
    assert [metric.name for metric in again.metrics] == ["accuracy"]


def test_a_network_that_was_not_compiled_and_one_told_to_leave_that_out(tmp_path, good):
    network = Sequential([layers.Input((3,)), layers.Dense(2)], seed=1)
    network.save(tmp_path / "a.safetensors")
    assert models.load_model(tmp_path / "a.safetensors").optimizer is None
    assert models.load_model(good, compile=False).optimizer is None


def test_a_compiled_network_that_never_trained(tmp_path):
    small().save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert again.optimizer.iterations == 0
    assert not np.any(again.optimizer.state["momentum"])


def test_a_file_without_the_optimizers_state_starts_training_afresh(tmp_path):
    network = trained()
    network.save_weights(tmp_path / "a.safetensors")
    assert not any(name.startswith("optimizer/") for name in load_file(tmp_path / "a.safetensors"))
    again = models.load_model(tmp_path / "a.safetensors")
    assert same_weights(network, again)
    assert again.optimizer.iterations == 0


def test_names_with_slashes_and_other_letters(tmp_path):
    network = Sequential(
        [layers.Input((3,)), layers.Dense(2, name="top/层 é"), layers.Dense(2, name="optimizer")],
        name="Größe 🙂",
    )
    network.compile("adam", "mse")
    network.prepare()
    network.save(tmp_path / "a.safetensors")
    again = models.load_model(tmp_path / "a.safetensors")
    assert again.get_config() == network.get_config()


def test_what_is_saved_beside_it(tmp_path):
    save_model(small(), tmp_path / "a.safetensors", extra={"history": [{"loss": 0.5}], "epoch": 3})
    assert load_with_extra(tmp_path / "a.safetensors")[1] == {"history": [{"loss": 0.5}], "epoch": 3}
    small().save(tmp_path / "a.safetensors")
    assert load_with_extra(tmp_path / "a.safetensors")[1] == {}


def test_weights_alone_go_into_a_network_of_the_same_layers(good):
    network = small(seed=2, name="other")
    network.load_weights(good)
    assert same_weights(network, models.load_model(good))
    unbuilt = Sequential([type(layer).from_config(layer.get_config()) for layer in network.layers])
    unbuilt.load_weights(good)
    assert same_weights(unbuilt, network)


def test_weights_of_another_network_are_refused_and_change_nothing(good):
    network = Sequential([layers.Input((3,)), layers.Dense(2)], seed=1)
    before = network.get_weights()
    with pytest.raises(ShapeError) as error:
        network.load_weights(good)
    assert str(error.value) == (
        f"The weights in {good} are of another network: The network has 2 weight arrays. Received: 8 arrays"
    )
    np.testing.assert_array_equal(network.get_weights()[0], before[0])


def test_any_reader_of_safetensors_can_read_the_file(good):
    tensors = load_file(good)
    assert sorted(tensors) == [
        "batch_normalization/beta",
        "batch_normalization/gamma",
        "batch_normalization/moving_mean",
        "batch_normalization/moving_variance",
        "conv2d/bias",
        "conv2d/kernel",
        "dense/bias",
        "dense/kernel",
        "optimizer/momentum",
        "optimizer/velocity",
    ]
    metadata = header_of(good.read_bytes())["__metadata__"]
    assert (metadata["format"], metadata["version"]) == ("pellucid-model", "1")
    assert json.loads(metadata["architecture"])["layers"][0]["class_name"] == "Conv2D"
    assert json.loads(metadata["compile"])["iterations"] == 1


def test_the_same_network_makes_the_same_file(tmp_path):
    for name in "ab":
        trained().save(tmp_path / f"{name}.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


# What cannot be saved, or not there


@pytest.mark.parametrize("name", ["model", "model.h5", "model.keras", "new/folder/model.weights.h5"])
@pytest.mark.parametrize("save", [Sequential.save, Sequential.save_weights])
def test_any_name_is_written_and_read_back(name, save, tmp_path):
    network, path = trained(), tmp_path / name
    with pytest.warns(PellucidNote) as notes:
        save(network, path)
    assert [str(note.message) for note in notes] == [
        f"{path} was written in pellucid's own format, safetensors: load_model and load_weights read it "
        "under that name, Keras does not. A name that ends in .safetensors says so."
    ]
    assert same_weights(models.load_model(path), network)
    other = small(seed=5)
    other.load_weights(path)
    assert same_weights(other, network)


def test_a_note_that_is_an_error_comes_after_the_file(tmp_path):
    with pytest.raises(PellucidNote):
        small().save(tmp_path / "a.keras")
    assert models.load_model(tmp_path / "a.keras").count_params() > 0


def test_a_folder_of_that_name_gets_the_file(tmp_path):
    (tmp_path / "saved").mkdir()
    with pytest.warns(
        PellucidNote, match=r"was written as .*saved.model.safetensors in pellucid's own format"
    ):
        small().save(tmp_path / "saved")
    assert same_weights(models.load_model(tmp_path / "saved"), small())


@pytest.mark.parametrize(
    "arguments", [{"overwrite": True}, {"overwrite": False, "save_format": "h5"}, {"save_format": "tf"}]
)
def test_arguments_of_keras_are_passed_over(arguments, tmp_path):
    small().save(tmp_path / "a.safetensors", **arguments)
    small().save_weights(tmp_path / "b.safetensors", **arguments)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_unknown_argument_is_said_after_the_file_is_written(tmp_path):
    with pytest.raises(UnknownNameError, match="save has no argument include_optimiser=False: did you mean"):
        small().save(tmp_path / "a.safetensors", include_optimiser=False)
    assert (tmp_path / "a.safetensors").is_file()


def test_a_network_without_weights(tmp_path):
    with pytest.raises(NotBuiltError) as error:
        Sequential([layers.Dense(2)]).save(tmp_path / "a.safetensors")
    assert str(error.value) == (
        "The network has no weights to save yet: give it an Input, or fit it on data first"
    )


def test_a_folder_that_is_not_there_is_made_and_a_file_is_none(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"a.safetensors: .* Nothing was changed there; free some space"):
        small().save(tmp_path / "file" / "a.safetensors")
    small().save(tmp_path / "missing" / "a.safetensors")
    assert (tmp_path / "missing" / "a.safetensors").is_file()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match=r"^Cannot write .*a.safetensors: Permission denied"):
            small().save(tmp_path / "a.safetensors")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.safetensors"
    small().save(path)
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"No space left on device. Nothing was changed there"):
        trained().save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_kill_in_the_middle_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.safetensors"
    small().save(path)
    before = path.read_bytes()
    script = f"""
import os, signal
from pellucid import Sequential, layers
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing renamed
Sequential([layers.Input((900,)), layers.Dense(900)]).save({str(path)!r})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2  # a half is left beside it, under another name
    trained().save(path)
    assert models.load_model(path).optimizer.iterations == 1


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^There is no file .*a.safetensors$"):
        models.load_model(tmp_path / "a.safetensors")
    with pytest.raises(FileFormatError, match=r"is a folder, not a model file$"):
        models.load_model(tmp_path)


# Files that are none, or damaged


def header_of(content):
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length])


def with_header(content, header, *, length=None):
    """Return a file with another header, without checksums, as files of earlier versions are."""
    if isinstance(header, dict) and isinstance(header.get("__metadata__"), dict):
        header["__metadata__"].pop("checksums", None)
    (old,) = struct.unpack("<Q", content[:8])
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(encoded) if length is None else length) + encoded + content[8 + old :]


def refusal(path, content=None):
    """Return why the file is refused, having made sure that it is refused as a file."""
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileFormatError) as error:
        models.load_model(path)
    assert str(path) in str(error.value)
    return str(error.value).replace(str(path), "FILE")


def test_cut_short_anywhere(good, tmp_path):
    """Inside the length, the header, at its end, inside each tensor, at each tensor's end, one byte short."""
    content = good.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    data = 8 + length
    header = header_of(content)
    ends = [data + entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    places = {0, 1, 7, 8, 9, data // 2, data - 1, data, data + 1, len(content) - 1}
    places |= set(ends) | {end - 1 for end in ends} | {end + 1 for end in ends}
    for place in sorted(place for place in places if place < len(content)):
        message = refusal(tmp_path / "cut.safetensors", content[:place])
        assert "is not a model file that pellucid wrote, or it is cut short or damaged" in message


def test_too_long(good, tmp_path):
    assert "cut short or damaged" in refusal(tmp_path / "a.safetensors", good.read_bytes() + b"\0")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"\xff" * 100,
        b"PK\x03\x04" + b"\0" * 60,
        b"\x89HDF\r\n\x1a\n" + b"\0" * 60,
        b"Not a model at all, but long enough to be one.",
        struct.pack("<Q", 5) + b"{}   ",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 4) + b'{"a"',
        struct.pack("<Q", 4) + b"\xff\xfe\x00\x00",
    ],
)
def test_plain_garbage(content, tmp_path):
    refusal(tmp_path / "a.safetensors", content)


class Payload:
    """Writes a file when unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (Path.touch, (Path(self.path),))


def test_a_pickle_never_runs(tmp_path, good):
    proof = tmp_path / "it ran"
    payload = pickle.dumps(Payload(proof))
    pickle.loads(payload)  # noqa: S301 - it would run
    assert proof.exists()
    proof.unlink()
    refusal(tmp_path / "a.safetensors", payload)
    np.save(tmp_path / "b.npy", np.array([Payload(proof)], dtype=object), allow_pickle=True)
    refusal(tmp_path / "a.safetensors", (tmp_path / "b.npy").read_bytes())
    content = good.read_bytes()
    header = header_of(content)
    header["__metadata__"]["architecture"] = payload.decode("latin-1")
    refusal(tmp_path / "a.safetensors", with_header(content, header))
    assert not proof.exists()


def test_safetensors_of_other_programs(tmp_path):
    path = tmp_path / "a.safetensors"
    for metadata in (None, {"format": "pt"}):
        save_file({"weight": np.zeros((2, 2), np.float32)}, path, metadata)
        assert refusal(path) == (
            "FILE is a safetensors file, but not a pellucid model: "
            "its metadata has no format='pellucid-model'"
        )


def test_another_version(good, tmp_path):
    content = good.read_bytes()
    header = header_of(content)
    for version in ("2", "0", ""):
        header["__metadata__"]["version"] = version
        assert refusal(tmp_path / "a.safetensors", with_header(content, header)) == (
            f"FILE was written as version {version!r} of the format; this pellucid reads version '1'. "
            "Install the pellucid that wrote it, or a newer one."
        )
    del header["__metadata__"]["version"]
    assert "version None" in refusal(tmp_path / "a.safetensors", with_header(content, header))


# Files that contradict themselves


def altered(good, path, *, tensors=None, **metadata):
    """Write ``good`` to ``path`` with changed tensors and metadata: functions of what there is."""
    old = header_of(good.read_bytes())["__metadata__"]
    del old["checksums"]
    found = load_file(good)
    for name, change in metadata.items():
        value = change(json.loads(old[name]))
        old[name] = json.dumps(value)
    save_file((tensors or (lambda same: same))(found), path, old)
    return path


def without(*names):
    return lambda tensors: {name: array for name, array in tensors.items() if name not in names}


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        (without("dense/bias"), "its network cannot be made: it lacks the weights dense/bias"),
        (
            lambda tensors: {**tensors, "dense_1/kernel": np.zeros(3)},
            "its network cannot be made: it holds 'dense_1/kernel', which belongs to no layer",
        ),
        (
            lambda tensors: {**tensors, "dense/kernel": np.zeros((36, 3), np.float32)},
            "its network cannot be made: dense/kernel should be float32 of shape (36, 4); "
            "it is float32 of shape (36, 3)",
        ),
        (
            lambda tensors: {**tensors, "dense/bias": np.zeros(4, np.float64)},
            "its network cannot be made: dense/bias should be float32 of shape (4,); "
            "it is float64 of shape (4,)",
        ),
        (
            lambda tensors: {**tensors, "dense/bias": np.zeros(4, np.int8)},
            "its network cannot be made: dense/bias should be float32 of shape (4,); "
            "it is int8 of shape (4,)",
        ),
        (
            without("optimizer/velocity"),
            "the network cannot be compiled as it was (compile=False leaves that out): "
            "it lacks optimizer/velocity",
        ),
        (
            lambda tensors: {**tensors, "optimizer/velocity": np.zeros(3, np.float32)},
            "the network cannot be compiled as it was (compile=False leaves that out): "
            "optimizer/velocity should be float32 of shape (181,); it is float32 of shape (3,)",
        ),
        (
            lambda tensors: {**tensors, "optimizer/velocity": np.zeros(181, np.int64)},
            "the network cannot be compiled as it was (compile=False leaves that out): "
            "optimizer/velocity should be float32 of shape (181,); it is int64 of shape (181,)",
        ),
    ],
)
def test_tensors_that_do_not_fit_the_architecture(tensors, message, good, tmp_path):
    path = altered(good, tmp_path / "a.safetensors", tensors=tensors)
    assert refusal(path) == f"FILE is a pellucid model file, but {message}"


def changed(**changes):
    return lambda found: {**found, **changes}


def first_layer(**changes):
    def change(architecture):
        architecture["layers"][0]["config"].update(changes)
        return architecture

    return change


def class_of_first_layer(name):
    def change(architecture):
        architecture["layers"][0]["class_name"] = name
        return architecture

    return change


@pytest.mark.parametrize(
    ("architecture", "message"),
    [
        (lambda _: {}, "'layers' is missing"),
        (lambda _: [], "'list' object is not a mapping"),
        (
            class_of_first_layer("Conv3D"),
            "This version of pellucid knows no layer 'Conv3D'; it knows Activation, AveragePooling2D,",
        ),
        (class_of_first_layer("__import__"), "This version of pellucid knows no layer '__import__'"),
        (first_layer(filter=3), "Conv2D has no argument filter=3: did you mean 'filters'?"),
        (first_layer(filters=0), "Conv2D takes filters as a whole number of at least 1. Received: filters=0"),
        (first_layer(activation="os.system"), "There is no activation 'os.system'"),
        (first_layer(kernel_size=9), "Layer 'conv2d' (Conv2D) has a kernel of 9×9, larger than its input."),
        (changed(input_shape=[5]), "Layer 'conv2d' (Conv2D) takes images or feature maps (N, H, W, C)"),
        (changed(input_shape=[5, 4, 0]), "Input takes the shape of one image"),
        (changed(input_shape=None), "'NoneType' object is not iterable"),
        (changed(layers=[]), "it holds 'batch_normalization/beta', which belongs to no layer"),
        (changed(seed=-1), "seed is a whole number from 0 to 4294967295. Received: seed=-1"),
    ],
)
def test_architectures_that_are_none(architecture, message, good, tmp_path):
    path = altered(good, tmp_path / "a.safetensors", architecture=architecture)
    assert refusal(path).startswith(
        f"FILE is a pellucid model file, but its network cannot be made: {message}"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (lambda _: {}, "'optimizer' is missing"),
        (changed(optimizer={"class_name": "Magic", "config": {}}), "There is no optimizer 'Magic'"),
        (changed(loss={"class_name": "Hinge", "config": {}}), "There is no loss 'Hinge'"),
        (changed(metrics=3), "'int' object is not iterable"),
        (changed(metrics=[{}]), "metric described by a dict has a class_name, such as 'accuracy'"),
        (
            changed(metrics=[{"class_name": "TopKCategoricalAccuracy", "config": {"k": 0}}]),
            "TopKCategoricalAccuracy takes k as a whole number of at least 1. Received: k=0",
        ),
        (
            changed(iterations=-1),
            "the optimizer takes iterations as a whole number from 0 to 9007199254740992. Received:",
        ),
        (
            changed(iterations=float("inf")),
            "the optimizer takes iterations as a whole number from 0 to 9007199254740992.",
        ),
        (
            changed(iterations="many"),
            "the optimizer takes iterations as a whole number from 0 to 9007199254740992.",
        ),
    ],
)
def test_settings_that_are_none(settings, message, good, tmp_path):
    path = altered(good, tmp_path / "a.safetensors", compile=settings)
    assert refusal(path).startswith(
        "FILE is a pellucid model file, but the network cannot be compiled as it was "
        f"(compile=False leaves that out): {message}"
    )
    assert models.load_model(path, compile=False).optimizer is None


def test_metadata_that_is_no_json(good, tmp_path):
    content = good.read_bytes()
    for name, what in (("architecture", "its network cannot be made"), ("compile", "cannot be compiled")):
        for text in ("", "{", "\0", "[" * 100_000):
            header = header_of(content)
            header["__metadata__"][name] = text
            assert what in refusal(tmp_path / "a.safetensors", with_header(content, header))
    header = header_of(content)
    del header["__metadata__"]["architecture"]
    message = refusal(tmp_path / "a.safetensors", with_header(content, header))
    assert message.endswith("its network cannot be made: 'architecture' is missing")


def peak_bytes(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "architecture",
    [
        first_layer(filters=10**12),
        first_layer(kernel_size=[1, 1], filters=2**62),
        changed(input_shape=[10**6, 10**6, 2]),
        changed(input_shape=[2**62, 2**62, 2**62]),
    ],
)
def test_huge_declared_shapes_are_refused_without_taking_the_memory(architecture, good, tmp_path):
    path = altered(good, tmp_path / "a.safetensors", architecture=architecture)
    assert peak_bytes(lambda: refusal(path)) < 10_000_000


def test_huge_tensors_declared_in_the_header_are_refused_without_taking_the_memory(good, tmp_path):
    content = good.read_bytes()
    header = header_of(content)
    header["dense/kernel"]["shape"] = [10**6, 10**6]
    begin = header["dense/kernel"]["data_offsets"][0]
    header["dense/kernel"]["data_offsets"] = [begin, begin + 4 * 10**12]
    path = tmp_path / "a.safetensors"
    assert peak_bytes(lambda: refusal(path, with_header(content, header))) < 10_000_000
    assert peak_bytes(lambda: refusal(path, with_header(content, header, length=2**40))) < 10_000_000


# Anything at all


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_flipped_bytes_make_another_model_or_an_error_of_ours(data, good, tmp_path):
    content = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(content), tmp_path)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(-2, 9), max_size=4),
    st.just({}),
    st.sampled_from(["relu", "same", "Dense", "Conv2D", "he_normal", "float64", [[]], {"class_name": "SGD"}]),
)


def places(tree, path=()):
    """Yield where in a tree of dicts and lists a value can be put."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data(), part=st.sampled_from(["architecture", "compile"]))
def test_odd_values_in_the_metadata_make_another_model_or_an_error_of_ours(data, part, good, tmp_path):
    content = good.read_bytes()
    header = header_of(content)
    tree = json.loads(header["__metadata__"][part])
    place = data.draw(st.sampled_from(list(places(tree))))
    inner = tree
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = data.draw(ODD)
    header["__metadata__"][part] = json.dumps(tree)
    survives(with_header(content, header), tmp_path)


def survives(content, folder):
    """Read the file; where it is not refused as one, it holds a network that can be shown and used."""
    path = folder / "odd.safetensors"
    path.write_bytes(content)
    with warnings.catch_warnings(), contextlib.suppress(FileFormatError):
        warnings.simplefilter("ignore")
        network = models.load_model(path)
        network.summary(print_fn=str)
        network.predict(images(2, network.input_shape))


@pytest.mark.parametrize("iterations", [10**400, 2**53 + 1, -1, 1.5])
def test_a_number_of_steps_that_cannot_be(good, tmp_path, iterations):
    def change(settings):
        return {**settings, "iterations": iterations}

    path = altered(good, tmp_path / "a.safetensors", compile=change)
    assert "takes iterations as a whole number from 0 to 9007199254740992" in refusal(path)
