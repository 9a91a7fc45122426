"""Every reader of pellucid, with good inputs to damage, and how an input is read in full."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fuzzing import archives
from fuzzing.mutations import Mutation, Random, of_bytes, of_json, of_safetensors
from pellucid import Sequential, layers, models
from pellucid.datasets import cifar10, idx, read_image
from pellucid.datasets.fetching.cache import folder_of
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.obtaining import fetch_missing
from pellucid.datasets.fetching.sources import LocalMirror
from pellucid.datasets.fetching.unpacking import read_tar_gz, wheel_reader
from pellucid.experiments import find
from pellucid.reading.recognizer import Recognizer
from pellucid.runs import RunFolder, Settings, run


@dataclass(frozen=True)
class Reader:
    """A reader, and the inputs that it gets.

    Attributes
    ----------
    name
        As the report has it.
    make
        Returns the next input.
    read
        Reads the input in the file at a path in full, as a user does; its result counts as right.
    file
        The input's file name.
    """

    name: str
    make: Callable[[Random], bytes]
    read: Callable[[Path], object]
    file: str = "input"


class WrongAnswer(Exception):  # noqa: N818 - it is a finding, not an error of the reader
    """A damaged input that was read as if it were whole."""


def all_readers(scratch: Path) -> list[Reader]:
    """Return all readers; ``scratch`` is a folder for what they need."""
    return [
        *_model_files(scratch),
        _images(scratch),
        *_datasets(scratch),
        *_run_folders(scratch),
    ]


def _of(corpus: Sequence[bytes], mutation: Mutation) -> Callable[[Random], bytes]:
    return lambda random: mutation(corpus[int(random.integers(len(corpus)))], random)


# Model files


def _model_files(scratch: Path) -> list[Reader]:
    corpus = [_saved(network, scratch / "good.safetensors") for network in _networks()]
    known = {_fingerprint(models.load_model(_written(scratch / "known.safetensors", one))) for one in corpus}

    def checked(path: Path) -> object:
        network = models.load_model(path)
        _used(network)
        if "checksums" in str(path.read_bytes()[:20_000]) and _weights(path) not in known:
            raise WrongAnswer("a model file with checksums was read with other weights than were written")
        return network

    old = [_without_checksums(one) for one in corpus]
    return [
        Reader("model files", _of(corpus, of_safetensors), checked, "a.safetensors"),
        Reader("model files without checksums", _of(old, of_safetensors), _load_and_use, "a.safetensors"),
    ]


def _networks() -> list[Sequential]:
    first = [
        layers.Input((8, 8, 1)),
        layers.Rescaling(1 / 255),
        layers.RandomFlip(),
        layers.RandomTranslation(0.1, 0.1),
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2, padding="same"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.25),
        layers.Dense(3, activation="softmax"),
    ]
    second = [layers.Input((8, 8, 1)), layers.FeatureMapNormalization(), layers.GlobalAveragePooling2D()]
    networks = [Sequential(first, seed=1), Sequential([*second, layers.Dense(3), layers.Softmax()], seed=2)]
    for network, optimizer in zip(networks, ("adam", "sgd"), strict=True):
        network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], engine="numpy")
        network.fit(np.zeros((2, 8, 8, 1)), np.array([0, 1]), verbose=0, threads=1)
    return networks


def _saved(network: Sequential, path: Path) -> bytes:
    network.save(path)
    return path.read_bytes()


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _load_and_use(path: Path) -> object:
    network = models.load_model(path)
    _used(network)
    return network


def _used(network: Sequential) -> None:
    """Predict and train a step, where a number that was only stored is used."""
    shape = network.input_shape
    if int(np.prod(shape)) > 1_000_000:
        return
    x = np.zeros((2, *shape), np.float32)
    network.predict(x, verbose=0, threads=1)
    if network.optimizer is not None:
        network.fit(x, np.zeros(2, int), verbose=0, threads=1)


def _fingerprint(network: Sequential) -> str:
    return hashlib.sha256(b"".join(array.tobytes() for array in network.get_weights())).hexdigest()


def _weights(path: Path) -> str:
    return _fingerprint(models.load_model(path, compile=False))


def _without_checksums(content: bytes) -> bytes:
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    del header["__metadata__"]["checksums"]
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


# Images


def _images(scratch: Path) -> Reader:
    del scratch
    return Reader("image files", _of(_pictures(), of_bytes), _read_picture, "a.png")


def _pictures() -> list[bytes]:
    values = np.random.default_rng(0)
    colour = Image.fromarray(values.integers(0, 256, (24, 20, 3), dtype=np.uint8))
    grey = colour.convert("L")
    deep = Image.fromarray(values.integers(0, 65536, (24, 20)).astype(np.uint16))
    saved = [
        *((colour, kind) for kind in ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "PPM", "GIF")),
        *((grey, kind) for kind in ("PNG", "JPEG", "BMP", "TIFF", "GIF")),
        *((deep, kind) for kind in ("PNG", "TIFF")),
        (colour.convert("RGBA"), "PNG"),
        (colour.convert("P"), "PNG"),
        (grey.convert("1"), "TIFF"),
        (colour.convert("CMYK"), "JPEG"),
    ]
    return [_as_bytes(image, kind) for image, kind in saved]


def _as_bytes(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def _read_picture(path: Path) -> object:
    found = read_image(path)
    if found.dtype != np.uint8 or found.ndim != 3 or found.shape[2] not in (1, 3):
        raise WrongAnswer(f"an image of shape {found.shape}, {found.dtype}")
    return read_image(path, size=(8, 8), grey=True)


# Datasets


def _datasets(scratch: Path) -> list[Reader]:
    labels = bytes([0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3, 4, 5])
    images = bytes([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 3]) + bytes(60)
    numbers = bytes([0, 0, 12, 2, 0, 0, 0, 2, 0, 0, 0, 2]) + bytes(16)
    batch = np.random.default_rng(1).integers(0, 256, (3, 3073), dtype=np.uint8)
    batch[:, 0] = 0, 9, 4  # labels
    batches = [batch.tobytes()]
    found = [
        Reader("idx files", _of([labels, images, numbers], of_bytes), _read_idx),
        Reader("CIFAR batches", _of(batches, of_bytes), _read_cifar),
    ]
    makers = {"a.tar.gz": archives.tar_gz, "a.whl": archives.wheel, "data.bin.gz": archives.gz}
    return found + [
        Reader(f"archives ({name})", make, _archive_reader(scratch, name), name)
        for name, make in makers.items()
    ]


def _read_idx(path: Path) -> object:
    return idx.parse(np.fromfile(path, np.uint8), path.name)


def _read_cifar(path: Path) -> object:
    records = cifar10.parse(np.fromfile(path, np.uint8), path.name)
    if records.shape[1] != 3073 or records[:, 0].max() > 9:
        raise WrongAnswer("records of another form")
    return records


def _archive_reader(scratch: Path, name: str) -> Callable[[Path], object]:
    sha256 = hashlib.sha256(archives.CONTENT).hexdigest()
    packages = {"a.tar.gz": read_tar_gz, "a.whl": wheel_reader({archives.MEMBER: archives.MEMBER})}
    download = Download(
        name=f"fuzz-{name}",
        folder="fuzz",
        files=(File(archives.MEMBER, len(archives.CONTENT), sha256),),
        by_hand="the files",
        sources=(LocalMirror({key: read for key, read in packages.items() if key == name}),),
    )

    def read(path: Path) -> object:
        mirror = scratch / "mirror" / "fuzz"
        shutil.rmtree(mirror, ignore_errors=True)
        shutil.rmtree(folder_of(download), ignore_errors=True)
        mirror.mkdir(parents=True)
        shutil.copy(path, mirror / name)
        fetch_missing(download, progress=False)
        if (folder_of(download) / archives.MEMBER).read_bytes() != archives.CONTENT:
            raise WrongAnswer("another content than the file's sha256 says")
        return None

    return read


# Run folders


def _run_folders(scratch: Path) -> list[Reader]:
    good = scratch / "run"
    experiment = dataclasses.replace(find("digits-perceptron"), epochs=1)
    run(experiment, good, Settings(threads=1, limit=300), verbose=0)
    record = json.loads((good / "run.json").read_bytes())
    record["files"] = None  # without hashes, so that the parsers are reached
    (good / "run.json").write_text(json.dumps(record))
    parts: dict[str, tuple[Mutation, Callable[[RunFolder], Any]]] = {
        "run.json": (of_json, lambda folder: folder.info),
        "configuration.json": (of_json, _configured),
        "environment.json": (of_json, lambda folder: folder.environment),
        "history.json": (of_json, lambda folder: folder.history),
        "results.json": (of_json, lambda folder: folder.results),
        "uses.json": (of_json, lambda folder: folder.uses),
        "predictions.csv": (of_bytes, lambda folder: folder.predictions),
        "pictures.npz": (of_bytes, lambda folder: folder.pictures),
    }
    return [
        Reader(
            f"run folder: {file}",
            _of([(good / file).read_bytes()], change),
            _part_reader(good, file, read),
            file,
        )
        for file, (change, read) in parts.items()
        if (good / file).is_file()
    ]


def _configured(folder: RunFolder) -> object:
    Recognizer.open(folder.path)
    return folder.configuration


def _part_reader(good: Path, file: str, read: Callable[[RunFolder], Any]) -> Callable[[Path], object]:
    before = (good / file).read_bytes()

    def of_part(path: Path) -> object:
        shutil.copy(path, good / file)
        try:
            return read(RunFolder.open(good))
        finally:
            (good / file).write_bytes(before)

    return of_part
