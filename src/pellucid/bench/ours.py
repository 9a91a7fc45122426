"""pellucid's own network, as a user trains it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata

from pellucid.bench.network_spec import NetworkSpec
from pellucid.core.labels import one_hot
from pellucid.engine import engines
from pellucid.layers.layer import Array


class Ours:
    """pellucid; see :class:`~pellucid.bench.timing.Peer`."""

    steps_at_a_time = 1

    def __init__(self, spec: NetworkSpec, x: Array, classes: Array, threads: int) -> None:
        self.network = spec.network()
        self.batch_size = spec.batch_size
        self.threads = threads
        self.x, self.y = x, one_hot(classes, spec.classes)
        self.parameters = self.network.count_params()
        self.ways: dict[str, Callable[[Array, int], Array]] = {"predict": self._predict}

    def train(self, images: int, epochs: int) -> float:
        """Train by ``fit``; return the last epoch's mean loss."""
        history = self.network.fit(
            self.x[:images],
            self.y[:images],
            batch_size=self.batch_size,
            epochs=epochs,
            verbose=0,
            threads=self.threads,
        )
        return float(history.history["loss"][-1])

    def _predict(self, images: Array, batch_size: int) -> Array:
        return self.network.predict(images, batch_size=batch_size, threads=self.threads)


def compiled_kernels() -> str | None:
    """Return what compiles pellucid's kernels, with its version; None where NumPy works alone."""
    return f"numba {metadata.version('numba')}" if engines.choose().name == "compiled" else None
