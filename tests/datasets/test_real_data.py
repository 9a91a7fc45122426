"""The real datasets from the local mirror: are they what the world knows under these names?"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from pellucid.datasets import describe, load, mnist_writers, names, qmnist
from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.unpacking import file_or_gz
from pellucid.datasets.loading import fetchable

pytestmark = pytest.mark.data

# As published: by Fashion-MNIST's and CIFAR-10's own pages of the files as they are here; of MNIST and the
# writers, of the .gz files, which are compared in the mirror (the cache has them unpacked).
OFFICIAL_MD5 = {
    ("fashion_mnist", "train-images-idx3-ubyte"): "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    ("fashion_mnist", "train-labels-idx1-ubyte"): "9018921c3c673c538a1fc5bad174d6f9",
    ("fashion_mnist", "t10k-images-idx3-ubyte"): "8181f5470baa50b63fa0f6fddb340f0a",
    ("fashion_mnist", "t10k-labels-idx1-ubyte"): "15d484375f8d13e6eb1aabb0c3f46965",
    ("cifar10", "data_batch_1.bin"): "5dd7e06a14cb22eb9f671a540d1b7c25",
    ("cifar10", "data_batch_2.bin"): "5ea93a67294ea407fff1d09f752e9692",
    ("cifar10", "data_batch_3.bin"): "942cd6a4bcdd0dd3c604fbe906cb4421",
    ("cifar10", "data_batch_4.bin"): "ae636b3ba5c66a11e91e8cb52e771fcb",
    ("cifar10", "data_batch_5.bin"): "53f37980c15c3d472c316c40844f3f0d",
    ("cifar10", "test_batch.bin"): "803d5f7f4d78ea53de84dbe85f74fb6d",
}
OFFICIAL_MD5_OF_GZ = {
    ("mnist", "train-images-idx3-ubyte"): "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    ("mnist", "train-labels-idx1-ubyte"): "d53e105ee54ea40749a09fcbcd1e9432",
    ("mnist", "t10k-images-idx3-ubyte"): "9fb629c4189551a2d022fa330f9573f3",
    ("mnist", "t10k-labels-idx1-ubyte"): "ec29112dd5afa0611ce80d1b7f02629c",
    ("mnist_writers", "qmnist-train-labels-idx2-int"): "0058f8dd561b90ffdd0f734c6a30e5e4",
    ("mnist_writers", "qmnist-test-labels-idx2-int"): "5b5b05890a5e13444e108efe57b788aa",
}


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("name", ["fashion_mnist", "cifar10"])
def test_the_cached_files_have_the_official_sums(name: str, real_data: Path) -> None:
    load(name)
    entry = fetchable()[name]
    found = {(name, file): md5(content.data) for file, content in cache.read(entry).items()}
    assert found == {key: value for key, value in OFFICIAL_MD5.items() if key[0] == name}


@pytest.mark.parametrize(("name", "file"), OFFICIAL_MD5_OF_GZ)
def test_our_sums_are_of_what_is_in_the_official_gz_files(name: str, file: str, real_data: Path) -> None:
    entry = fetchable()[name]
    packed = real_data / entry.folder / f"{file}.gz"
    assert md5(packed.read_bytes()) == OFFICIAL_MD5_OF_GZ[name, file]
    ours = next(known for known in entry.files if known.name == file)
    with file_or_gz(packed.parent, ours) as stream:
        content = stream.read()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (ours.size, ours.sha256)


@pytest.mark.parametrize("name", names())
def test_shapes_types_and_balance(name: str, real_data: Path) -> None:
    data, info = load(name), describe(name)
    assert data.x_train.shape == (info.train_images, *info.shape)
    assert data.x_test.shape == (info.test_images, *info.shape)
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert (data.x_train.min(), data.x_train.max()) == (0, info.max_value)
    assert sorted(set(data.y_train.tolist())) == list(range(len(info.classes)))
    per_class = np.bincount(data.y_train), np.bincount(data.y_test)
    if name == "mnist":
        assert per_class[0].tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
        assert per_class[1].tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    elif name != "digits":
        assert np.ptp(per_class[0]) == np.ptp(per_class[1]) == 0


def test_the_colours_of_cifar10_are_in_their_order(real_data: Path) -> None:
    # The mean red, green and blue of the training images, as everyone normalises with them.
    means = load("cifar10").x_train.reshape(-1, 3).mean(axis=0) / 255
    np.testing.assert_allclose(means, [0.4914, 0.4822, 0.4465], atol=1e-4)


def test_writers_go_with_the_images(real_data: Path) -> None:
    train, test = mnist_writers()
    assert (train.shape, test.shape) == ((60_000,), (10_000,))
    assert (len(np.unique(train)), len(np.unique(test))) == (539, 297)
    assert not set(train) & set(test)
    # The first column of the same rows is the digit: the rows are in MNIST's order.
    rows = cache.read(qmnist.DOWNLOAD)["qmnist-train-labels-idx2-int"][12:].view(">i4").reshape(-1, 8)
    np.testing.assert_array_equal(rows[:, 0], load("mnist").y_train)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_loading_from_the_cache_does_no_work_image_by_image(name: str, real_data: Path) -> None:
    load(name)
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        load(name)
    finally:
        sys.setprofile(None)
    assert calls < 2000  # for 60,000 images and more
