"""Reading image files with the network of a run: prepared like its training images, then classified."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.core.files import write_bytes
from pellucid.datasets import DigitForm, InputPipeline, describe, names
from pellucid.datasets.images import read_with_remarks
from pellucid.errors import DataError, FileFormatError, OutputError
from pellucid.evaluation.familiarity import Familiarity
from pellucid.reading.digit_form import bring_into_form, has_form
from pellucid.reading.ink import drawings_in, find_ink
from pellucid.reading.run_model import Predict, Probabilities, functions_of
from pellucid.runs import RunFolder
from pellucid.runs.familiarity import read_familiarity

if TYPE_CHECKING:
    import os

Images: TypeAlias = npt.NDArray[np.uint8]
Numbered: TypeAlias = tuple[int, Path]

IMAGES_AT_ONCE = 256
LEAST_INK = 100  # of 255, in an image that has the form of the training digits already
UNFAMILIAR = "unlike anything that the network learned from, so that the answer means little"
NO_PROBABILITIES = np.zeros(0, np.float32)


class PreparedImage(NamedTuple):
    """Pixels (H, W, C), 0 to 255, in the form of the training images, and the steps that led to it.

    ``warnings`` are reasons to doubt what is read from it, in words.
    """

    pixels: Images
    steps: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Answer(NamedTuple):
    """The network's answer to one file: probabilities (U,), none where there is a ``problem`` with it."""

    path: Path
    probabilities: Probabilities
    steps: tuple[str, ...]
    problem: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognizer:
    """The network of a finished run, and how an image file becomes its input.

    Attributes
    ----------
    classes
        Their names.
    pipeline
        How an image enters the network, as it did in training.
    familiarity
        By which images unlike all that the network learned from are found; None where that is not known.
    """

    classes: tuple[str, ...]
    pipeline: InputPipeline
    _predict: Predict
    _features: Predict | None = None
    familiarity: Familiarity | None = None

    @classmethod
    def open(cls, run_path: str | os.PathLike[str]) -> Recognizer:
        """Return the recognizer of the run in that folder.

        Raises
        ------
        FileFormatError
            When the folder is not a run folder, the run is not finished, or its model is missing or was
            changed.
        """
        run = RunFolder.open(run_path)
        pipeline = _pipeline_of(run)
        predict, features = functions_of(run)
        familiarity = None if features is None else read_familiarity(run.path)
        return cls(run.configuration.dataset.classes, pipeline, predict, features, familiarity)

    def read(
        self,
        paths: Iterable[Path],
        *,
        as_is: bool = False,
        keep_in: Path | None = None,
        advance: Callable[[int], None] = lambda _: None,
    ) -> Iterator[Answer]:
        """Yield the network's answer to each file, in order; a file that cannot be read does not stop it.

        Parameters
        ----------
        as_is
            As in :meth:`prepare`.
        keep_in
            A folder in which each image is saved as the network sees it, numbered from 1.
        advance
            Called with the number of files done since the last call.

        Raises
        ------
        OutputError
            When nothing can be written to ``keep_in``.
        """
        if keep_in is not None:
            _make_folder(keep_in)
        for batch in _batched(enumerate(paths, start=1), IMAGES_AT_ONCE):
            found: list[PreparedImage | DataError] = []
            for number, path in batch:
                try:
                    image = self.prepare(path, as_is=as_is)
                    found.append(image)
                    if keep_in is not None:
                        _write_png(keep_in / f"{number:04d}-{path.stem}.png", image.pixels)
                except DataError as error:
                    found.append(error)
                advance(1)
            yield from self._answers([path for _, path in batch], found)

    def _answers(self, paths: Sequence[Path], found: Sequence[PreparedImage | DataError]) -> Iterator[Answer]:
        images = [one.pixels for one in found if isinstance(one, PreparedImage)]
        rows = iter(self.probabilities(np.stack(images)) if images else ())
        strange: Iterator[bool] = iter(self.unfamiliar(np.stack(images)).tolist() if images else [])
        for path, one in zip(paths, found, strict=True):
            if isinstance(one, PreparedImage):
                unlike = (UNFAMILIAR,) if next(strange) else ()
                yield Answer(path, next(rows), one.steps, warnings=(*one.warnings, *unlike))
            else:
                yield Answer(path, NO_PROBABILITIES, (), str(one))

    def prepare(self, path: str | os.PathLike[str], *, as_is: bool = False) -> PreparedImage:
        """Read an image file and bring it into the form of the training images.

        A digit is brought into the form of the training digits, unless it has it already. Other images are
        resized only (and inverted, where the training images are on black and this one is on white). With
        ``as_is``, every image is resized only.

        Raises
        ------
        DataError
            When the file is not a readable image, or there is no drawing in it.
        """
        H, W, C = self.pipeline.shape
        if self.pipeline.digit_form is not None and not as_is:
            return _prepare_digit(path, self.pipeline.digit_form)
        pixels, remarks = read_with_remarks(path, size=(H, W), grey=C == 1)
        steps = [] if _sides(path) == {H, W} else [f"resized to {H}×{W}"]
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        if self.pipeline.on_black and not as_is and np.median(rim) > 127:
            pixels = 255 - pixels
            steps.append("inverted (dark on light)")
        return PreparedImage(pixels, tuple(steps), tuple(remarks))

    def probabilities(self, images: Images) -> Probabilities:
        """Return the probability of each class, (N, U), for prepared images (N, H, W, C).

        Raises
        ------
        ShapeError
            When the images do not have the shape of the training images.
        """
        return self._predict(self.pipeline.inputs(self.pipeline.in_range(images))[:])

    def unfamiliar(self, images: Images) -> npt.NDArray[np.bool_]:
        """Return which prepared images (N, H, W, C) are unlike all that the network learned from, (N,).

        None is, where the run does not know; one in a hundred validation images is.
        """
        if self.familiarity is None or self._features is None:
            return np.zeros(len(images), bool)
        pixels = self.pipeline.in_range(images)
        features = self._features(self.pipeline.inputs(pixels)[:])
        return self.familiarity.unfamiliar(pixels.reshape(len(pixels), -1), features)


