"""How a batch goes through a network: which layers run together, on how many images at a time.

A batch is cut into *pieces*, and the pieces are shared among threads. How many images a piece has matters for
speed:

- Feature maps are large and kernels small: few images, so that a piece's maps stay in the processor's cache.
- A dense layer's weights are large and its outputs small: many images, so that the weights are read, and
  their gradient written, few times per batch.
- Batch normalisation needs its statistics over the whole batch: one piece. With a virtual batch size it needs
  them over groups of so many images: a piece is so many whole groups.

So consecutive layers that like the same grain form a *stage*; all pieces pass through a stage before the next
begins. Where a batch is cut follows from the layers' shapes and the batch's size alone, and the pieces'
gradients are summed in the order of the pieces. So the number of threads changes nothing in the result, to
the last bit.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.engine.blocks import blocks_for
from pellucid.engine.images import Take
from pellucid.engine.workers import Workers, evenly
from pellucid.layers.layer import Array, Layer

PLAIN = "PELLUCID_PLAIN"  # environment variable
MAPS_BYTES = 1 << 20  # what the largest maps of a piece may take, so that the piece stays in the cache
DENSE_PIECES = 2  # each piece of a dense stage writes a gradient as large as its weights: not too many
DENSE_PRODUCTS = 1 << 22  # multiply-adds below which a dense stage is not worth cutting at all

Saved = list[list[list[Any]]]  # by stage, piece and layer: what its backward needs of its forward
Result = TypeVar("Result")


def asked_plain(plain: bool | None) -> bool:
    """Return whether to leave out all fast forms: what the user said, or else PELLUCID_PLAIN."""
    return os.environ.get(PLAIN, "0") not in ("", "0") if plain is None else plain


def plans_for(parts: Sequence[Layer], *, plain: bool | None) -> tuple[Plan, ...]:
    """Return the plan of a network and, unless that is the plain one, the plain one: for what overflows."""
    if asked_plain(plain):
        return (Plan(parts, plain=True),)
    return Plan(parts, plain=False), Plan(parts, plain=True)


class Stage:
    """Consecutive layers that take the same number of images at a time."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)
        self.parameter_arrays = [
            (layer, name) for layer in layers if layer.trainable for name in layer.parameters
        ]
        trainable = (place for place, layer in enumerate(layers) if layer.trainable and layer.parameters)
        self.lowest_trainable = next(trainable, len(layers))
        self.with_state = [
            place for place, layer in enumerate(layers) if type(layer).update_state is not Layer.update_state
        ]
        self._pieces: dict[int, list[tuple[int, int]]] = {}  # by the number of images

    def grain(self, images: int) -> int:
        """Return how many of a batch of ``images`` a piece has."""
        if any(layer.needs_whole_batch for layer in self.layers):
            return images
        together = math.lcm(*(layer.images_together for layer in self.layers))
        return min(images, math.ceil(self._grain_alone(images) / together) * together)

    def _grain_alone(self, images: int) -> int:
        """Return the grain that is fastest, where no images need to stay together."""
        if any(layer.is_dense for layer in self.layers):
            weights = sum(layer.parameter_count for layer in self.layers)
            return images if images * weights < DENSE_PRODUCTS else math.ceil(images / DENSE_PIECES)
        if not self.layers:
            return images
        values = max(math.prod(shape) for layer in self.layers for shape in _shapes(layer))
        most = max(1, MAPS_BYTES // (values * np.dtype(self.layers[0].dtype).itemsize))
        pieces = math.ceil(images / most)
        return math.ceil(images / (evenly(pieces) if pieces > 1 else 1))

    def pieces(self, images: int) -> list[tuple[int, int]]:
        """Return where each piece of a batch of ``images`` begins and ends."""
        if images not in self._pieces:
            grain = self.grain(images)
            bounds = [(start, min(start + grain, images)) for start in range(0, images, grain)]
            self._pieces[images] = bounds
        return self._pieces[images]

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, list[Any]]:
        """Take one piece through the stage; return its outputs and what each layer saved."""
        saved = []
        for layer in self.layers:
            inputs, kept = layer.forward(inputs, context)
            saved.append(kept)
        return inputs, saved

    def backward(
        self, gradient: Array, saved: list[Any], *, is_first: bool
    ) -> tuple[Array | None, list[Array]]:
        """Take one piece's gradient back; return its inputs' and the trainable parameters', in order.

        In the first stage nobody wants a gradient below the lowest trainable layer, and it is not computed.
        """
        lowest = self.lowest_trainable if is_first else 0
        parameter_gradients: list[Array] = []
        passing: Any = gradient
        for place in range(len(self.layers) - 1, lowest - 1, -1):
            layer = self.layers[place]
            wanted = not is_first or place > lowest
            passing, own = layer.backward(passing, saved[place], inputs_gradient=wanted)
            if layer.trainable:
                parameter_gradients[:0] = own
        return passing, parameter_gradients


