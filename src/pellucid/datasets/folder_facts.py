"""What a folder of images holds, found without decoding the images."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pellucid.datasets.folders import labelled_files
from pellucid.datasets.images import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class FolderFacts:
    """What a folder of images holds.

    Attributes
    ----------
    name
        The folder's own name.
    classes
        The names of the classes.
    images, test_images
        How many images there are to learn from and, in a part of their own, to test.
    shorter_side
        The median of the images' shorter sides, in pixels; 0 if none can be read.
    smallest, largest
        (H, W) of the images with the fewest and the most pixels.
    """

    name: str
    classes: tuple[str, ...]
    images: int
    test_images: int
    shorter_side: int
    smallest: tuple[int, int]
    largest: tuple[int, int]


def folder_facts(folder: Path) -> FolderFacts:
    """Return what a folder of images holds; files that cannot be read do not count for its sizes.

    Raises as :func:`~pellucid.datasets.image_folder` does for folders that are not of that kind.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, size in (("day", (30, 20)), ("night", (300, 400))):
    ...         Path(folder, name).mkdir()
    ...         Image.new("L", size).save(f"{folder}/{name}/1.png")
    ...     facts = folder_facts(Path(folder))
    >>> facts.classes, facts.images, facts.shorter_side, facts.smallest, facts.largest
    (('day', 'night'), 2, 160, (20, 30), (400, 300))
    """
    files = labelled_files(folder)
    sizes = _sizes(file for file, _ in files) or [(0, 0)]
    return FolderFacts(
        name=folder.resolve().name,
        classes=files.classes,
        images=len(files.train),
        test_images=len(files.test),
        shorter_side=int(median(min(size) for size in sizes)),
        smallest=min(sizes, key=_pixels),
        largest=max(sizes, key=_pixels),
    )


def _sizes(files: Iterable[Path]) -> list[tuple[int, int]]:
    """Return (H, W) of each file whose header can be read."""
    from PIL import Image

    sizes = []
    for file in files:
        try:
            with warnings.catch_warnings(action="ignore"), Image.open(file, formats=FORMATS) as opened:
                sizes.append((opened.height, opened.width))
        except Exception:  # noqa: S112 - decoders raise many kinds of errors; reading the file names it
            continue
    return sizes


def _pixels(size: tuple[int, int]) -> tuple[int, int]:
    """Return what sizes are sorted by: the number of pixels, then the height."""
    return size[0] * size[1], size[0]
