"""Who wrote the digits of MNIST: two label files of QMNIST (Yadav and Bottou 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.datasets import idx
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.obtaining import obtain
from pellucid.datasets.fetching.sources import GzFiles, LocalMirror

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOWNLOAD = Download(
    name="mnist_writers",
    folder="mnist-writers",
    files=(
        File(
            "qmnist-train-labels-idx2-int",
            12 + 60_000 * 8 * 4,
            "bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5",
        ),
        File(
            "qmnist-test-labels-idx2-int",
            12 + 60_000 * 8 * 4,
            "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd",
        ),
    ),
    by_hand="qmnist-train-labels-idx2-int.gz and qmnist-test-labels-idx2-int.gz from "
    "https://github.com/facebookresearch/qmnist",
    sources=(
        LocalMirror(),
        GzFiles("https://raw.githubusercontent.com/facebookresearch/qmnist/master/"),
        GzFiles("https://github.com/facebookresearch/qmnist/raw/main/"),
    ),
)


def mnist_writers(*, progress: bool = True) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who wrote each MNIST digit: a number per writer, (60000,) for training, (10000,) for test.

    539 people wrote the training images, 297 others the test images. Yadav and Bottou, "Cold case: the lost
    MNIST digits" (2019), found this out again; their label files are fetched.

    Parameters
    ----------
    progress
        Show a bar on stderr while something is fetched, if that is a terminal.

    Raises
    ------
    DatasetError
        When no source gives the files; the message lists what was tried and says what to do.
    OutputError
        When the cache cannot be written to.

    Examples
    --------
    >>> train, test = mnist_writers()  # doctest: +SKIP
    >>> train.shape, test.shape, len(np.unique(train)), len(np.unique(test))  # doctest: +SKIP
    ((60000,), (10000,), 539, 297)
    """
    contents = obtain(DOWNLOAD, progress=progress)
    # rows of: digit, series, writer, index, class, NIST index, duplicate, 0
    train, test = (idx.parse(content, name)[:, 2].astype(np.int64) for name, content in contents.items())
    return train, test[:10_000]  # the file continues with the 50,000 test images that MNIST left out
