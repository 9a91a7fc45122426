"""From a dataset's name to its facts and its arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pellucid.datasets import cifar10, digits, fashion_mnist, mnist, qmnist
from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.obtaining import obtain
from pellucid.errors import UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pellucid.datasets.dataset import Dataset
    from pellucid.datasets.fetching.downloads import Download
    from pellucid.datasets.info import DatasetInfo

DATASETS = (digits.INFO, mnist.INFO, fashion_mnist.INFO, cifar10.INFO)


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

    Examples
    --------
    >>> names()
    ('digits', 'mnist', 'fashion_mnist', 'cifar10')
    """
    return tuple(info.name for info in DATASETS)


def describe(name: str) -> DatasetInfo:
    """Return what is known of the dataset called ``name``; nothing is fetched.

    Raises
    ------
    UnknownNameError
        When there is no dataset of that name.

    Examples
    --------
    >>> describe("mnist").shape
    (28, 28, 1)
    """
    for info in DATASETS:
        if info.name == name:
            return info
    raise _unknown(name, names())


def load(name: str, *, progress: bool = True) -> Dataset:
    """Return the dataset called ``name``, fetched first if it is not in the cache.

    ``digits`` comes with scikit-learn. The others are looked for in the cache (:func:`where`), in the
    folder that the environment variable ``PELLUCID_DATA`` names, on web mirrors and in package indexes, in
    this order; every file is compared with its sha256 each time.

    Parameters
    ----------
    name
        One of :func:`names`.
    progress
        Show a bar on stderr while something is fetched, if that is a terminal.

    Raises
    ------
    UnknownNameError
        When there is no dataset of that name.
    DatasetError
        When no source gives the data; the message lists what was tried and says what to do.
    OutputError
        When the cache cannot be written to.

    Examples
    --------
    >>> digits = load("digits")
    >>> digits.x_train.shape, digits.x_train.dtype, digits.y_train[:5]
    ((1797, 8, 8, 1), dtype('uint8'), array([0, 1, 2, 3, 4]))
    """
    return describe(name).load(progress=progress)


def fetchable() -> dict[str, Download | None]:
    """Return what :func:`fetch` can fetch, by name; None where nothing need be fetched.

    Examples
    --------
    >>> list(fetchable())
    ['digits', 'mnist', 'fashion_mnist', 'cifar10', 'mnist_writers']
    """
    return {**{info.name: info.download for info in DATASETS}, qmnist.DOWNLOAD.name: qmnist.DOWNLOAD}


def fetch(name: str, *, progress: bool = True) -> Status:
    """Make sure that ``name``, of :func:`names` or "mnist_writers", can be loaded without a network.

    Raises as :func:`load` does.

    Examples
    --------
    >>> fetch("digits").cached
    True
    """
    known = fetchable()
    if name not in known:
        raise _unknown(name, known)
    download = known[name]
    if download is not None:
        obtain(download, progress=progress)
    return _status(name, download)


def status() -> list[Status]:
    """Return what is known of each dataset that can be loaded or fetched; reads and checks what is cached.

    Examples
    --------
    >>> status()[0]
    Status(name='digits', cached=True, source='inside scikit-learn ...', bytes=0)
    """
    return [_status(name, download) for name, download in fetchable().items()]


def _status(name: str, download: Download | None) -> Status:
    if download is None:
        return Status(name, True, describe(name).source(), 0)
    cached = len(cache.read(download)) == len(download.files)
    return Status(name, cached, cache.source(download) if cached else "", download.size)


def _unknown(name: str, known: Iterable[str]) -> UnknownNameError:
    offer = nearest(str(name), known)
    return UnknownNameError(
        f"There is no dataset {name!r}: {offer}{'' if offer.endswith('?') else '.'} Received: {name=}"
    )
