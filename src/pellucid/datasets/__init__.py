"""From a name, or a folder of images, to arrays: where the data comes from, and how it is split.

As in Keras, :mod:`mnist`, :mod:`fashion_mnist` and :mod:`cifar10` each have a ``load_data()``.

Examples
--------
>>> from pellucid.datasets import load, stratified_split
>>> digits = load("digits")
>>> train, test = stratified_split(digits.y_train, 0.25, seed=0)
>>> digits.x_train[train].shape
(1347, 8, 8, 1)
"""

from typing import TYPE_CHECKING

from pellucid.core.keras.modules import lacking
from pellucid.datasets import cifar10, fashion_mnist, mnist
from pellucid.datasets.dataset import Dataset
from pellucid.datasets.digit_form import DigitForm
from pellucid.datasets.fetching.cache import where
from pellucid.datasets.folders import image_folder
from pellucid.datasets.images import read_image
from pellucid.datasets.info import DatasetInfo
from pellucid.datasets.input_pipeline import InputPipeline
from pellucid.datasets.loading import Status, describe, fetch, load, names, status
from pellucid.datasets.qmnist import mnist_writers
from pellucid.datasets.splits import last_split, missing_classes, stratified_split

__all__ = [
    "Dataset",
    "DatasetInfo",
    "DigitForm",
    "InputPipeline",
    "Status",
    "cifar10",
    "describe",
    "fashion_mnist",
    "fetch",
    "image_folder",
    "last_split",
    "load",
    "missing_classes",
    "mnist",
    "mnist_writers",
    "names",
    "read_image",
    "status",
    "stratified_split",
    "where",
]

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
