import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from pellucid.datasets import fetch, load, loading, names, status
from pellucid.datasets.fetching.downloads import Download
from pellucid.errors import DatasetError, UnknownNameError

Install: TypeAlias = Callable[[str, dict[str, bytes]], Download]


def test_names() -> None:
    assert names() == ("digits", "mnist", "fashion_mnist", "cifar10")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("minst", r"There is no dataset 'minst': did you mean 'mnist'\? Received: name='minst'"),
        ("fashion-mnist", r"'fashion-mnist': did you mean 'fashion_mnist'\? Received: name='fashion-mnist'"),
        ("horses", r"'horses': known are 'cifar10', 'digits', 'fashion_mnist', 'mnist'\. Received"),
        ("mnist_writers", r"'mnist_writers': known are"),
        (None, r"None: known are .*\. Received: name=None"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        load(name)


def test_an_unknown_name_cannot_be_fetched() -> None:
    with pytest.raises(UnknownNameError, match=r"'mnist_writer': did you mean 'mnist_writers'\?"):
        fetch("mnist_writer")


def test_fetch_and_status(install: Install, cache_folder: Path) -> None:
    entry = install("mnist_writers", {"a": b"123", "b": b"4567"})
    before = {known.name: known for known in status()}
    assert list(before) == ["digits", "mnist", "fashion_mnist", "cifar10", "mnist_writers"]
    assert before["digits"].cached
    assert before["mnist_writers"] == ("mnist_writers", False, "", 7)
    fetched = fetch("mnist_writers")
    assert fetched == ("mnist_writers", True, loading.cache.source(entry), 7)
    assert status()[-1] == fetched
    (cache_folder / entry.folder / "a").write_bytes(b"12x")
    assert not status()[-1].cached
    assert fetch("digits") == status()[0]


def test_nothing_is_fetched_twice(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("mnist_writers", {"a": b"123"})
    fetch("mnist_writers")
    monkeypatch.delenv("PELLUCID_DATA")
    assert fetch("mnist_writers").cached


def test_files_that_vanish_meanwhile(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("mnist_writers", {"a": b"123"})
    monkeypatch.setattr("pellucid.datasets.fetching.obtaining.fetch_missing", lambda _, **options: None)
    with pytest.raises(DatasetError, match=r"Files of mnist_writers vanished from .* while they were read"):
        fetch("mnist_writers")


def test_an_import_of_datasets_is_cheap() -> None:
    heavy = "{'sklearn', 'PIL', 'rich', 'scipy', 'pooch', 'requests', 'matplotlib', 'tarfile', 'zipfile'}"
    code = f"import sys, pellucid.datasets; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
