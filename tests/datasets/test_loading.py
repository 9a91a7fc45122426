import dataclasses
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pellucid.datasets import describe, fetch, load, loading, mnist_writers, names, qmnist, status
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.sources import LocalMirror
from pellucid.errors import DatasetError, UnknownNameError


def idx_bytes(kind: int, array: np.ndarray) -> bytes:
    header = bytes([0, 0, kind, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.tobytes()


def install(
    name: str, contents: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Download:
    """Make the dataset called ``name`` consist of ``contents``, in a local mirror."""
    files = tuple(File(n, len(c), hashlib.sha256(c).hexdigest()) for n, c in contents.items())
    entry = dataclasses.replace(loading.fetchable()[name], files=files, sources=(LocalMirror(),))
    if name == "mnist_writers":
        monkeypatch.setattr(qmnist, "DOWNLOAD", entry)
    else:
        info = dataclasses.replace(describe(name), download=entry)
        datasets = tuple(info if other.name == name else other for other in loading.DATASETS)
        monkeypatch.setattr(loading, "DATASETS", datasets)
    folder = tmp_path / "mirror" / entry.folder
    folder.mkdir(parents=True)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "mirror"))
    return entry


def test_names() -> None:
    assert names() == ("digits", "mnist", "fashion_mnist", "cifar10")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_idx_files_become_images_and_labels(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(0)
    x_train, x_test = (values.integers(0, 256, (n, 28, 28), dtype=np.uint8) for n in (5, 3))
    y_train, y_test = (values.integers(0, 10, n, dtype=np.uint8) for n in (5, 3))
    contents = {
        "train-images-idx3-ubyte": idx_bytes(8, x_train),
        "train-labels-idx1-ubyte": idx_bytes(8, y_train),
        "t10k-images-idx3-ubyte": idx_bytes(8, x_test),
        "t10k-labels-idx1-ubyte": idx_bytes(8, y_test),
    }
    entry = install(name, contents, tmp_path, monkeypatch)
    data = load(name, progress=False)
    np.testing.assert_array_equal(data.x_train, x_train[..., np.newaxis])
    np.testing.assert_array_equal(data.y_train, y_train)
    np.testing.assert_array_equal(data.x_test, x_test[..., np.newaxis])
    np.testing.assert_array_equal(data.y_test, y_test)
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert (data.name, data.max_value, data.sha256) == (name, 255, entry.sha256)
    assert data.classes == describe(name).classes
    assert data.source.startswith(f"PELLUCID_DATA={tmp_path / 'mirror'}; cached in ")
    data.x_train[0] = 0  # an array of one's own, not of the cache


def test_batches_become_images_and_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0)
    images = values.integers(0, 256, (6, 4, 32, 32, 3), dtype=np.uint8)
    labels = values.integers(0, 10, (6, 4), dtype=np.uint8)
    contents = {
        f"batch_{b}": b"".join(
            bytes([labels[b, i]]) + images[b, i].transpose(2, 0, 1).tobytes() for i in range(4)
        )
        for b in range(6)
    }
    install("cifar10", contents, tmp_path, monkeypatch)
    data = load("cifar10")
    np.testing.assert_array_equal(data.x_train, images[:5].reshape(20, 32, 32, 3))
    np.testing.assert_array_equal(data.y_train, labels[:5].ravel())
    np.testing.assert_array_equal(data.x_test, images[5])
    np.testing.assert_array_equal(data.y_test, labels[5])
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)


def test_writers_are_the_third_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.arange(12_000 * 8).reshape(-1, 8)
    contents = {
        "qmnist-train-labels-idx2-int": idx_bytes(12, rows[:5].astype(">i4")),
        "qmnist-test-labels-idx2-int": idx_bytes(12, rows.astype(">i4")),
    }
    install("mnist_writers", contents, tmp_path, monkeypatch)
    train, test = mnist_writers()
    np.testing.assert_array_equal(train, [2, 10, 18, 26, 34])
    np.testing.assert_array_equal(test, rows[:10_000, 2])
    assert train.dtype == test.dtype == np.int64


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("minst", r"There is no dataset 'minst': did you mean 'mnist'\? Received: name='minst'"),
        ("fashion-mnist", r"'fashion-mnist': did you mean 'fashion_mnist'\? Received: name='fashion-mnist'"),
        ("horses", r"'horses': known are 'cifar10', 'digits', 'fashion_mnist', 'mnist'\. Received"),
        ("mnist_writers", r"'mnist_writers': known are"),
        (None, r"None: known are .*\. Received: name=None"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        load(name)


def test_an_unknown_name_cannot_be_fetched() -> None:
    with pytest.raises(UnknownNameError, match=r"'mnist_writer': did you mean 'mnist_writers'\?"):
        fetch("mnist_writer")


def test_fetch_and_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> None:
    entry = install("mnist_writers", {"a": b"123", "b": b"4567"}, tmp_path, monkeypatch)
    before = {known.name: known for known in status()}
    assert list(before) == ["digits", "mnist", "fashion_mnist", "cifar10", "mnist_writers"]
    assert before["digits"].cached
    assert before["mnist_writers"] == ("mnist_writers", False, "", 7)
    fetched = fetch("mnist_writers")
    assert fetched == ("mnist_writers", True, loading.cache.source(entry), 7)
    assert status()[-1] == fetched
    (cache_folder / entry.folder / "a").write_bytes(b"12x")
    assert not status()[-1].cached
    assert fetch("digits") == status()[0]


def test_nothing_is_fetched_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install("mnist_writers", {"a": b"123"}, tmp_path, monkeypatch)
    fetch("mnist_writers")
    monkeypatch.delenv("PELLUCID_DATA")
    assert fetch("mnist_writers").cached


def test_files_that_vanish_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install("mnist_writers", {"a": b"123"}, tmp_path, monkeypatch)
    monkeypatch.setattr("pellucid.datasets.fetching.obtaining.fetch_missing", lambda _, **options: None)
    with pytest.raises(DatasetError, match=r"Files of mnist_writers vanished from .* while they were read"):
        fetch("mnist_writers")


def test_an_import_of_datasets_is_cheap() -> None:
    heavy = "{'sklearn', 'PIL', 'rich', 'scipy', 'pooch', 'requests', 'matplotlib', 'tarfile', 'zipfile'}"
    code = f"import sys, pellucid.datasets; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
