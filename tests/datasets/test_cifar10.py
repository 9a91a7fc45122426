"""The batches of CIFAR-10."""

from collections.abc import Callable

import numpy as np
import pytest

from pellucid.datasets import load
from pellucid.datasets.cifar10 import parse
from pellucid.datasets.fetching.downloads import Download
from pellucid.errors import DatasetError


def test_batches_become_images_and_labels(install: Callable[[str, dict[str, bytes]], Download]) -> None:
    values = np.random.default_rng(0)
    images = values.integers(0, 256, (6, 4, 32, 32, 3), dtype=np.uint8)
    labels = values.integers(0, 10, (6, 4), dtype=np.uint8)
    contents = {
        f"batch_{b}": b"".join(
            bytes([labels[b, i]]) + images[b, i].transpose(2, 0, 1).tobytes() for i in range(4)
        )
        for b in range(6)
    }
    install("cifar10", contents)
    data = load("cifar10")
    np.testing.assert_array_equal(data.x_train, images[:5].reshape(20, 32, 32, 3))
    np.testing.assert_array_equal(data.y_train, labels[:5].ravel())
    np.testing.assert_array_equal(data.x_test, images[5])
    np.testing.assert_array_equal(data.y_test, labels[5])
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)


@pytest.mark.parametrize("size", [0, 1, 3072, 3074, 2 * 3073 - 1])
def test_a_batch_of_another_size(size: int) -> None:
    with pytest.raises(
        DatasetError, match=rf"^batch is damaged: .* 3073 bytes an image. Received: size={size}$"
    ):
        parse(np.zeros(size, np.uint8), "batch")


def test_a_label_that_is_none() -> None:
    content = np.zeros(2 * 3073, np.uint8)
    content[3073] = 10
    with pytest.raises(DatasetError, match=r"labels are from 0 to 9. Received: label=10$"):
        parse(content, "batch")
