"""Training from a file larger than memory: how much memory that takes, and how fast it is.

    python benchmarks/larger_than_memory.py [--gigabytes 20] [--limit 2] [--steps N] [--in-order]

Writes that much of 64×64 colour images to a file: random bytes throughout, so that nothing of it can be left
out by the file system, with a brighter band for each image's class, so that there is something to learn. A
process of its own maps the file, trains a small network for an epoch (or N steps) on images in random order,
and measures it on the first 20,000. The file is deleted in the end.

That process may not have more private memory than the limit (RLIMIT_DATA: Linux refuses what goes beyond;
what is mapped from files does not count there). It reports the most of what it had: of its own (RssAnon), of
mapped files (RssFile), and both together (as getrusage says). The system's cache of the file, which is
charged to no process, is emptied before. With --control it first makes an array in memory of the file, and
has to fail. Runs on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

SHAPE = (64, 64, 3)
CLASSES = 10
BATCH = 128
BLOCK = 5_000  # images written at a time
SPARE = 5e9  # bytes of the disk to leave free
MEASURED = 20_000  # images


def main() -> None:
    options = _options()
    if options.child:
        train(options)
        return
    size = int(options.gigabytes * 1e9)
    free = shutil.disk_usage(options.folder).free
    if free < size + SPARE:
        sys.exit(
            f"The file takes {size / 1e9:.0f} GB, and {SPARE / 1e9:.0f} GB are left alone; "
            f"free: {free / 1e9:.0f} GB"
        )
    images, labels = (
        options.folder / "larger_than_memory.npy",
        options.folder / "larger_than_memory_labels.npy",
    )
    try:
        began = time.perf_counter()
        count = write(images, labels, size)
        seconds = time.perf_counter() - began
        print(
            f"{count:,} images of {'×'.join(map(str, SHAPE))}, {images.stat().st_size / 1e9:.1f} GB,", end=" "
        )
        print(
            f"{images.stat().st_blocks * 512 / 1e9:.1f} GB on the disk, written in {seconds:.0f} s",
            flush=True,
        )
        empty_the_cache(images)
        code = subprocess.run([sys.executable, *sys.argv, "--child"], check=False).returncode
    finally:
        images.unlink(missing_ok=True)
        labels.unlink(missing_ok=True)
    sys.exit(code)


def write(images: Path, labels: Path, size: int) -> int:
    """Write random images and labels; return how many."""
    import numpy as np

    bytes_each = int(np.prod(SHAPE))
    count = size // bytes_each
    generator = np.random.default_rng(0)
    classes = generator.integers(0, CLASSES, count)
    np.save(labels, classes)
    header = {"descr": "|u1", "fortran_order": False, "shape": (count, *SHAPE)}
    height = SHAPE[0] // CLASSES
    with images.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, count, BLOCK):
            some = classes[start : start + BLOCK]
            words = generator.integers(0, 2**64, len(some) * bytes_each // 8, np.uint64)
            block = words.view(np.uint8).reshape(-1, *SHAPE)
            for number in range(CLASSES):
                block[some == number, height * number : height * (number + 1)] |= 128
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return int(count)


def empty_the_cache(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def train(options: argparse.Namespace) -> None:
    limit = int(options.limit * 1e9)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    watch = Watch()
    import numpy as np

    from pellucid import Sequential, callbacks, layers

    x = np.load(options.folder / "larger_than_memory.npy", mmap_mode="r")
    if options.control:
        x = np.array(x)
    y = np.load(options.folder / "larger_than_memory_labels.npy")
    network = Sequential(
        [
            layers.Input(SHAPE),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 4, strides=4, activation="relu"),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        seed=0,
    )
    network.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])

    class Stop(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = options.steps is not None and batch + 1 >= options.steps

    began, read_before = time.perf_counter(), bytes_read()
    history = network.fit(
        x, y, batch_size=BATCH, epochs=1, verbose=0, shuffle=not options.in_order, callbacks=[Stop()]
    ).history
    seconds = time.perf_counter() - began
    trained = len(x) if options.steps is None else min(len(x), options.steps * BATCH)
    found = network.evaluate(x[:MEASURED], y[:MEASURED], verbose=0, return_dict=True)
    watch.stop()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = {
        "images trained on": trained,
        "order": "as in the file" if options.in_order else "random",
        "seconds": round(seconds, 1),
        "images per second": round(trained / seconds),
        "GB of images": round(trained * x[0].nbytes / 1e9, 2),
        "GB read from the disk": round((bytes_read() - read_before) / 1e9, 2),
        "loss of the epoch": round(history["loss"][-1], 4),
        "accuracy then": round(found["accuracy"], 4),
        "limit of private memory, MB": round(limit / 1e6),
        "most private memory (RssAnon), MB": round(watch.most["RssAnon"] / 1e6),
        "most of mapped files (RssFile), MB": round(watch.most["RssFile"] / 1e6),
        "most memory in all (ru_maxrss), MB": round(most / 1e6),
    }
    print(json.dumps(result, indent=2))
    if most > limit:
        sys.exit(f"That is more than {limit / 1e6:.0f} MB")


class Watch:
    """Looks every 20 ms at how much memory the process has."""

    def __init__(self) -> None:
        self.most = {"RssAnon": 0, "RssFile": 0}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._ended.wait(0.02):
            for line in Path("/proc/self/status").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in self.most:
                    self.most[name] = max(self.most[name], int(value.split()[0]) * 1024)


def bytes_read() -> int:
    """Return how many bytes this process has had read from a disk."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("read_bytes")))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gigabytes", type=float, default=20)
    parser.add_argument("--limit", type=float, default=2, help="GB of memory")
    parser.add_argument("--steps", type=int, default=None, help=f"of {BATCH} images; an epoch when missing")
    parser.add_argument("--in-order", action="store_true", help="take the images as they lie in the file")
    parser.add_argument("--control", action="store_true", help="read the whole file into memory first")
    parser.add_argument("--folder", type=Path, default=Path(), help="where to write; here when missing")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
