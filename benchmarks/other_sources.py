"""How soon another source of images is noticed by a network's answers alone, and how often the same one is.

The test images of an MNIST run are changed as another scanner, pen or hand would change them, and compared
with the run's test predictions: images that stand together, which few people wrote, and in the second row
images drawn from all. Every other stretch of 500 test images makes the reference; the changed ones, and the
unchanged ones of the first rows, are of the others.

    python benchmarks/other_sources.py runs/mnist-cnn --repeats 50
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from pellucid.datasets import fashion_mnist, mnist
from pellucid.evaluation import compare_sources
from pellucid.reading.recognizer import Recognizer
from pellucid.runs import RunFolder

Image = npt.NDArray[np.float64]
SIZES = (50, 100, 200)
STRETCH = 500


def coarser(image: Image, size: int) -> Image:
    """Return the image as a scanner of fewer dots would see it."""
    small = ndimage.zoom(image, size / 28, order=1)
    return np.asarray(ndimage.zoom(small, 28 / size, order=1))


def slanted(image: Image, share: float) -> Image:
    """Return the image with its upper part moved sideways."""
    return np.asarray(
        ndimage.affine_transform(image, [[1, 0], [share, 1]], offset=[0, -13.5 * share], order=1)
    )


CHANGES: dict[str, Callable[[Image], Image]] = {
    "none (false alarms)": lambda image: image,
    "none, from all writers": lambda image: image,
    "blur 0.6": lambda image: np.asarray(ndimage.gaussian_filter(image, 0.6)),
    "blur 1.0": lambda image: np.asarray(ndimage.gaussian_filter(image, 1.0)),
    "14 dots": lambda image: coarser(image, 14),
    "20 dots": lambda image: coarser(image, 20),
    "slant 0.2": lambda image: slanted(image, 0.2),
    "slant 0.4": lambda image: slanted(image, 0.4),
    "contrast 0.7": lambda image: 0.7 * image,
    "contrast 0.5": lambda image: 0.5 * image,
    "thick pen": lambda image: np.asarray(ndimage.grey_dilation(image, (2, 2))),
    "thin pen": lambda image: np.asarray(ndimage.grey_erosion(image, (2, 2))),
    "black and white": lambda image: np.where(image > 127, 255.0, 0.0),
}


def main() -> None:
    """Compare samples of each source, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", help="the folder of an MNIST run")
    parser.add_argument("--repeats", type=int, default=50, help="samples compared for each source and size")
    arguments = parser.parse_args()
    recognizer = Recognizer.open(arguments.run)
    tested = RunFolder.open(arguments.run).predictions
    inside = np.arange(len(tested.labels)) // STRETCH % 2 == 0
    reference = tested.probabilities[inside]
    (_, _), (images, labels) = mnist.load_data()
    images, labels = images[tested.index][~inside], labels[tested.index][~inside]
    print(f"{'source':24} {'accuracy':>9} " + " ".join(f"{n:>5} images" for n in SIZES), flush=True)
    for name, change in CHANGES.items():
        mixed = name == "none, from all writers"
        pixels = np.stack([change(np.float64(image)) for image in images])
        table = recognizer.probabilities(np.rint(pixels).clip(0, 255).astype(np.uint8)[..., np.newaxis])
        accuracy = f"{(table.argmax(axis=1) == labels).mean():9.4f}"
        print(line(name, accuracy, reference, table, arguments.repeats, mixed=mixed), flush=True)
    (_, _), (clothes, _) = fashion_mnist.load_data()
    table = recognizer.probabilities(clothes[:2000, ..., np.newaxis])
    print(line("Fashion-MNIST", f"{'–':>9}", reference, table, arguments.repeats))


def line(
    name: str,
    accuracy: str,
    reference: Image,
    table: npt.NDArray[np.float32],
    repeats: int,
    *,
    mixed: bool = False,
) -> str:
    """Return the shares of samples that are shown to be from another source, for each sample size."""
    generator = np.random.default_rng(1)
    shares = []
    for n in SIZES:
        starts = np.linspace(0, len(table) - n, repeats).round().astype(int)
        together = (np.arange(start, start + n) for start in starts)
        drawn = (generator.choice(len(table), n, replace=False) for _ in starts)
        samples = [table[rows] for rows in (drawn if mixed else together)]
        shares.append(sum(compare_sources(reference, one).differs for one in samples) / repeats)
    return f"{name:24} {accuracy} " + " ".join(f"{share:12.2f}" for share in shares)


if __name__ == "__main__":
    main()
