"""The facts about each dataset, held to the data and to every place that lists the datasets."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pellucid import datasets
from pellucid.datasets import DatasetInfo, describe, names
from pellucid.datasets.loading import DATASETS


def of_each_dataset(test):
    return pytest.mark.parametrize("info", DATASETS, ids=names())(test)


@of_each_dataset
def test_a_dataset_is_listed_where_users_look(info: DatasetInfo) -> None:
    assert describe(info.name) is info
    if info.download is not None:  # it has a Keras module of its own
        assert info.name in datasets.__all__
        assert getattr(datasets, info.name).INFO is info


def test_every_file_that_describes_a_dataset_is_in_the_table() -> None:
    folder = Path(datasets.__file__).parent
    modules = [importlib.import_module(f"pellucid.datasets.{path.stem}") for path in folder.glob("[!_]*.py")]
    described = {
        module.INFO.name for module in modules if isinstance(getattr(module, "INFO", None), DatasetInfo)
    }
    assert described == set(names())


@of_each_dataset
def test_facts_fit_together(info: DatasetInfo) -> None:
    height, width, channels = info.shape
    assert channels in (1, 3)
    assert (info.download is None) == bool(info.package)
    assert len(set(info.classes)) == len(info.classes)
    if info.digit_form is not None:
        assert height == width == info.digit_form.size
        assert info.classes == tuple("0123456789")
        assert info.on_black
    if info.download is not None:
        images = info.train_images + info.test_images
        assert info.download.size >= images * (height * width * channels + 1)


def test_digits_load_without_a_download() -> None:
    info = describe("digits")
    data = info.load()
    assert (data.x_train.shape, len(data.x_test)) == ((info.train_images, *info.shape), info.test_images)
    assert data.x_train.max() == info.max_value
    assert data.source == info.source()
    assert data.source.startswith("inside scikit-learn 1.")
