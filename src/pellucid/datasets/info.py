"""What is known of a dataset before it is loaded: the single description that everything else reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.datasets.dataset import Dataset, fingerprint
from pellucid.datasets.digit_form import DigitForm
from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.downloads import Contents, Download
from pellucid.datasets.fetching.obtaining import obtain

Subset: TypeAlias = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]
"""Images (N, H, W, C) and labels (N,)."""


@dataclass(frozen=True, kw_only=True)
class DatasetInfo:
    """All facts about a dataset that can be loaded by name.

    Attributes
    ----------
    name, title
        The name that :func:`~pellucid.datasets.load` takes, and the one that people use.
    shape
        (H, W, C) of an image; C is 1 for grey, 3 for red, green, blue.
    classes
        What each label means.
    train_images, test_images
        How many there are; a dataset without a test part of its own has no test images.
    max_value
        The brightest value that a pixel can have.
    read
        Turns the contents of the files into the training part and the test part.
    download
        The files that are fetched; None where a Python package holds the images.
    package
        That package.
    on_black
        Whether the images show light things on a black ground.
    digit_form
        How a digit lies in its image, where each image is a drawing of one digit.

    Examples
    --------
    >>> from pellucid.datasets import describe
    >>> info = describe("cifar10")
    >>> info.title, info.shape, info.train_images, info.test_images
    ('CIFAR-10', (32, 32, 3), 50000, 10000)
    """

    name: str
    title: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    train_images: int
    test_images: int
    max_value: int
    read: Callable[[Contents], tuple[Subset, Subset]]
    download: Download | None = None
    package: str = ""
    on_black: bool = False
    digit_form: DigitForm | None = None

    def load(self, *, progress: bool = True) -> Dataset:
        """Return the images and labels, fetched first if they are not in the cache.

        Raises as :func:`pellucid.datasets.load` does.
        """
        contents = obtain(self.download, progress=progress) if self.download else {}
        (x_train, y_train), (x_test, y_test) = self.read(contents)
        digest = self.download.sha256 if self.download else fingerprint(self.classes, x_train, y_train)
        return Dataset(
            name=self.name,
            x_train=x_train,
            y_train=y_train,
            x_test=x_test,
            y_test=y_test,
            classes=self.classes,
            max_value=self.max_value,
            source=self.source(),
            sha256=digest,
            on_black=self.on_black,
            digit_form=self.digit_form,
        )

    def source(self) -> str:
        """Say where the images came from and where they lie now."""
        if self.download is not None:
            return cache.source(self.download)
        from importlib.metadata import version

        return f"inside {self.package} {version(self.package)}"
