"""Calling a student's function: which parameter means what, and what the call returned."""

from __future__ import annotations

import copy
import inspect
import itertools
import linecache
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError
from pellucid.examiner.cases import ArgumentForm, Array, Case, Exam


@dataclass(frozen=True)
class CallResult:
    """What a call returned: an array in canonical form, or in ``error`` why there is none."""

    array: Array | None
    error: str = ""
    changed: tuple[str, ...] = ()  # the roles whose arrays were changed in place
    raw: Any = None


@dataclass(frozen=True)
class Call:
    """One way to call a function: for each positional parameter a role, or a fixed value for an extra."""

    function: Callable[..., Any]
    parameters: tuple[tuple[str, str | None, Any], ...]  # (parameter, its role, or None and its value)
    form: ArgumentForm

    def values(self, case: Case) -> list[Any]:
        """Return the arguments for a case, copied."""
        given = self.form.give(case)
        return [
            copy.deepcopy(given[role] if role is not None else value(case) if callable(value) else value)
            for _, role, value in self.parameters
        ]

    def __call__(self, case: Case) -> CallResult:
        """Call the function; an exception becomes an error message."""
        try:
            arguments = self.values(case)
        except (ValueError, IndexError, KeyError) as error:
            return CallResult(None, f"this form cannot hold the case ({error})")
        before = copy.deepcopy(arguments)
        try:
            with np.errstate(all="ignore"):
                raw = self.function(*arguments)
                changed = tuple(
                    parameter
                    for (parameter, role, _), old, new in zip(self.parameters, before, arguments, strict=True)
                    if role is not None and not _unchanged(old, new)
                )
                raw = copy.deepcopy(raw)
        except (Exception, SystemExit) as error:
            return CallResult(None, describe_exception(error))
        if raw is None:
            return CallResult(None, "it returns None: is there a return at the end?", changed)
        try:
            return CallResult(np.asarray(self.form.take(raw, case)), "", changed, raw)
        except (ValueError, TypeError, IndexError) as error:
            return CallResult(None, f"what it returns cannot be read: {_kind(raw)} ({error})", changed, raw)

    def text(self, case: Case) -> str:
        """Return the call as a student would write it."""
        name = getattr(self.function, "__name__", "function")
        arguments = ", ".join(
            f"{parameter}={show(value)}"
            for (parameter, _, _), value in zip(self.parameters, self.values(case), strict=True)
        )
        return f"{name}({arguments})"


def calls(
    exam: Exam, function: Callable[..., Any], kind: str, order: Sequence[str] | None = None
) -> Iterator[Call]:
    """Yield the ways in which a function may want a kind of case, the likeliest first."""
    for parameters, form in itertools.product(
        list(bindings(exam.roles, exam.extras, function, order, exam.optional)), exam.forms[kind]
    ):
        yield Call(function, parameters, form)


def bindings(
    roles: Mapping[str, tuple[str, ...]],
    extras: Mapping[str, Sequence[Any]],
    function: Callable[..., Any],
    order: Sequence[str] | None = None,
    optional: int = 0,
) -> Iterator[tuple[tuple[str, str | None, Any], ...]]:
    """Yield the ways in which roles may be given to a function's parameters.

    ``order`` is what the file's header says. Without it names decide, and where they do not, all orders are
    tried, the workbook's first.

    Raises
    ------
    ArgumentError
        When the function takes too few arguments.

    Examples
    --------
    >>> def conv(filters, picture, stride): ...
    >>> roles = {"image": ("image", "picture"), "kernels": ("kernels", "filters")}
    >>> next(bindings(roles, {"stride": [1]}, conv))
    (('filters', 'kernels', None), ('picture', 'image', None), ('stride', None, 1))
    """
    names, required = _positional(function, len(roles))
    if order is not None:
        yield tuple((names[i] if i < len(names) else role, role, None) for i, role in enumerate(order))
        return
    fixed: dict[str, Sequence[Any]] = {}
    for name in names:
        known = next((values for extra, values in extras.items() if _plain(name).startswith(extra)), None)
        if known is not None and (name in required or len(fixed) + len(roles) < len(names)):
            fixed[name] = known
    places = [name for name in names if name not in fixed][: max(len(roles), len(required) - len(fixed))]
    if len(roles) - optional <= len(places) < len(roles):
        roles = dict(list(roles.items())[: len(places)])
    if len(places) < len(roles):
        raise ArgumentError(
            f"it takes {counted(len(names), 'argument')} ({', '.join(names) or 'none'}), where "
            f"{len(roles)} are needed: {', '.join(roles)}"
        )
    too_many = places[len(roles) :]
    if too_many:
        raise ArgumentError(
            f"it wants {', '.join(too_many)} too, which the examiner does not know: give defaults, or say in "
            "EXAMINER at the top of the file what the arguments are"
        )
    last = max(names.index(place) for place in places)
    used = [name for name in names[: last + 1] if name in places or name in fixed]
    used += [name for name in names[last + 1 :] if name in required]
    choices = [name for name in used if name in fixed]
    for matched in _orders(roles, places):
        for values in itertools.product(*(fixed[name] for name in choices)):
            chosen = dict(zip(choices, values, strict=True))
            yield tuple((n, matched[n], None) if n in matched else (n, None, chosen[n]) for n in used)


