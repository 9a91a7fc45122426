"""How often `predict` takes digits for something unfamiliar, and other things for familiar.

    PELLUCID_DATA=FOLDER python benchmarks/familiarity.py RUN [--images N]

RUN is a finished run on MNIST. Where its folder has no familiarity.safetensors (runs of earlier versions), it
is computed from the model, in a temporary folder. Letters and scribbles are drawn here; two digits in one
image are two test digits that touch. Of the test digits 1 % should be unfamiliar, of the rest all.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import matplotlib.font_manager
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pellucid.datasets import describe, load
from pellucid.experiments import find
from pellucid.models import load_model
from pellucid.reading.digit_form import bring_into_form
from pellucid.reading.ink import find_ink
from pellucid.reading.recognizer import Recognizer
from pellucid.runs import RunFolder
from pellucid.runs.familiarity import FILE, write_familiarity
from pellucid.runs.preparation import prepare

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYabdefhkmnrtuwxy"  # none that is drawn like a digit
FONTS = ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "DejaVu Sans:bold")
FORM = describe("mnist").digit_form
RANDOM = np.random.default_rng(0)


def main() -> None:
    """Print a table of shares of unfamiliar images."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("--images", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        recognizer = Recognizer.open(_with_familiarity(options.run, Path(name) / "run"))
    digits = load("mnist").x_test
    several = {
        "MNIST test digits": digits[: options.images],
        "Fashion-MNIST": load("fashion_mnist").x_test[: options.images],
        "noise": RANDOM.integers(0, 256, (options.images, 28, 28, 1)).astype(np.uint8),
        "letters of four fonts": letters(),
        "scribbles": np.stack([scribble() for _ in range(options.images // 2)]),
        "two digits that touch": np.stack([two_digits(digits) for _ in range(options.images // 2)]),
    }
    for kind, images in several.items():
        share = recognizer.unfamiliar(images).mean()
        print(f"{kind:24} {len(images):>6,} images: {100 * share:5.1f} % unfamiliar")


def _with_familiarity(folder: Path, copy: Path) -> Path:
    if (folder / FILE).is_file():
        return folder
    shutil.copytree(folder, copy)
    configuration = RunFolder.open(folder).configuration
    data = prepare(find(configuration.experiment.name), split_seed=configuration.dataset.split.seed)
    write_familiarity(copy, load_model(copy / "model.safetensors", compile=False), data)
    return copy


def letters() -> np.ndarray:
    """Return each letter in each font, as a digit would be prepared."""
    return np.stack([_letter(letter, font) for letter in LETTERS for font in FONTS])


def _letter(letter: str, font: str) -> np.ndarray:
    picture = Image.new("L", (100, 100), 255)
    drawn = ImageFont.truetype(matplotlib.font_manager.findfont(font), 60)
    ImageDraw.Draw(picture).text((25, 10), letter, fill=0, font=drawn)
    return _prepared(picture)


def scribble() -> np.ndarray:
    """Return a line through a few random points, as a digit would be prepared."""
    picture = Image.new("L", (100, 100), 255)
    points = [tuple(point) for point in RANDOM.integers(15, 85, (RANDOM.integers(3, 7), 2)).tolist()]
    ImageDraw.Draw(picture).line(points, fill=0, width=6)
    return _prepared(picture)


def two_digits(digits: np.ndarray) -> np.ndarray:
    """Return two digits side by side that touch, as one digit would be prepared."""
    pair = [_cropped(digits[RANDOM.integers(len(digits)), :, :, 0]) for _ in range(2)]
    return _prepared(Image.fromarray(255 - np.pad(np.concatenate(pair, axis=1), 8)).resize((300, 200)))


def _cropped(digit: np.ndarray) -> np.ndarray:
    columns = np.flatnonzero((digit > 60).any(axis=0))
    return digit[:, columns[0] : columns[-1] + 1]


def _prepared(picture: Image.Image) -> np.ndarray:
    image, _ = bring_into_form(find_ink(np.asarray(picture)[..., np.newaxis]), FORM)
    return image[..., np.newaxis]


if __name__ == "__main__":
    main()
