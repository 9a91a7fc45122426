"""Reading image files with the network of a run: prepared as its training images were, then classified."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.core.files import write_bytes
from pellucid.datasets import read_image
from pellucid.errors import DataError, FileFormatError, OutputError, ShapeError
from pellucid.experiments import mnist_by_hand
from pellucid.reading.digit_form import DIGITS_FORM, MNIST_FORM, DigitForm
from pellucid.reading.ink import find_ink
from pellucid.runs import RunFolder

if TYPE_CHECKING:
    import os

Images: TypeAlias = npt.NDArray[np.uint8]
Probabilities: TypeAlias = npt.NDArray[np.float32]
Numbered: TypeAlias = tuple[int, Path]
Predict: TypeAlias = Callable[[npt.NDArray[np.float32]], Probabilities]

FORMS = {"mnist": MNIST_FORM, "digits": DIGITS_FORM}  # datasets whose images are drawings of one digit
ON_BLACK = {"fashion_mnist"}  # photographs that lie light on black: their makers negated them
MODEL = "model.safetensors"
IMAGES_AT_ONCE = 256
NONE = np.zeros(0, np.float32)


class PreparedImage(NamedTuple):
    """Pixels (H, W, C), 0 to 255, as the training images have them, and what was done to get there."""

    pixels: Images
    steps: tuple[str, ...]


class Answer(NamedTuple):
    """What the network says of one file: probabilities (U,), or none where there is a ``problem`` with it."""

    path: Path
    probabilities: Probabilities
    steps: tuple[str, ...]
    problem: str | None = None


@dataclass(frozen=True)
class Recognizer:
    """The network of a finished run, with all that is needed to show it any image file.

    Attributes
    ----------
    classes
        Their names.
    shape
        (H, W, C) of the images that the network was trained on.
    form
        How the digits lie in these, where they are digits.
    on_black
        Whether they are photographs on a black ground.
    """

    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    form: DigitForm | None
    on_black: bool
    _max_value: int
    _scaled: bool
    _flat: bool
    _predict: Predict

    @classmethod
    def open(cls, run_path: str | os.PathLike[str]) -> Recognizer:
        """Return the recognizer of the run in that folder.

        Raises
        ------
        FileFormatError
            When the folder is none, the run is not finished, or its model is missing or was changed.
        """
        run = RunFolder.open(run_path)
        configuration = run.configuration
        dataset = configuration["dataset"]
        try:
            H, W, C = dataset["shape"]
            name = configuration["experiment"].get("dataset", dataset["name"])
            facts = int(dataset["max_value"]), bool(dataset["scaled"]), bool(dataset["flat"])
        except (KeyError, TypeError, ValueError) as error:
            raise FileFormatError(
                f"configuration.json in {run.path} does not say how its images went into the network: {error}"
            ) from error
        classes = tuple(str(one) for one in dataset["classes"])
        return cls(classes, (H, W, C), FORMS.get(name), name in ON_BLACK, *facts, _predict_of(run))

    def read(
        self,
        paths: Iterable[Path],
        *,
        as_is: bool = False,
        keep_in: Path | None = None,
        advance: Callable[[int], None] = lambda _: None,
    ) -> Iterator[Answer]:
        """Yield what the network says of each file, in order; a file that cannot be read stops nothing.

        Parameters
        ----------
        as_is
            As in :meth:`prepare`.
        keep_in
            A folder to write each image to as the network sees it, numbered from 1.
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
        for path, one in zip(paths, found, strict=True):
            if isinstance(one, PreparedImage):
                yield Answer(path, next(rows), one.steps)
            else:
                yield Answer(path, NONE, (), str(one))

    def prepare(self, path: str | os.PathLike[str], *, as_is: bool = False) -> PreparedImage:
        """Read an image file and bring it into the form of the training images.

        A digit is brought into the form of MNIST, or of scikit-learn's digits, unless it has it already.
        Other images are resized only (and inverted, where the data lie on black and the image on white). All
        are resized only with ``as_is``.

        Raises
        ------
        DataError
            When the file is no readable image, or there is no drawing in it.
        """
        H, W, C = self.shape
        if self.form is not None and not as_is:
            return self._prepare_digit(self.form, path)
        pixels = read_image(path, size=(H, W), grey=C == 1)
        steps = [] if _sides(path) == {H, W} else [f"resized to {H}×{W}"]
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        if self.on_black and not as_is and np.median(rim) > 127:
            pixels = 255 - pixels
            steps.append("inverted (dark on light)")
        return PreparedImage(pixels, tuple(steps))

    def _prepare_digit(self, form: DigitForm, path: str | os.PathLike[str]) -> PreparedImage:
        picture = read_image(path)
        if picture.shape[:2] == (form.size, form.size):
            grey = read_image(path, grey=True)
            if form.holds(grey[..., 0]):
                return PreparedImage(grey, (f"has the form of {form.name} already",))
        try:
            ink = find_ink(picture)
        except DataError as error:
            raise DataError(f"Cannot find a digit in {path}: {error}.") from None
        image, steps = form.bring(ink)
        if ink.left_out > 0.1:
            steps.append("ink apart from the drawing left out")
        return PreparedImage(image[..., np.newaxis], tuple(steps))

    def probabilities(self, images: Images) -> Probabilities:
        """Return the probability of each class, (N, U), for prepared images (N, H, W, C)."""
        if images.shape[1:] != self.shape:
            raise ShapeError(f"Prepared images are (N, {self.shape}). Received: images.shape={images.shape}")
        values = images.astype(np.float32)
        if self._max_value != 255:
            values = np.rint(values * np.float32(self._max_value / 255))
        if self._scaled:
            values /= np.float32(self._max_value)
        if self._flat:
            values = values.reshape(len(values), -1)  # (N, H, W, C) -> (N, H·W·C)
        return self._predict(values)


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


def _predict_of(run: RunFolder) -> Predict:
    """Return what turns inputs into probabilities: the network, or the one written out by hand."""
    path = run.path / MODEL
    status = run.about["status"]
    if status != "finished":
        raise FileFormatError(
            f"The run in {run.path} is {status} and has no final model: "
            f"go on with `pellucid resume {run.path}`."
        )
    _check_unchanged(path, run.about.get("files", {}).get(MODEL))
    if run.configuration["experiment"].get("program") == "by hand":
        weights = _weights_by_hand(path)
        return lambda inputs: mnist_by_hand.predict(weights, inputs)

    from pellucid.models.saving import load_model

    model = load_model(path, compile=False)
    return lambda inputs: np.asarray(model.predict(inputs, verbose=0))


def _check_unchanged(path: Path, digest: str | None) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise FileFormatError(f"{path} is missing: restore it from a copy, or make the run again.") from None
    if digest not in (None, found):
        raise FileFormatError(
            f"{path} is not what the run wrote: it was changed or cut short afterwards. "
            "Restore it from a copy, or make the run again."
        )


def _weights_by_hand(path: Path) -> mnist_by_hand.Weights:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors: dict[str, Any] = load_file(path)
        return mnist_by_hand.Weights(**tensors)
    except (SafetensorError, TypeError) as error:
        raise FileFormatError(f"{path} does not hold the weights of mnist-by-hand ({error})") from error
