import doctest
import importlib
from pathlib import Path

import numpy as np
import pytest

from pellucid.datasets import DatasetInfo, cifar10, fashion_mnist, mnist
from pellucid.datasets.dataset import Dataset


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Make every dataset be two training images and one test image of 3 by 4."""
    pixels = np.arange(3 * 3 * 4 * 3, dtype=np.uint8).reshape(3, 3, 4, 3)
    labels = np.array([7, 8, 9])
    data = Dataset("small", pixels[:2], labels[:2], pixels[2:], labels[2:], (), 255, "", "")
    monkeypatch.setattr(DatasetInfo, "load", lambda _: data)
    return data


@pytest.mark.parametrize("module", [mnist, fashion_mnist])
def test_grey_pairs_have_no_channels(small: Dataset, module) -> None:
    (x_train, y_train), (x_test, y_test) = module.load_data()
    np.testing.assert_array_equal(x_train, small.x_train[..., 0])
    np.testing.assert_array_equal(x_test, small.x_test[..., 0])
    np.testing.assert_array_equal(y_train, [7, 8])
    np.testing.assert_array_equal(y_test, [9])
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}


def test_colour_pairs_have_labels_in_a_column(small: Dataset) -> None:
    (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    np.testing.assert_array_equal(x_train, small.x_train)
    np.testing.assert_array_equal(x_test, small.x_test)
    np.testing.assert_array_equal(y_train, [[7], [8]])
    np.testing.assert_array_equal(y_test, [[9]])
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}


def test_the_path_of_a_keras_script_is_accepted(small: Dataset) -> None:
    (x_train, _), _ = mnist.load_data("mnist.npz")
    assert len(x_train) == 2


@pytest.mark.data
@pytest.mark.parametrize("module", ["mnist", "fashion_mnist", "cifar10", "qmnist"])
def test_examples_that_need_the_real_data(module: str, real_data: Path) -> None:
    """Run the examples that the ordinary run of docstrings skips."""
    finder = doctest.DocTestFinder(recurse=True)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in finder.find(importlib.import_module(f"pellucid.datasets.{module}")):
        for example in test.examples:
            example.options.pop(doctest.SKIP, None)
        runner.run(test)
    assert runner.tries >= 2
    assert runner.failures == 0
