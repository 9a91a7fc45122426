import hashlib

import pytest

from pellucid.datasets import cifar10, mnist
from pellucid.datasets.fetching.downloads import Download
from pellucid.datasets.loading import fetchable

DOWNLOADS = [download for download in fetchable().values() if download is not None]


def test_names_and_folders_are_unique() -> None:
    for attribute in ("name", "folder"):
        values = [getattr(download, attribute) for download in DOWNLOADS]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("download", DOWNLOADS, ids=lambda download: download.name)
def test_sums_are_sums(download: Download) -> None:
    sums = [file.sha256 for file in download.files]
    assert all(len(bytes.fromhex(text)) == 32 for text in sums)
    assert len(set(sums)) == len(sums)


def test_the_sum_of_a_dataset_is_that_of_the_list_of_its_files() -> None:
    download = mnist.DOWNLOAD
    text = "\n".join(f"{file.sha256}  {file.name}" for file in download.files) + "\n"
    assert download.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_sizes_add_up() -> None:
    assert mnist.DOWNLOAD.size == 70_000 * (28 * 28 + 1) + 2 * 16 + 2 * 8
    assert cifar10.DOWNLOAD.size == 60_000 * (32 * 32 * 3 + 1)
