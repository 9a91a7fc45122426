"""Is each public source still there, and still the same? Asked on request only: PELLUCID_TEST_NETWORK=1."""

from pathlib import Path

import pytest

from pellucid.core import settings
from pellucid.datasets import cache, mirrors
from pellucid.datasets.fetching import fetch_missing
from pellucid.datasets.loading import fetchable
from pellucid.datasets.sources import LocalMirror

PUBLIC = [
    (name, source)
    for name, sources in mirrors.SOURCES.items()
    for source in sources
    if not isinstance(source, LocalMirror)
]


def test_each_dataset_starts_from_the_local_mirror_and_has_two_public_sources() -> None:
    for sources in mirrors.SOURCES.values():
        assert isinstance(sources[0], LocalMirror)
        assert len(sources) >= 3


def test_web_mirrors_are_https_but_for_one() -> None:
    plain = [str(source) for _, source in PUBLIC if str(source).startswith("http://")]
    assert plain == ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]  # an S3 site has no https


@pytest.mark.skipif(not settings.TEST_NETWORK.value(), reason="PELLUCID_TEST_NETWORK is not set")
@pytest.mark.parametrize(("name", "source"), PUBLIC, ids=str)
def test_a_public_source(name: str, source, monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> None:
    entry = fetchable()[name]
    monkeypatch.setitem(mirrors.SOURCES, name, (source,))
    fetch_missing(entry, progress=False)
    assert len(cache.read(entry)) == len(entry.files)
    assert sorted(path.name for path in cache.folder_of(entry).iterdir()) == sorted(
        ["sources.txt", *(file.name for file in entry.files)]
    )
