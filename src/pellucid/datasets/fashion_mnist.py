"""Fashion-MNIST: 70,000 pictures of clothes, grey, 28 by 28 (Xiao, Rasul and Vollgraf 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.fetching.downloads import Download
from pellucid.datasets.fetching.sources import GzFiles, LocalMirror, Package
from pellucid.datasets.fetching.unpacking import deb_reader
from pellucid.datasets.idx import FILES_BY_HAND, idx_files, read_idx
from pellucid.datasets.info import DatasetInfo
from pellucid.datasets.keras_form import grey_pairs

if TYPE_CHECKING:
    from pellucid.datasets.keras_form import Pair

DOWNLOAD = Download(
    name="fashion_mnist",
    folder="fashion-mnist",
    files=idx_files(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    by_hand=f"{FILES_BY_HAND} from https://github.com/zalandoresearch/fashion-mnist (data/fashion)",
    sources=(
        LocalMirror(),
        GzFiles("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        GzFiles("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
        GzFiles("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        Package("apt-get", "dataset-fashion-mnist", deb_reader("./usr/share/datasets/fashion-mnist")),
    ),
)
INFO = DatasetInfo(
    name="fashion_mnist",
    title="Fashion-MNIST",
    shape=(28, 28, 1),
    classes=(
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    train_images=60_000,
    test_images=10_000,
    max_value=255,
    read=read_idx,
    download=DOWNLOAD,
    on_black=True,  # photographs of clothes, negated by the dataset's makers
)


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    Raises as :func:`pellucid.datasets.load` does.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], dtype=uint8), dtype('uint8'))
    """
    return grey_pairs(INFO.load())
