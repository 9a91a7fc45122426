"""Images in a file larger than memory: the same bits as from memory, and little memory taken."""

from __future__ import annotations

import mmap
import subprocess
import sys

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.engine import mapped_images as module
from pellucid.engine.data import checked_images
from pellucid.engine.mapped_images import MappedImages, by_rows
from pellucid.errors import DataError

PIXELS = np.random.default_rng(0).integers(0, 256, (90, 8, 8, 1), dtype=np.uint8)
LABELS = np.arange(90) % 3

pytestmark = pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="the system lets go of nothing")


@pytest.fixture
def file(tmp_path):
    np.save(tmp_path / "x.npy", PIXELS)
    return tmp_path / "x.npy"


@pytest.fixture
def advice(monkeypatch):
    """What the system was told of the mapping, in order."""
    told = []
    madvise = mmap.mmap.madvise

    class Listening(mmap.mmap):
        def madvise(self, option):
            told.append(option)
            return madvise(self, option)

    monkeypatch.setattr(mmap, "mmap", Listening)  # np.memmap takes it from there
    return told


def network():
    made = Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ],
        seed=2,
    )
    made.compile("adam", "categorical_crossentropy", ["accuracy"])
    return made


def passed_through(images, labels, **settings):
    made = network()
    history = made.fit(images, labels, batch_size=16, epochs=2, verbose=0, **settings).history
    found = made.evaluate(images, labels, verbose=0), made.predict(images).tobytes(), made(images).tobytes()
    return [weights.tobytes() for weights in made.get_weights()], history, found


@pytest.mark.parametrize("kind", [np.uint8, np.float32, ">f4"])
@pytest.mark.parametrize("mode", ["r", "r+", "c"])
@pytest.mark.parametrize("settings", [{}, {"validation_split": 0.3}, {"shuffle": False, "threads": 1}])
def test_a_mapped_file_gives_the_bits_of_an_array_in_memory(tmp_path, monkeypatch, kind, mode, settings):
    monkeypatch.setattr(module, "RELEASE_AFTER", 1)  # at every piece
    labels = np.eye(3, dtype=np.float32)[LABELS]
    np.save(tmp_path / "x.npy", PIXELS.astype(kind))
    np.save(tmp_path / "y.npy", labels)
    x, y = (np.load(tmp_path / name, mmap_mode=mode) for name in ("x.npy", "y.npy"))
    assert passed_through(x, y, **settings) == passed_through(PIXELS.astype(kind), labels, **settings)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), PIXELS)


def test_a_view_of_a_mapped_file_is_read_from_the_file_too(file):
    whole = np.load(file, mmap_mode="r")
    for view in (whole, whole[10:], whole[::2], np.asarray(whole), whole.reshape(90, 64)):
        images = by_rows(np.asarray(view))
        assert isinstance(images, MappedImages)
        assert isinstance(images.part(slice(3, 9)), MappedImages)
        np.testing.assert_array_equal(images.part(slice(3, 9)), view[3:9])
        np.testing.assert_array_equal(images[np.array([4, 1])], view[[4, 1]])
        np.testing.assert_array_equal(images[2], view[2])


def test_what_is_in_memory_or_private_stays_as_it_is(file):
    private = np.load(file, mmap_mode="c")
    private[0] = 7  # letting go would lose it
    for array in (PIXELS, private, np.load(file, mmap_mode="r") + 0, np.load(file, mmap_mode="r")[[1, 2]]):
        assert by_rows(np.asarray(array)).__class__ is np.ndarray


def test_what_was_written_to_a_file_in_place_is_not_lost(file, monkeypatch):
    monkeypatch.setattr(module, "RELEASE_AFTER", 1)
    whole = np.load(file, mmap_mode="r+")
    whole[0] = 7
    images = by_rows(whole)
    for start in range(0, 90, 10):
        images[start : start + 10]
    assert (images[0] == 7).all()
    assert (whole[0] == 7).all()


def test_it_lets_go_after_so_many_bytes_and_says_in_which_order_it_reads(file, monkeypatch, advice):
    row = 64 + module.AROUND
    monkeypatch.setattr(module, "RELEASE_AFTER", 20 * row)
    images = by_rows(np.load(file, mmap_mode="r"))
    images[0:10]
    images[np.arange(10, 20)]
    assert advice == [mmap.MADV_NORMAL] * 2
    advice.clear()
    images[np.array([50, 3, 60])]
    assert advice == [mmap.MADV_DONTNEED, mmap.MADV_RANDOM]
    advice.clear()
    for number in range(17):
        images[number]
    assert advice == [mmap.MADV_NORMAL] * 17
    images[0]
    assert advice[17:] == [mmap.MADV_DONTNEED, mmap.MADV_NORMAL]


def test_the_place_of_a_value_that_is_no_number_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("pellucid.engine.data.CHECKED_AT_A_TIME", 300)
    values = PIXELS.astype(np.float32)
    values[70, 2, 3, 0] = np.nan
    np.save(tmp_path / "x.npy", values)
    with pytest.raises(DataError, match=r"the first is x\[70, 2, 3, 0\] = nan\."):
        checked_images(np.load(tmp_path / "x.npy", mmap_mode="r"), (8, 8, 1))


# Memory, in a process of its own: 300 MB of holes, which take no room on the disk

CHILD = """
import pathlib, sys
import numpy as np
from pellucid import Sequential, layers
from pellucid.engine import mapped_images

def peak():  # not ru_maxrss, which starts with what the parent process had
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

network = Sequential([layers.Input((5_000,)), layers.Rescaling(1 / 255), layers.Dense(2)], seed=0)
network.compile("sgd", "mse")
y = np.zeros((60_000, 2), np.float32)
network.fit(np.ones((4, 5_000), np.uint8), y[:4], batch_size=4, verbose=0, threads=2)
before = peak()
x = np.memmap(sys.argv[1], np.uint8, "r", shape=(60_000, 5_000))
CHANGE
network.fit(x, y, batch_size=64, verbose=0, threads=2, validation_split=0.1)
network.predict(x)
print(peak() - before)
"""


def memory_taken(tmp_path, change: str) -> int:
    """Return the bytes that going through 300 MB takes, at the most, beyond what 4 images take."""
    with (tmp_path / "x.bin").open("wb") as file:
        file.truncate(60_000 * 5_000)
    answer = subprocess.run(
        [sys.executable, "-c", CHILD.replace("CHANGE", change), str(tmp_path / "x.bin")],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.slow
def test_going_through_300_mb_takes_little_memory(tmp_path):
    assert memory_taken(tmp_path, "") < 130e6


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    ["x = np.array(x)", "mapped_images.by_rows.__code__ = (lambda images: images).__code__"],
    ids=["all of it read into memory", "nothing let go of"],
)
def test_taking_much_memory_is_noticed(tmp_path, change):
    assert memory_taken(tmp_path, change) > 280e6