class Plan:
    """The stages of a network, and the passes over them.

    Parameters
    ----------
    parts
        The network's elementary layers, built, in order.
    plain
        Whether to leave out the blocks that do the work of several layers faster; when missing, the
        environment variable PELLUCID_PLAIN says.
    """

    def __init__(self, parts: Sequence[Layer], *, plain: bool | None = None) -> None:
        chosen = list(parts) if asked_plain(plain) else blocks_for(parts)
        self.stages = [Stage(layers) for layers in _stages(chosen)]

    @property
    def parameter_arrays(self) -> list[tuple[Layer, str]]:
        """The trainable parameters, as (layer, name), in the order of the gradients that ``step`` returns."""
        return [entry for stage in self.stages for entry in stage.parameter_arrays]

    def get_ready(self) -> None:
        """Let blocks on compiled kernels compile them, or read them from disk."""
        for stage in self.stages:
            for layer in stage.layers:
                if hasattr(layer, "get_ready"):
                    layer.get_ready()

    def outputs(self, take: Take, images: int, context: PassContext, workers: Workers) -> Array:
        """Return the network's outputs for a batch of ``images``, of which ``take`` gives any piece."""
        for stage in self.stages:
            take, _ = _forward(stage, take, images, context, workers)
        return take(0, images)

    def step(
        self,
        take: Take,
        images: int,
        context: PassContext,
        loss_gradient: Callable[[Array, int, int], Array],
        workers: Workers,
    ) -> tuple[list[list[list[Array]]], Saved]:
        """Take a batch forward and back; return its gradients, and what ``update_states`` wants to know.

        The gradients are, for each stage, for each piece, its parameters'. ``loss_gradient(outputs, start,
        end)`` is called for each piece and returns its dLoss/dOutputs. Nothing of the network is changed.
        """
        *before, last = self.stages
        saved: Saved = []
        for stage in before:
            take, kept = _forward(stage, take, images, context, workers)
            saved.append(kept)

        def there_and_back(start: int, end: int) -> tuple[Any, list[Array], list[Any]]:
            # the last stage turns round at once, while its piece is in the cache
            outputs, kept = last.forward(take(start, end), context._replace(first_image=start))
            return (*last.backward(loss_gradient(outputs, start, end), kept, is_first=not before), kept)

        turned = _over_pieces(last, images, there_and_back, workers)
        gradient = [piece for piece, _, _ in turned]
        parameters = [[own for _, own, _ in turned]]
        saved.append([kept for _, _, kept in turned])
        for place in reversed(range(len(before))):
            above = _taking(self.stages[place + 1], images, gradient)
            back = _backward(before[place], above, images, saved[place], workers, is_first=place == 0)
            gradient = [piece for piece, _ in back]
            parameters.insert(0, [own for _, own in back])
        return parameters, saved

    def update_states(self, saved: Saved) -> None:
        """Let each layer take in what a step learnt about the data."""
        for stage, kept in zip(self.stages, saved, strict=True):
            for place in stage.with_state:
                for of_piece in kept:
                    stage.layers[place].update_state(of_piece[place])


def _stages(parts: Sequence[Layer]) -> list[list[Layer]]:
    """Cut the layers where the grain changes; layers on flat values go along with what comes before them."""
    stages: list[list[Layer]] = []
    kind = ""
    for layer in parts:
        if layer.needs_whole_batch:
            wanted = "whole batch"
        elif layer.is_dense:
            wanted = "dense"
        elif len(layer.input_shape or ()) == 3:
            wanted = "maps"
        else:
            wanted = kind or "dense"
        if wanted != kind:
            stages.append([])
            kind = wanted
        stages[-1].append(layer)
    return stages or [[]]  # a network may be nothing but the softmax that its loss joins


def _shapes(layer: Layer) -> list[tuple[int, ...]]:
    return [shape for shape in (layer.input_shape, layer.output_shape) if shape is not None]


def _over_pieces(
    stage: Stage, images: int, work: Callable[[int, int], Result], workers: Workers
) -> list[Result]:
    """Call ``work(start, end)`` for each piece, on the workers; return the results in the pieces' order."""
    pieces = stage.pieces(images)
    results: list[Any] = [None] * len(pieces)

    def task(number: int) -> None:
        results[number] = work(*pieces[number])

    workers.run(task, len(pieces))
    return results


def _forward(
    stage: Stage, take: Take, images: int, context: PassContext, workers: Workers
) -> tuple[Take, list[Any]]:
    def work(start: int, end: int) -> tuple[Array, list[Any]]:
        return stage.forward(take(start, end), context._replace(first_image=start))

    passed = _over_pieces(stage, images, work, workers)
    return _taking(stage, images, [outputs for outputs, _ in passed]), [kept for _, kept in passed]


def _backward(
    stage: Stage, take: Take, images: int, saved: list[Any], workers: Workers, *, is_first: bool
) -> list[tuple[Any, list[Array]]]:
    saved_of = dict(zip(stage.pieces(images), saved, strict=True))

    def work(start: int, end: int) -> tuple[Array | None, list[Array]]:
        return stage.backward(take(start, end), saved_of[start, end], is_first=is_first)

    return _over_pieces(stage, images, work, workers)


def _taking(stage: Stage, images: int, arrays: Sequence[Any]) -> Take:
    """Return what gives any images of a batch, of which ``arrays`` are the pieces of ``stage``.

    The next stage's pieces are others: each is put together where it is needed, by the thread that needs it.
    """
    pieces = list(zip(stage.pieces(images), arrays, strict=True))

    def take(start: int, end: int) -> Array:
        parts = [
            array[max(start - first, 0) : end - first]
            for (first, last), array in pieces
            if first < end and start < last
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    return take
