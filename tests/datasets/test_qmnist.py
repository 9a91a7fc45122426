"""Who wrote each digit of MNIST."""

from collections.abc import Callable

import numpy as np
from idx_files import idx_bytes

from pellucid.datasets import mnist_writers
from pellucid.datasets.fetching.downloads import Download


def test_writers_are_the_third_column(install: Callable[[str, dict[str, bytes]], Download]) -> None:
    rows = np.arange(12_000 * 8).reshape(-1, 8)
    contents = {
        "qmnist-train-labels-idx2-int": idx_bytes(12, rows[:5].astype(">i4")),
        "qmnist-test-labels-idx2-int": idx_bytes(12, rows.astype(">i4")),
    }
    install("mnist_writers", contents)
    train, test = mnist_writers()
    np.testing.assert_array_equal(train, [2, 10, 18, 26, 34])
    np.testing.assert_array_equal(test, rows[:10_000, 2])
    assert train.dtype == test.dtype == np.int64
