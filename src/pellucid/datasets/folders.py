"""A folder of images as a dataset: one sub-folder per class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.old_spellings import explain_once
from pellucid.core.wording.plurals import counted
from pellucid.datasets.dataset import Dataset, fingerprint
from pellucid.datasets.images import check_aspect, check_size, read_with_remarks
from pellucid.datasets.progress import bar
from pellucid.errors import DataError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pellucid.datasets.images import Aspect

    Labelled = tuple[Path, int]

_NOT_IMAGES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})  # what systems leave in folders
_IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm", ".pnm"}
)


def image_folder(
    path: str | os.PathLike[str],
    *,
    size: tuple[int, int],
    grey: bool | None = None,
    aspect: Aspect = "stretch",
    progress: bool = True,
) -> Dataset:
    """Read a folder of images, one sub-folder per class, as a dataset.

    The classes are the sub-folders' names, sorted by code point; the files in each are read in the order of
    their names. If there is a sub-folder ``train`` with sub-folders of its own, the classes are in it, and
    those of the test part in ``test`` beside it (if there is one). Hidden files and folders are ignored.

    Parameters
    ----------
    path
        The folder.
    size
        (H, W) to which every image is resized.
    grey
        True: (N, H, W, 1). False: (N, H, W, 3). None: grey if no image has colour in it.
    aspect
        What to do with images of other proportions than ``size``: "stretch", "pad" or "crop" them. How each
        kind of image is read: :func:`~pellucid.datasets.read_image`.
    progress
        Show a bar on stderr while files are read, if that is a terminal.

    Raises
    ------
    DataError
        If there are fewer than two classes, a class without images, a test class that is not in training,
        or a file that is not a readable image; the message names the folder or file.
    ArgumentError
        If ``size`` or ``aspect`` is not valid.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, value in (("day", 250), ("night", 5)):
    ...         Path(folder, name).mkdir()
    ...         Image.new("L", (30, 20), value).save(f"{folder}/{name}/1.png")
    ...     data = image_folder(folder, size=(2, 3))
    >>> data.classes, data.x_train.shape, data.y_train, data.x_train[0, 0, 0]
    (('day', 'night'), (2, 2, 3, 1), array([0, 1]), array([250], dtype=uint8))
    """
    check_size(size)
    check_aspect(aspect)
    folder = Path(path)
    train_folder, test_folder = _train_and_test(folder)
    classes = _classes(train_folder)
    train = _files(train_folder, classes)
    test = _files(test_folder, classes) if test_folder else []
    with bar(f"reading {folder.name}", len(train) + len(test), enabled=progress) as advance:
        images = _read([file for file, _ in (*train, *test)], size, grey, aspect, advance)
    stacked = _stack(images)
    labels = np.array([label for _, label in (*train, *test)], np.int64)
    return Dataset(
        name=folder.resolve().name,
        x_train=stacked[: len(train)],
        y_train=labels[: len(train)],
        x_test=stacked[len(train) :],
        y_test=labels[len(train) :],
        classes=classes,
        max_value=255,
        source=f"the folder {folder.absolute()}, resized to {size[0]} by {size[1]} ({aspect})",
        sha256=fingerprint(classes, stacked, labels, np.array(len(train))),
    )


def _train_and_test(folder: Path) -> tuple[Path, Path | None]:
    """Return the folder of the training part, and that of the test part if it has one of its own."""
    if not folder.is_dir():
        raise DataError(f"Cannot read the image folder {folder}: there is no such folder.")
    names = {child.name for child in _visible(folder) if child.is_dir()}
    train, test = folder / "train", folder / "test"
    if "train" not in names or not any(child.is_dir() for child in _visible(train)):
        return folder, None
    if others := sorted(names - {"train", "test"}):
        raise DataError(
            f"{folder} has {', '.join(others)} beside train, but only train and test are read. "
            "Put their images into train (a part for validation is drawn from it later), or move them away."
        )
    return train, test if "test" in names else None


def _classes(folder: Path) -> tuple[str, ...]:
    classes = tuple(child.name for child in _class_folders(folder))
    if len(classes) < 2:
        found = f"only the class folder {classes[0]}" if classes else "no class folders"
        raise DataError(
            f"{folder} has {found}; there must be two or more sub-folders, one per class, with that class's "
            "images in each."
        )
    return classes


def _class_folders(folder: Path) -> list[Path]:
    children = _visible(folder)
    for child in children:
        if child.suffix.lower() in _IMAGE_SUFFIXES and child.is_file():
            raise DataError(
                f"The image {child} is not in a class folder; move it into the folder of its class."
            )
    return [child for child in children if child.is_dir()]


def _files(folder: Path, classes: Sequence[str]) -> list[Labelled]:
    """Return the files of each class, with the class's label."""
    label_of = {name: label for label, name in enumerate(classes)}
    found = []
    for class_folder in _class_folders(folder):
        if class_folder.name not in label_of:
            raise DataError(
                f"The class folder {class_folder} has no counterpart in train: {', '.join(classes)}."
            )
        files = _visible(class_folder)
        if not files:
            raise DataError(f"The class folder {class_folder} is empty; put images into it or remove it.")
        found += [(file, label_of[class_folder.name]) for file in files]
    return found


def _visible(folder: Path) -> list[Path]:
    """Return the content of ``folder``, sorted by name, without hidden files and what systems leave there."""
    children = (child for child in folder.iterdir() if child.name.lower() not in _NOT_IMAGES)
    shown = (child for child in children if not child.name.startswith("."))
    return sorted(shown, key=lambda child: child.name)


def _read(
    files: Sequence[Path],
    size: tuple[int, int],
    grey: bool | None,
    aspect: Aspect,
    advance: Callable[[int], None],
) -> list[NDArray[np.uint8]]:
    """Return the images in the files; a note names the first odd one and says how many there are."""
    images, odd = [], []
    for file in files:
        image, remarks = read_with_remarks(file, size=size, grey=grey, aspect=aspect)
        images.append(image)
        odd += [f"{file}: {remark}" for remark in remarks[:1]]
        advance(1)
    if odd:
        others = f" Likewise {counted(len(odd) - 1, 'other image')}." if len(odd) > 1 else ""
        explain_once(odd[0], f"{odd[0]}.{others}")
    return images


def _stack(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return (H, W, 1) and (H, W, 3) images as (N, H, W, C): C is 3 if one of them has colour."""
    channels = max(image.shape[-1] for image in images)
    return np.stack([np.broadcast_to(image, (*image.shape[:2], channels)) for image in images])
