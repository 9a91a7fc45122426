import hashlib

import pytest

from pellucid.datasets import catalogue
from pellucid.datasets.mirrors import SOURCES


def test_every_entry_has_sources_and_every_source_an_entry() -> None:
    assert sorted(SOURCES) == sorted(entry.name for entry in catalogue.ENTRIES)


def test_names_and_folders_are_unique() -> None:
    for attribute in ("name", "folder"):
        values = [getattr(entry, attribute) for entry in catalogue.ENTRIES]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: entry.name)
def test_sums_are_sums(entry: catalogue.Entry) -> None:
    sums = [file.sha256 for file in entry.files]
    assert all(len(bytes.fromhex(text)) == 32 for text in sums)
    assert len(set(sums)) == len(sums)


def test_the_sum_of_a_dataset_is_that_of_the_list_of_its_files() -> None:
    entry = catalogue.MNIST
    text = "\n".join(f"{file.sha256}  {file.name}" for file in entry.files) + "\n"
    assert entry.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_sizes_add_up() -> None:
    assert catalogue.MNIST.size == 70_000 * (28 * 28 + 1) + 2 * 16 + 2 * 8
    assert catalogue.CIFAR10.size == 60_000 * (32 * 32 * 3 + 1)


def test_find() -> None:
    assert catalogue.find("cifar10") is catalogue.CIFAR10
    assert catalogue.find("digits") is None
