"""From a dataset's name to its arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from pellucid.datasets import cache, catalogue, idx
from pellucid.datasets.dataset import Dataset
from pellucid.datasets.digits import digits
from pellucid.errors import DatasetError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from pellucid.datasets.catalogue import Entry

    Contents = Mapping[str, NDArray[np.uint8]]
    Part = tuple[NDArray[np.uint8], NDArray[np.int64]]

_NAMES = ("digits", "mnist", "fashion_mnist", "cifar10")


class Status(NamedTuple):
    """What is known of one dataset without loading it."""

    name: str
    cached: bool
    """Whether it can be loaded without fetching anything."""
    source: str
    """Where it came from and lies; empty while it is not there."""
    bytes: int
    """How much room it takes in the cache."""


def names() -> tuple[str, ...]:
    """Return the names that :func:`load` knows.

    >>> names()
    ('digits', 'mnist', 'fashion_mnist', 'cifar10')
    """
    return _NAMES


def load(name: str, *, progress: bool = True) -> Dataset:
    """Return the dataset called ``name``, fetched first if it is not in the cache.

    ``digits`` comes with scikit-learn. The others are looked for in the cache (:func:`where`), in the
    folder that the environment variable ``PELLUCID_DATA`` names, on web mirrors and in package indexes, in
    this order; every file is compared with its sha256 each time. ``progress`` shows a bar on stderr while
    something is fetched, if that is a terminal.

    Raises :class:`~pellucid.errors.UnknownNameError` for another name,
    :class:`~pellucid.errors.DatasetError` when no source gives the data (with what was tried and what to
    do), :class:`~pellucid.errors.OutputError` when the cache cannot be written to.

    >>> digits = load("digits")
    >>> digits.x_train.shape, digits.x_train.dtype, digits.y_train[:5]
    ((1797, 8, 8, 1), dtype('uint8'), array([0, 1, 2, 3, 4]))
    """
    if name == "digits":
        return digits()
    entry = catalogue.find(name)
    if entry is None or name not in _READERS:
        raise _unknown(name, _NAMES)
    contents = _obtain(entry, progress=progress)
    (x_train, y_train), (x_test, y_test) = _READERS[name](contents)
    return Dataset(
        name=name,
        x_train=x_train,
        y_train=y_train,
        x_test=x_test,
        y_test=y_test,
        classes=entry.classes,
        max_value=255,
        source=cache.source(entry),
        sha256=entry.sha256,
    )


def mnist_writers(*, progress: bool = True) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who wrote each MNIST digit: a number per writer, (60000,) for training, (10000,) for test.

    539 people wrote the training images, 297 others the test images. Found out again by Yadav and Bottou,
    "Cold case: the lost MNIST digits" (2019), whose label files are fetched. Raises as :func:`load` does.

    >>> train, test = mnist_writers()  # doctest: +SKIP
    >>> train.shape, test.shape, len(np.unique(train)), len(np.unique(test))  # doctest: +SKIP
    ((60000,), (10000,), 539, 297)
    """
    contents = _obtain(catalogue.WRITERS, progress=progress)
    # rows of: digit, series, writer, index, class, NIST index, duplicate, 0
    train, test = (idx.parse(content, name)[:, 2].astype(np.int64) for name, content in contents.items())
    return train, test[:10_000]  # the file goes on with the 50,000 test images that MNIST left out


def fetch(name: str, *, progress: bool = True) -> Status:
    """Make sure that ``name``, of :func:`names` or "mnist_writers", can be loaded without a network.

    Raises as :func:`load` does.

    >>> fetch("digits").cached
    True
    """
    if name == "digits":
        return _digits_status()
    entry = catalogue.find(name)
    if entry is None:
        raise _unknown(name, (*_NAMES, catalogue.WRITERS.name))
    _obtain(entry, progress=progress)
    return _entry_status(entry)


def _unknown(name: str, known: tuple[str, ...]) -> UnknownNameError:
    return UnknownNameError(f"There is no dataset name={name!r}; {nearest(str(name), known)}")


def status() -> list[Status]:
    """Return what is known of each dataset that can be loaded or fetched; reads and checks what is cached.

    >>> status()[0]
    Status(name='digits', cached=True, source='inside scikit-learn ...', bytes=0)
    """
    return [_digits_status(), *map(_entry_status, catalogue.ENTRIES)]


def _digits_status() -> Status:
    return Status("digits", True, digits().source, 0)


def _entry_status(entry: Entry) -> Status:
    cached = len(cache.read(entry)) == len(entry.files)
    return Status(entry.name, cached, cache.source(entry) if cached else "", entry.size)


def _obtain(entry: Entry, *, progress: bool) -> Contents:
    """Return the checked content of each file of ``entry``, in their order."""
    contents = cache.read(entry)
    if len(contents) < len(entry.files):
        from pellucid.datasets.fetching import fetch_missing

        fetch_missing(entry, progress=progress)
        contents = cache.read(entry)
    if len(contents) < len(entry.files):
        raise DatasetError(
            f"Files of {entry.name} vanished from {cache.folder_of(entry)} while they were read; "
            "is another program clearing that folder? Load it again."
        )
    return contents


def _read_idx(contents: Contents) -> tuple[Part, Part]:
    x_train, y_train, x_test, y_test = (idx.parse(content, name) for name, content in contents.items())
    return _grey_part(x_train, y_train), _grey_part(x_test, y_test)


def _grey_part(images: NDArray[np.generic], labels: NDArray[np.generic]) -> Part:
    # (N, H, W) -> (N, H, W, 1)
    return cast("NDArray[np.uint8]", images)[..., np.newaxis], labels.astype(np.int64)


def _read_batches(contents: Contents) -> tuple[Part, Part]:
    batches = list(contents.values())
    return _batch_part(batches[:-1]), _batch_part(batches[-1:])


def _batch_part(batches: list[NDArray[np.uint8]]) -> Part:
    """Return the images and labels in batches of: one label byte, then all red, all green, all blue."""
    side = 32
    records = [batch.reshape(-1, 1 + 3 * side * side) for batch in batches]
    images = np.empty((sum(map(len, records)), side, side, 3), np.uint8)
    start = 0
    for record in records:
        part = images[start : start + len(record)]
        # One channel at a time, (N, H W) -> (N, H, W), as one transposed copy takes ten times as long.
        for channel, plane in enumerate(np.split(record[:, 1:], 3, axis=1)):
            part[..., channel] = plane.reshape(-1, side, side)
        start += len(record)
    return images, np.concatenate([record[:, 0] for record in records]).astype(np.int64)


_READERS: dict[str, Callable[[Contents], tuple[Part, Part]]] = {
    "mnist": _read_idx,
    "fashion_mnist": _read_idx,
    "cifar10": _read_batches,
}
