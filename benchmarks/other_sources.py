"""How soon another source of images is noticed by a network's answers alone, and how often the same one is.

The test images of an MNIST run are changed as another scanner, pen or hand would change them, and samples of
them are compared with the run's test predictions. Half of the test images make the reference; the changed
ones, and the unchanged ones of the first row, are of the other half.

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
    order = np.random.default_rng(0).permutation(len(tested.labels))
    reference, rest = np.array_split(order, 2)
    (_, _), (images, labels) = mnist.load_data()
    images, labels = images[tested.index], labels[tested.index]
    print(f"{'source':22} {'accuracy':>9} " + " ".join(f"{n:>5} images" for n in SIZES))
    for name, change in CHANGES.items():
        pixels = np.stack([change(np.float64(image)) for image in images[rest[:2000]]])
        table = recognizer.probabilities(np.rint(pixels).clip(0, 255).astype(np.uint8)[..., np.newaxis])
        accuracy = f"{(table.argmax(axis=1) == labels[rest[:2000]]).mean():9.4f}"
        print(line(name, accuracy, tested.probabilities[reference], table, arguments.repeats))
    (_, _), (clothes, _) = fashion_mnist.load_data()
    table = recognizer.probabilities(clothes[:2000, ..., np.newaxis])
    print(line("Fashion-MNIST", f"{'–':>9}", tested.probabilities[reference], table, arguments.repeats))


def line(name: str, accuracy: str, reference: Image, table: npt.NDArray[np.float32], repeats: int) -> str:
    """Return the shares of samples that are shown to be from another source, for each sample size."""
    generator = np.random.default_rng(1)
    shares = []
    for n in SIZES:
        samples = (table[generator.choice(len(table), n, replace=False)] for _ in range(repeats))
        shares.append(sum(compare_sources(reference, one).differs for one in samples) / repeats)
    return f"{name:22} {accuracy} " + " ".join(f"{share:12.2f}" for share in shares)


if __name__ == "__main__":
    main()