def _pipeline_of(run: RunFolder) -> InputPipeline:
    """Return how images entered the network of a run."""
    dataset = run.configuration.dataset
    shape, max_value, scaled, flat = dataset.shape, dataset.max_value, dataset.scaled, dataset.flat
    if shape is None or len(shape) != 3 or max_value is None or scaled is None or flat is None:
        raise FileFormatError(
            f"configuration.json in {run.path} does not say how its images went into the network. "
            f"Make the run again. Received: dataset.shape={shape}, dataset.max_value={max_value}, "
            f"dataset.scaled={scaled}, dataset.flat={flat}"
        )
    H, W, C = shape
    pipeline = InputPipeline((H, W, C), max_value, scaled, flat)
    name = run.configuration.experiment.dataset or dataset.name
    if name not in names():
        return pipeline
    info = describe(name)
    return replace(pipeline, on_black=info.on_black, digit_form=info.digit_form)


def _prepare_digit(path: str | os.PathLike[str], form: DigitForm) -> PreparedImage:
    picture, remarks = read_with_remarks(path)
    if picture.shape[:2] == (form.size, form.size):
        grey, _ = read_with_remarks(path, grey=True)
        if has_form(grey[..., 0], form):
            several = _several(drawings_in(grey[..., 0] >= LEAST_INK))
            return PreparedImage(grey, (f"has the form of {form.name} already",), (*remarks, *several))
    try:
        ink = find_ink(picture)
    except DataError as error:
        raise DataError(f"Cannot find a digit in {path}: {'; '.join([str(error), *remarks])}.") from None
    image, steps = bring_into_form(ink, form)
    if ink.left_out > 0.1:
        steps.append("ink apart from the drawing left out")
    return PreparedImage(image[..., np.newaxis], tuple(steps), (*remarks, *_several(ink.drawings)))


def _several(drawings: int) -> list[str]:
    """Return a warning where a picture holds more than one drawing, of which one is read."""
    return [f"{drawings} drawings in it, one was read; cut them apart to read each"] if drawings > 1 else []


def _batched(numbered: Iterable[Numbered], size: int) -> Iterator[list[Numbered]]:
    """Yield lists of ``size`` at most; ``itertools.batched`` came with Python 3.12."""
    rest = iter(numbered)
    while batch := list(islice(rest, size)):
        yield batch


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error


def _write_png(path: Path, pixels: Images) -> None:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(file, "PNG")
    write_bytes(path, file.getvalue())


def _sides(path: str | os.PathLike[str]) -> set[int]:
    """Return both sides of the picture in a file that has been read; a camera may have turned it."""
    from PIL import Image

    with Image.open(path) as picture:
        return set(picture.size)