def _orders(roles: Mapping[str, tuple[str, ...]], places: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield which parameter has which role: by name first, then every other order."""
    by_name: dict[str, str] = {}
    for role, others in roles.items():
        for place in places:
            if place not in by_name and _plain(place) in others:
                by_name[place] = role
                break
    left = [role for role in roles if role not in by_name.values()]
    open_places = [place for place in places if place not in by_name]
    first = {**by_name, **dict(zip(open_places, left, strict=True))}
    yield first
    for permuted in itertools.permutations(roles):
        candidate = dict(zip(places, permuted, strict=True))
        if candidate != first:
            yield candidate


def _positional(function: Callable[..., Any], needed: int) -> tuple[list[str], list[str]]:
    """Return the names of the positional parameters, and of those without a default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        names = [f"argument {i + 1}" for i in range(needed)]
        return names, names
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        names = [f"argument {i + 1}" for i in range(needed)]
        return names, names
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [p.name for p in positional], [p.name for p in positional if p.default is p.empty]


def describe_exception(error: BaseException) -> str:
    """Say what an exception was and on which line of the student's file.

    Examples
    --------
    >>> describe_exception(IndexError("too many indices"))
    'it stops with IndexError: too many indices'
    """
    words = f"it stops with {type(error).__name__}: {str(error)[:300]}".rstrip(": ")
    if "truth value of an array" in str(error):
        words += " (an if looks at one value; a whole array needs np.maximum, np.where or a mask)"
    if isinstance(error, SystemExit):
        words = "it stops the whole program (sys.exit)"
    if isinstance(error, RecursionError):
        words = "it calls itself without end (RecursionError)"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_students(f.filename)]
    if not frames:
        return words
    line = (linecache.getline(frames[-1].filename, frames[-1].lineno or 0) or frames[-1].line or "").strip()
    return f"{words}, in line {frames[-1].lineno}{f': {line}' if line else ''}"


def is_students(filename: str) -> bool:
    """Return whether code comes from the student's file: it is compiled under a name of its own."""
    return filename.startswith("<submission")


def show(value: Any) -> str:
    """Return a value in short: small arrays whole, large ones by shape.

    Examples
    --------
    >>> show(np.array([[1.0, 0.5]]))
    '[[1, 0.5]]'
    """
    if isinstance(value, list | tuple) and any(isinstance(v, np.ndarray) for v in value):
        return "[" + ", ".join(map(show, value)) + "]"
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.size > 60:
        return f"array of shape {value.shape}"
    return re.sub(r"(?<=\d)\.0\b", "", _nested(value))


def _nested(value: Array) -> str:
    if value.ndim == 0:
        return f"{value.item() + 0:.6g}" if value.dtype.kind in "iuf" else repr(value.item())
    return "[" + ", ".join(_nested(part) for part in value) + "]"


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _kind(raw: Any) -> str:
    shape = getattr(raw, "shape", None)
    return f"a {type(raw).__name__}" + (f" of shape {shape}" if shape is not None else "")


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, np.ndarray):
        return bool(before.shape == after.shape and before.tobytes() == after.tobytes())
    return True
