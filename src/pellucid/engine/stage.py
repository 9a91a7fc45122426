"""A stage: units that take the same number of images at a time, and how a batch is cut for them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.engine.units import Unit
from pellucid.engine.workers import evenly
from pellucid.fast.form import Gradient
from pellucid.layers.layer import Array, Layer

MAPS_BYTES = 1 << 20  # what the largest maps of a micro-batch may take, so that it stays in the cache
DENSE_MICRO_BATCHES = 2  # each writes a gradient as large as a dense stage's weights: not too many
DENSE_PRODUCTS = 1 << 22  # multiply-adds below which a dense stage is not worth cutting at all


class Stage:
    """Units that take the same number of images at a time.

    Parameters
    ----------
    units
        In topological order.
    read_later
        Numbers of the values that later stages, or the loss, read.
    needed
        Numbers of the values whose gradient is needed: those that depend on a trained parameter.

    Attributes
    ----------
    imports, exports
        Numbers of the values that it reads from earlier stages, and that it makes for later ones.
    gradients_wanted
        Those of the exports whose gradient is needed.
    """

    def __init__(self, units: Sequence[Unit], read_later: Iterable[int], needed: Iterable[int]) -> None:
        self.units = list(units)
        own, later = {unit.value for unit in units}, set(read_later)
        read = dict.fromkeys(source for unit in units for source in unit.sources)
        self.imports = [value for value in read if value not in own]
        self.exports = [unit.value for unit in units if unit.value in later]
        if not units:  # a network may be nothing but the softmax that its loss joins: it passes its input on
            self.imports = self.exports = list(later)
        self.needed = set(needed)
        self.goes_back = any(unit.value in self.needed for unit in units)
        self.gradients_wanted = [value for value in self.exports if value in self.needed]
        self.parameter_arrays = [
            (unit.first, name) for unit in units if unit.is_trained for name in unit.first.parameters
        ]
        self.with_state = [place for place, unit in enumerate(units) if unit.has_state]
        # what the loops over units need of each, looked up once: a small network's step is mostly such loops
        last_reads = _last_reads(units, {*self.exports})
        self._forward = [
            (unit.forward, itemgetter(*unit.sources), unit.value, last_read)
            for unit, last_read in zip(units, last_reads, strict=True)
        ]
        self._backward = [
            (place, unit.backward, unit, self.needed.intersection(unit.sources), unit.first.trainable)
            for place, unit in reversed(list(enumerate(units)))
            if unit.value in self.needed
        ]
        self._bounds: dict[int, list[tuple[int, int]]] = {}  # by the number of images

    # How a batch is cut

    def micro_batch_size(self, images: int) -> int:
        """Return how many of a batch of ``images`` a micro-batch has."""
        layers = [unit.first for unit in self.units]
        if any(layer.needs_whole_batch for layer in layers):
            return images
        together = math.lcm(*(layer.images_together for layer in layers))
        return min(images, math.ceil(self._fastest_size(layers, images) / together) * together)

    def _fastest_size(self, layers: Sequence[Layer], images: int) -> int:
        """Return the size that is fastest, where no images need to stay together."""
        if any(layer.is_dense for layer in layers):
            weights = sum(layer.parameter_count for layer in layers)
            few = images * weights < DENSE_PRODUCTS
            return images if few else math.ceil(images / DENSE_MICRO_BATCHES)
        if not layers:
            return images
        values = max(math.prod(shape) for unit in self.units for shape in unit.shapes)
        most = max(1, MAPS_BYTES // (values * np.dtype(layers[0].dtype).itemsize))
        count = math.ceil(images / most)
        return math.ceil(images / (evenly(count) if count > 1 else 1))

    def bounds(self, images: int) -> list[tuple[int, int]]:
        """Return where each micro-batch of a batch of ``images`` begins and ends."""
        if images not in self._bounds:
            size = self.micro_batch_size(images)
            bounds = [(start, min(start + size, images)) for start in range(0, images, size)]
            self._bounds[images] = bounds
        return self._bounds[images]

    # One micro-batch

    def forward(self, imported: Sequence[Array], context: PassContext) -> tuple[list[Array], list[Any]]:
        """Take a micro-batch through the stage; return the values for later stages, and what units saved."""
        values: dict[int, Any] = dict(zip(self.imports, imported, strict=True))
        saved = []
        for forward, inputs_of, number, last_read in self._forward:
            # an operation of several inputs takes a tuple
            values[number], kept = forward(inputs_of(values), context)
            saved.append(kept)
            for value in last_read:
                del values[value]
        return [values[value] for value in self.exports], saved

    def backward(
        self, gradients: Sequence[Array], saved: list[Any]
    ) -> tuple[list[Array | None], list[Gradient]]:
        """Take the gradients of ``gradients_wanted`` back; return the imports', and the trained parameters'.

        Gradients that no trained parameter needs are not computed; of such imports they are None. Gradients
        of a value that several units read are added from the last unit to the first.
        """
        reached: dict[int, Any] = dict(zip(self.gradients_wanted, gradients, strict=True))
        parameter_gradients: list[Gradient] = []
        for place, backward, unit, wanted, trained in self._backward:
            passed, own = backward(reached.pop(unit.value), saved[place], inputs_gradient=bool(wanted))
            if trained:
                parameter_gradients[:0] = own
            if wanted:
                by_source = (passed,) if len(unit.sources) == 1 else passed
                for source, gradient in zip(unit.sources, by_source, strict=True):
                    if source in wanted:
                        reached[source] = reached[source] + gradient if source in reached else gradient
        return [reached.get(value) for value in self.imports], parameter_gradients


def _last_reads(units: Sequence[Unit], kept: set[int]) -> list[list[int]]:
    """Return, for each unit, the values that nobody in the stage reads after it."""
    last: dict[int, int] = {}
    for place, unit in enumerate(units):
        last.update(dict.fromkeys((*unit.sources, unit.value), place))
    return [
        [value for value, at in last.items() if at == place and value not in kept]
        for place in range(len(units))
    ]
