"""Processes beside this one, each with one thread: they train and draw what does not wait for each other.

Small trainings leave a second thread idle for much of the time, and drawing always does; two processes with
one thread each do not. The bits of a training are the same on any number of threads.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core import settings
from pellucid.figures.plot import png
from pellucid.lab.trainings import TrainingStore, training, using_store
from pellucid.runs.interruption import interruptible

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from matplotlib.figure import Figure

PATIENCE = 60  # seconds within which a process that was asked to end does so


@contextmanager
def processes_beside(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give so many processes to the block; when it is interrupted or fails, they end at once."""
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with interruptible(), ProcessPoolExecutor(count, context, initializer=_begin) as pool:
        for _ in range(count):  # so that they are ready when there is work
            pool.submit(os.getpid)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise


def train_beside(
    pool: ProcessPoolExecutor, folder: Path, name: str, chosen: dict[str, Any]
) -> Future[tuple[str, dict[str, float]]]:
    """Do a training, given by name and settings, in a folder of runs.

    Its result is what it wrote about its progress, and its seconds by folder name.
    """
    return pool.submit(_train, folder, name, chosen)


def draw_beside(pool: ProcessPoolExecutor, figure: Figure) -> Future[bytes]:
    """Draw a figure, as it is now, as a PNG file."""
    return pool.submit(_draw, pickle.dumps(figure))


def _train(folder: Path, name: str, chosen: dict[str, Any]) -> tuple[str, dict[str, float]]:
    progress = io.StringIO()
    store = TrainingStore(folder, progress)
    with using_store(store):
        training(name, **chosen)
    return progress.getvalue(), store.seconds


def _draw(figure: bytes) -> bytes:
    return png(pickle.loads(figure))  # noqa: S301 - of draw_beside's own making


def _end(processes: Collection[BaseProcess]) -> None:
    """End processes: a training first writes that it was interrupted."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(PATIENCE)
        process.kill()
        process.join()


def _begin() -> None:
    """Begin a process: one thread, and it ends with the process that started it, not by Ctrl-C."""
    os.environ[settings.THREADS.name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
