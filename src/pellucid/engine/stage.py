"""A stage: units with the same micro-batch size, and how a batch is cut for them."""

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

MAPS_BYTES = 1 << 20  # limit for the largest maps of a micro-batch, so that it fits in the cache
DENSE_MICRO_BATCHES = 2  # each writes a gradient as large as a dense stage's weights: not too many
DENSE_PRODUCTS = 1 << 22  # multiply-adds below which a dense stage is not worth cutting at all


class Stage:
    """Units with the same micro-batch size.

    Parameters
    ----------
    units
        The units, in topological order.
    read_later
        Values that later stages, or the loss, read.
    needed
        Values whose gradient is needed: those that depend on a trained parameter.

    Attributes
    ----------
    imports, exports
        Values that it reads from earlier stages, and values that it computes for later ones.
    gradients_wanted
        The exports whose gradient is needed.
    """

    def __init__(self, units: Sequence[Unit], read_later: Iterable[int], needed: Iterable[int]) -> None:
        self.units = list(units)
        own, later = {unit.value for unit in units}, set(read_later)
        read = dict.fromkeys(source for unit in units for source in unit.sources)
        self.imports = [value for value in read if value not in own]
        self.exports = [unit.value for unit in units if unit.value in later]
        if not units:  # a network may be only a softmax, fused with its loss: it passes its input on
            self.imports = self.exports = list(later)
        self.needed = set(needed)
        self.goes_back = any(unit.value in self.needed for unit in units)
        self.gradients_wanted = [value for value in self.exports if value in self.needed]
        self.parameter_arrays = [
            (unit.first, name) for unit in units if unit.is_trained for name in unit.first.parameters
        ]
        self.with_state = [place for place, unit in enumerate(units) if unit.has_state]
        # Looked up once, because a small network's step consists mostly of loops over the units
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
        self.is_chain = self._forms_chain()
        self._bounds: dict[int, list[tuple[int, int]]] = {}  # by the number of images

    def _forms_chain(self) -> bool:
        """Return whether each unit reads only the one before it, and later stages only the last."""
        made = [unit.value for unit in self.units]
        read = [unit.sources for unit in self.units]
        return (
            bool(made)
            and read == [(value,) for value in (*self.imports, *made[:-1])]
            and self.exports == made[-1:]
        )

    # How a batch is cut

    def micro_batch_size(self, images: int) -> int:
        """Return the micro-batch size for a batch of ``images`` images."""
        layers = [unit.first for unit in self.units]
        if any(layer.needs_whole_batch for layer in layers):
            return images
        together = math.lcm(*(layer.images_together for layer in layers))
        return min(images, math.ceil(self._fastest_size(layers, images) / together) * together)

    def _fastest_size(self, layers: Sequence[Layer], images: int) -> int:
        """Return the fastest size, if no images need to stay together."""
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
        """Return the start and end of each micro-batch of a batch of ``images`` images."""
        if images not in self._bounds:
            size = self.micro_batch_size(images)
            bounds = [(start, min(start + size, images)) for start in range(0, images, size)]
            self._bounds[images] = bounds
        return self._bounds[images]

    # One micro-batch

    def forward(self, imported: Sequence[Array], context: PassContext) -> tuple[list[Array], list[Any]]:
        """Run a micro-batch forward; return the values for later stages, and what the units saved."""
        saved: list[Any] = []
        if self.is_chain:  # as below, without looking values up: it is what most stages are
            (passing,) = imported
            for forward, _, _, _ in self._forward:
                passing, kept = forward(passing, context)
                saved.append(kept)
            return [passing], saved
        values: dict[int, Any] = dict(zip(self.imports, imported, strict=True))
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
        """Return the gradients of the imports and of the trained parameters, from those of the exports.

        The given gradients are those of ``gradients_wanted``. Gradients that no trained parameter needs are
        not computed; for such imports they are None. Gradients of a value with several consumers are added
        from the last unit to the first.
        """
        parameter_gradients: list[Gradient] = []
        if self.is_chain and gradients:
            passing: Any = gradients[0]
            for place, backward, _, wanted, trained in self._backward:
                passing, own = backward(passing, saved[place], inputs_gradient=bool(wanted))
                if trained:
                    parameter_gradients[:0] = own
            return [passing], parameter_gradients
        reached: dict[int, Any] = dict(zip(self.gradients_wanted, gradients, strict=True))
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
    """Return, for each unit, the values that no later unit of the stage reads."""
    last: dict[int, int] = {}
    for place, unit in enumerate(units):
        last.update(dict.fromkeys((*unit.sources, unit.value), place))
    return [
        [value for value, at in last.items() if at == place and value not in kept]
        for place in range(len(units))
    ]
