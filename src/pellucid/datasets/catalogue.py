"""The datasets that are fetched: their files, sizes and checksums, as declarative data.

A dataset lies in the cache in one canonical form, whichever source it came from: idx files uncompressed
(MNIST, Fashion-MNIST, the writers), and the six batches of the official binary version (CIFAR-10: one label
byte, then 3072 bytes red, green, blue, per image). The sums are of these bytes. Where each can be had from
stands in ``mirrors.py``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One file in its canonical form."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """A dataset that is fetched.

    Attributes
    ----------
    name
        What it is asked for by.
    folder
        Its folder's name inside the cache, and inside a local mirror.
    files
        Its files: for image datasets the training part first.
    classes
        What the labels mean; empty where there are none.
    by_hand
        Which file or files to download by hand, and from where, when no source answers.
    """

    name: str
    folder: str
    files: tuple[File, ...]
    classes: tuple[str, ...]
    by_hand: str

    @property
    def size(self) -> int:
        """Bytes in the cache."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """The sha256 of the lines that ``sha256sum`` prints for the files."""
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()


_DIGITS = tuple("0123456789")
_CLOTHES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_OBJECTS = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_GZ_FILES = "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and \
t10k-labels-idx1-ubyte.gz"


def _idx_files(*sums: str) -> tuple[File, ...]:
    return (
        File("train-images-idx3-ubyte", 16 + 60_000 * 28 * 28, sums[0]),
        File("train-labels-idx1-ubyte", 8 + 60_000, sums[1]),
        File("t10k-images-idx3-ubyte", 16 + 10_000 * 28 * 28, sums[2]),
        File("t10k-labels-idx1-ubyte", 8 + 10_000, sums[3]),
    )


MNIST = Entry(
    name="mnist",
    folder="mnist",
    files=_idx_files(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    classes=_DIGITS,
    by_hand=f"{_GZ_FILES} from https://ossci-datasets.s3.amazonaws.com/mnist/",
)
FASHION_MNIST = Entry(
    name="fashion_mnist",
    folder="fashion-mnist",
    files=_idx_files(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    classes=_CLOTHES,
    by_hand=f"{_GZ_FILES} from https://github.com/zalandoresearch/fashion-mnist (data/fashion)",
)
CIFAR10 = Entry(
    name="cifar10",
    folder="cifar-10",
    files=tuple(
        File(name, 10_000 * 3_073, sha256)
        for name, sha256 in (
            ("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            ("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            ("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            ("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            ("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
            ("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        )
    ),
    classes=_OBJECTS,
    by_hand="cifar-10-binary.tar.gz (the binary version) from https://www.cs.toronto.edu/~kriz/cifar.html",
)
WRITERS = Entry(
    name="mnist_writers",
    folder="mnist-writers",
    files=(
        File(
            "qmnist-train-labels-idx2-int",
            12 + 60_000 * 8 * 4,
            "bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5",
        ),
        File(
            "qmnist-test-labels-idx2-int",
            12 + 60_000 * 8 * 4,
            "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd",
        ),
    ),
    classes=(),
    by_hand="qmnist-train-labels-idx2-int.gz and qmnist-test-labels-idx2-int.gz from "
    "https://github.com/facebookresearch/qmnist",
)

ENTRIES = (MNIST, FASHION_MNIST, CIFAR10, WRITERS)


def find(name: str) -> Entry | None:
    """Return the entry called ``name``, or None.

    >>> find("mnist").folder
    'mnist'
    """
    return next((entry for entry in ENTRIES if entry.name == name), None)
