"""The forward and backward under check: called on copies, in float64, at a point and a little beside it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError
from pellucid.functions.gradients.slopes import Array

BESIDE = 0.1  # how far "a little beside" is, relative to the argument's size


@dataclass(frozen=True)
class Point:
    """Values of all arguments, and what backward says there: one gradient an argument, or None."""

    arguments: tuple[Any, ...]
    gradients: tuple[np.ndarray | None, ...]


class Subject:
    """A forward with its backward, their arguments in float64 and a random upstream gradient."""

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        arguments: tuple[Any, ...],
        names: Sequence[str] | None,
        seed: int,
    ) -> None:
        self.forward, self.backward, self.seed = forward, backward, seed
        self.arguments = tuple(a.astype(np.float64) if _is_float(a) else a for a in arguments)
        self.names = _names(forward, len(arguments), names)
        self.wanted = _room(backward, len(arguments) + 1) - 1  # leading arguments that backward takes
        title = getattr(forward, "__name__", "forward")
        self.title = "forward" if title == "<lambda>" else title
        if not self.floats:
            kinds = ", ".join(f"{n}={_describe(a)}" for n, a in zip(self.names, arguments, strict=True))
            raise ArgumentError(
                f"There is nothing to differentiate: give at least one array of floats. Received: {kinds}"
            )
        self.output = self._output(self.arguments)
        draw = stream(seed, "gradient check: upstream")
        # Neither near 0, which would hide an error, nor all of one sign, which lets errors cancel.
        self.upstream: Array = draw.choice([-1.0, 1.0], self.output.shape) * draw.uniform(
            0.5, 1.5, self.output.shape
        )

    @cached_property
    def point(self) -> Point:
        """The arguments as given."""
        return self._at(self.arguments)

    @cached_property
    def beside(self) -> Point:
        """The differentiated arguments moved a little at random, away from kinks and ties."""
        draw = stream(self.seed, "gradient check: beside")
        moved = list(self.arguments)
        for position in self.differentiated:
            array = moved[position]
            # In proportion, so that what is positive stays so; zeros by the size of the others.
            size = np.where(array == 0, np.sqrt(np.mean(array**2)) or 1.0, array)
            moved[position] = array + BESIDE * size * draw.standard_normal(array.shape)
        return self._at(tuple(moved))

    @property
    def differentiated(self) -> list[int]:
        """The positions of the arguments whose gradients are checked."""
        positions = [p for p in self.floats if self.point.gradients[p] is not None]
        if not positions:
            names = ", ".join(self.names[p] for p in self.floats)
            raise ArgumentError(
                f"backward returns None for every array of floats ({names}): there is nothing to compare"
            )
        return positions

    @property
    def floats(self) -> list[int]:
        """The positions of the arguments that are arrays of floats."""
        return [p for p, a in enumerate(self.arguments) if _is_float(a) and a.size]

    def claimed(self, point: Point, position: int) -> np.ndarray:
        """Return what backward claims the gradient of a differentiated argument to be."""
        gradient = point.gradients[position]
        if gradient is None:
            raise ArgumentError(f"backward returns no gradient of {self.names[position]!r} beside the kink")
        return gradient

    def along(self, point: Point, position: int) -> Callable[[Array], Array]:
        """Return forward as a function of one argument, the others being kept."""
        before, after = point.arguments[:position], point.arguments[position + 1 :]
        return lambda array: self._output((*before, array, *after))

    def problems(self) -> tuple[list[str], bool]:
        """Return sentences on what is amiss with forward and backward, and whether slopes can be measured."""
        found = self._changed_in_place("forward", self.forward, self.arguments, self.names)
        unusable = self._too_coarse_or_random()
        if unusable:
            return [*found, unusable], False
        given = (self.upstream, *self.arguments[: self.wanted])
        found += self._changed_in_place("backward", self.backward, given, ["gradient", *self.names])
        moved = self._output(self.beside.arguments)
        fractions = moved[np.isfinite(moved) & (moved != np.round(moved))]
        if fractions.size and np.array_equal(fractions, fractions.astype(np.float32)):
            found.append(
                "forward computes in float32 inside, too coarse to measure slopes on: keep to float64."
            )
            return found, False
        return found, True

    def _changed_in_place(
        self, who: str, function: Callable[..., Any], given: tuple[Any, ...], names: list[str]
    ) -> list[str]:
        after = copy.deepcopy(given)
        with np.errstate(all="ignore"):
            function(*after)
        return [
            f"{who} changes its argument {name!r} in place: let it work on a copy."
            for name, before, now in zip(names, given, after, strict=False)
            if not _same(before, now)
        ]

    def _too_coarse_or_random(self) -> str | None:
        """Say why no slopes can be measured on forward; None where they can."""
        if self.output.dtype != np.float64:
            return (
                f"forward returns {self.output.dtype} for float64 arguments, too coarse to measure slopes "
                "on: let the output keep the dtype of the input."
            )
        if not np.isfinite(self.output).all():
            bad = int((~np.isfinite(self.output)).sum())
            return f"forward gives NaN or infinity in {bad} of {self.output.size} elements of its output."
        if not np.array_equal(self.output, self._output(self.arguments)):
            return (
                "forward gives another result the second time, with the same arguments: "
                "does it draw random numbers (a dropout mask)? Draw them once and hand them in."
            )
        return None

    def _at(self, arguments: tuple[Any, ...]) -> Point:
        returned = self.backward(self.upstream.copy(), *copy.deepcopy(arguments[: self.wanted]))
        return Point(arguments, self._in_order(returned))

    def _in_order(self, returned: Any) -> tuple[np.ndarray | None, ...]:
        """Give each argument its gradient; those that are not arrays of floats may have been left out."""
        gradients = list(returned) if isinstance(returned, (tuple, list)) else [returned]
        floats = [p for p, a in enumerate(self.arguments) if _is_float(a)]
        arrays = [p for p, a in enumerate(self.arguments) if isinstance(a, np.ndarray)]
        for positions in (range(len(self.arguments)), arrays, floats):
            if len(positions) == len(gradients):
                matched = dict(zip(positions, gradients, strict=True))
                return tuple(
                    np.asarray(matched[p]) if p in floats and matched.get(p) is not None else None
                    for p in range(len(self.arguments))
                )
        raise ArgumentError(
            f"backward must return one gradient for each argument (None for one not differentiated). "
            f"Received: {len(gradients)} for {len(self.arguments)} arguments ({', '.join(self.names)})"
        )

    def _output(self, arguments: tuple[Any, ...]) -> np.ndarray:
        with np.errstate(all="ignore"):  # NaN and infinity are looked for, and reported
            output = self.forward(*copy.deepcopy(arguments))
        if isinstance(output, (tuple, list)):
            raise ArgumentError(
                f"forward must return one array; wrap it to return the one to check, as in "
                f"lambda *arguments: forward(*arguments)[0]. Received: a {type(output).__name__} "
                f"of {len(output)}"
            )
        if np.size(output) == 0:
            raise ArgumentError(
                f"forward must return an array with elements. Received: shape {np.shape(output)}"
            )
        return np.array(output)  # a copy: forward may return its own argument


def _is_float(argument: Any) -> bool:
    return isinstance(argument, np.ndarray) and np.issubdtype(argument.dtype, np.floating)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return not isinstance(before, np.ndarray) or (
        before.shape == after.shape and before.tobytes() == after.tobytes()
    )


def _describe(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        return f"{argument.dtype} array {argument.shape}"
    return type(argument).__name__


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter] | None:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a NumPy function has no signature to ask for
        return None


def _room(function: Callable[..., Any], count: int) -> int:
    """Return how many of ``count`` arguments in a row a function takes."""
    parameters = _parameters(function)
    if parameters is None or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return count
    return min(count, sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters))


def _names(forward: Callable[..., Any], count: int, names: Sequence[str] | None) -> list[str]:
    """Return one name an argument: those given, or forward's parameters, or numbers."""
    if names is not None:
        if isinstance(names, str) or len(names) != count:
            raise ArgumentError(
                f"names must have one name for each of the {count} arguments. Received: names={names!r}"
            )
        return list(names)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    own = [parameter.name for parameter in _parameters(forward) or [] if parameter.kind in kinds]
    numbered = [f"argument {position + 1}" for position in range(count)]
    return [*own[:count], *numbered[len(own) :]]
