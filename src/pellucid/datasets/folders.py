"""A folder of images as a dataset: one sub-folder per class."""

from __future__ import annotations

from dataclasses import dataclass
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
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from pellucid.datasets.images import Aspect

    Labelled = tuple[Path, int]

MOST_LISTED = 20  # unreadable files that a message names
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
        or files that are not readable images; the message names the folder or every file.
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
    files = labelled_files(folder)
    classes, train = files.classes, files.train
    with bar(f"reading {folder.name}", len(files), enabled=progress) as advance:
        images = _read(folder, [file for file, _ in files], size, grey, aspect, advance)
    stacked = _stack(images)
    labels = np.array([label for _, label in files], np.int64)
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


@dataclass(frozen=True)
class LabelledFiles:
    """The files of a folder of images with their labels, positions in ``classes``; none has been read."""

    classes: tuple[str, ...]
    train: list[Labelled]
    test: list[Labelled]

    def __len__(self) -> int:
        return len(self.train) + len(self.test)

    def __iter__(self) -> Iterator[Labelled]:
        return iter((*self.train, *self.test))


def labelled_files(folder: Path) -> LabelledFiles:
    """Return the files of a folder of images; raises as :func:`image_folder` does, but reads none of them."""
    train_folder, test_folder = _train_and_test(folder)
    classes = _classes(train_folder)
    test = _files(test_folder, classes) if test_folder else []
    return LabelledFiles(classes, _files(train_folder, classes), test)


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
    folders = _class_folders(folder)
    classes = tuple(child.name for child in folders)
    if len(classes) < 2:
        found = f"only the class folder {classes[0]!r}" if classes else "no class folders"
        raise DataError(
            f"{folder} has {found}; there must be two or more sub-folders, one per class, with that class's "
            f"images in each.{_classes_within(folders)}"
        )
    return classes


def _classes_within(folders: Sequence[Path]) -> str:
    """Say that the classes are one folder further down, where they are."""
    for folder in folders:
        within = [child.name for child in _visible(folder) if child.is_dir()]
        if len(within) > 1:
            return f" The folders in it may be the classes ({_listed(within)}): then give {folder}."
    return ""


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
    folder: Path,
    files: Sequence[Path],
    size: tuple[int, int],
    grey: bool | None,
    aspect: Aspect,
    advance: Callable[[int], None],
) -> list[NDArray[np.uint8]]:
    """Return the images in the files; a note names the first odd one and says how many there are."""
    images, odd, unreadable = [], [], []
    for file in files:
        try:
            image, remarks = read_with_remarks(file, size=size, grey=grey, aspect=aspect)
        except DataError as error:
            unreadable.append(str(error))
        else:
            images.append(image)
            odd += [f"{file}: {remark}" for remark in remarks[:1]]
        advance(1)
    _refuse_unreadable(unreadable, folder, files)
    if odd:
        others = f" Likewise {counted(len(odd) - 1, 'other image')}." if len(odd) > 1 else ""
        explain_once(odd[0], f"{odd[0]}.{others}")
    return images


def _refuse_unreadable(unreadable: Sequence[str], folder: Path, files: Sequence[Path]) -> None:
    """Raise DataError if there are files that cannot be read, with the reason for each."""
    if not unreadable:
        return
    nested = " Images lie directly in the folder of their class." if any(map(Path.is_dir, files)) else ""
    if len(unreadable) == 1:
        raise DataError(f"{unreadable[0]}{nested or ' Replace it or move it away.'}")
    shown = [f"  {one.removeprefix('Cannot read the image ')}" for one in unreadable[:MOST_LISTED]]
    others = len(unreadable) - len(shown)
    more = [f"  and {others:,} more"] if others else []
    head = f"{len(unreadable):,} of the {counted(len(files), 'file')} in {folder} cannot be read as images:"
    last = f"Replace them or move them away.{nested}"
    raise DataError("\n".join([head, *shown, *more, last]))


def _listed(names: Sequence[str]) -> str:
    """Return names with commas, a few of many."""
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _stack(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return (H, W, 1) and (H, W, 3) images as (N, H, W, C): C is 3 if one of them has colour."""
    channels = max(image.shape[-1] for image in images)
    return np.stack([np.broadcast_to(image, (*image.shape[:2], channels)) for image in images])
