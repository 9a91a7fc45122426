"""How well the default network learns folders of one's own images: ``python benchmarks/own_images.py``.

For each kind of image and each seed it draws a folder, learns from it as ``pellucid run FOLDER`` does, and
measures the accuracy on images drawn afterwards, which are in no part of that run. Shapes: 180 drawings of
circles, squares and triangles. Photographs: 25 each of two kinds of made-up scenes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pellucid.datasets.samples import SHAPES, drawn_shape
from pellucid.experiments import find
from pellucid.models import load_model
from pellucid.runs import Settings, run

FRESH = 100  # images of each class, drawn to measure the accuracy
Draw = Callable[[str, int], Image.Image]


def noise(number: int) -> np.random.Generator:
    return np.random.default_rng(number)


def pencil(kind: str, number: int) -> Image.Image:
    return drawn_shape(kind, number)


def chalk(kind: str, number: int) -> Image.Image:
    return ImageOps.invert(drawn_shape(kind, number))


def turned(kind: str, number: int) -> Image.Image:
    picture = drawn_shape(kind, number)
    angle = noise(number).uniform(0, 360)
    return picture.rotate(angle, Image.Resampling.BILINEAR, fillcolor=picture.getpixel((0, 0)))


def on_rough_paper(kind: str, number: int) -> Image.Image:
    pixels = np.asarray(drawn_shape(kind, number), float)
    generator = noise(number)
    shade = np.linspace(0, generator.uniform(-80, 80), pixels.shape[1])
    return Image.fromarray(
        np.clip(pixels + shade + generator.normal(0, 20, pixels.shape), 0, 255).astype(np.uint8)
    )


def photograph(kind: str, number: int) -> Image.Image:
    """Return a scene in colour, 160×120: an evening sky with a sun, or a wood of upright trunks."""
    generator = noise(2 * number + (kind == "wood"))
    rows, columns = np.mgrid[0:120, 0:160] / 120
    sky, ground = generator.uniform(90, 230, 3), generator.uniform(20, 120, 3)
    pixels = sky + (ground - sky) * rows[..., np.newaxis] ** generator.uniform(0.5, 2)
    if kind == "wood":
        for _ in range(int(generator.integers(4, 10))):
            at, width = generator.uniform(0, 1.33), generator.uniform(0.01, 0.05)
            pixels[np.abs(columns - at) < width] = generator.uniform(20, 90, 3)
    else:
        at = generator.uniform(0.2, 1.1), generator.uniform(0.1, 0.8)
        sun = np.hypot(columns - at[0], rows - at[1]) < generator.uniform(0.04, 0.15)
        pixels[sun] = generator.uniform(200, 255, 3)
    return Image.fromarray(np.clip(pixels + generator.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8))


# The kind of images: how they are drawn, the classes, and how many of each are learned from.
FOLDERS: dict[str, tuple[Draw, tuple[str, ...], int]] = {
    "pencil": (pencil, SHAPES, 60),
    "chalk": (chalk, SHAPES, 60),
    "turned": (turned, SHAPES, 60),
    "rough paper": (on_rough_paper, SHAPES, 60),
    "photographs": (photograph, ("evening", "wood"), 25),
}


def measured(name: str, seed: int, folder: Path) -> tuple[float, float, int]:
    """Return the accuracy on fresh images and on the run's test images, and the number of epochs."""
    draw, classes, each = FOLDERS[name]
    for kind in classes:
        (folder / "images" / kind).mkdir(parents=True)
        for number in range(each):
            draw(kind, 1000 + each * seed + number).save(folder / "images" / kind / f"{number}.png")
    experiment = find(str(folder / "images"))
    finished = run(experiment, folder / "run", Settings(seed=seed, split_seed=seed), verbose=0)
    return fresh_accuracy(finished.path, draw, classes), finished.results.test.accuracy, len(finished.history)


def fresh_accuracy(run_folder: Path, draw: Draw, classes: tuple[str, ...]) -> float:
    network = load_model(run_folder / "model.safetensors", compile=False)
    height, width, channels = network.input_shape
    right = 0
    for label, kind in enumerate(classes):
        pictures = [
            draw(kind, number).resize((width, height), Image.Resampling.BILINEAR) for number in range(FRESH)
        ]
        pixels = np.stack([np.asarray(picture).reshape(height, width, channels) for picture in pictures])
        right += int((network.predict(pixels / np.float32(255), verbose=0).argmax(1) == label).sum())
    return right / (FRESH * len(classes))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=list(FOLDERS), action="append")
    arguments = parser.parse_args()
    print(f"{'images':<12} {'seed':>4} {'fresh':>7} {'test':>7} {'epochs':>7}")
    for name in arguments.only or FOLDERS:
        accuracies = []
        for seed in range(arguments.seeds):
            with tempfile.TemporaryDirectory() as folder:
                fresh, test, epochs = measured(name, seed, Path(folder))
            accuracies.append(fresh)
            print(f"{name:<12} {seed:>4} {fresh:>7.1%} {test:>7.1%} {epochs:>7}", flush=True)
        print(f"{name:<12} mean {np.mean(accuracies):>7.1%}, lowest {min(accuracies):.1%}", flush=True)


if __name__ == "__main__":
    main()
