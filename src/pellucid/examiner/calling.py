"""Calling a student's function: which parameter means what, and what the call returned."""

from __future__ import annotations

import copy
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError
from pellucid.examiner.cases import ArgumentForm, Array, Case, Exam
from pellucid.examiner.student import RemoteFunction
from pellucid.examiner.student_errors import describe_exception
from pellucid.examiner.student_process import unchanged
from pellucid.examiner.submission import plain_name
from pellucid.examiner.wire import Opaque, decode, encode


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
    pick: int | None = None  # which element of a returned tuple is the answer

    def values(self, case: Case) -> list[Any]:
        """Return the arguments for a case, copied."""
        given = self.form.give(case)
        return [
            copy.deepcopy(
                _packed(given, role) if role is not None else value(case) if callable(value) else value
            )
            for _, role, value in self.parameters
        ]

    def __call__(self, case: Case) -> CallResult:
        """Call the function; an exception becomes an error message."""
        try:
            arguments = self.values(case)
        except (ValueError, IndexError, KeyError) as error:
            return CallResult(None, f"this form cannot hold the case ({error})")
        try:
            with np.errstate(all="ignore"):
                raw, places = invoke(self.function, *self.split(arguments))
        except (Exception, SystemExit) as error:
            return CallResult(None, describe_exception(error))
        named = [(parameter, role) for parameter, role, _ in self._in_order()]
        changed = tuple(named[i][0] for i in places if i < len(named) and named[i][1] is not None)
        if isinstance(raw, Opaque):
            return CallResult(None, _not_an_array(raw.kind), changed)
        raw = self.picked(raw)
        if raw is None:
            return CallResult(None, "it returns None: is there a return at the end?", changed)
        try:
            return CallResult(np.asarray(self.form.take(raw, case)), "", changed, raw)
        except (ValueError, TypeError, IndexError) as error:
            return CallResult(None, f"what it returns cannot be read: {_kind(raw)} ({error})", changed, raw)

    def picked(self, raw: Any) -> Any:
        """Return the element of a returned tuple that is the answer; anything else as it is."""
        several = self.pick is not None and isinstance(raw, tuple) and len(raw) > self.pick
        return raw[self.pick] if several else raw

    def split(self, arguments: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments that are passed by position, and those by keyword."""
        by_keyword = keyword_only(self.function)
        named = [name for name, _, _ in self.parameters]
        keywords = {name: one for name, one in zip(named, arguments, strict=True) if name in by_keyword}
        return [one for name, one in zip(named, arguments, strict=True) if name not in by_keyword], keywords

    def _in_order(self) -> list[tuple[str, str | None, Any]]:
        """Return the parameters as :meth:`split` orders them."""
        by_keyword = keyword_only(self.function)
        return sorted(self.parameters, key=lambda parameter: parameter[0] in by_keyword)

    def text(self, case: Case) -> str:
        """Return the call as a student would write it."""
        name = getattr(self.function, "__name__", "function")
        arguments = ", ".join(
            f"{parameter}={show(value)}"
            for (parameter, _, _), value in zip(self.parameters, self.values(case), strict=True)
        )
        return f"{name}({arguments})"


def _packed(given: Mapping[str, Any], role: str) -> Any:
    """Return the argument of a role; of several, ``image+kernels``, a tuple."""
    return given[role] if role in given else tuple(given[one] for one in role.split("+"))


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
    surplus = len(required) > len(roles)
    for name in names:
        known = _extra(name, extras, surplus=surplus)
        if known is not None and (name in required or len(fixed) + len(roles) < len(names)):
            fixed[name] = known
    places = [name for name in names if name not in fixed][: max(len(roles), len(required) - len(fixed))]
    if len(places) < len(roles) and (packed := _cached(places, roles)):
        yield tuple((name, packed.get(name), None) for name in places)
        return
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
    used += [name for name in names[last + 1 :] if name in required or _follows_the_case(name, fixed)]
    choices = [name for name in used if name in fixed]
    for matched in _orders(roles, places):
        for values in itertools.product(*(fixed[name] for name in choices)):
            chosen = dict(zip(choices, values, strict=True))
            yield tuple((n, matched[n], None) if n in matched else (n, None, chosen[n]) for n in used)


def _extra(name: str, extras: Mapping[str, Sequence[Any]], *, surplus: bool) -> Sequence[Any] | None:
    """Return the values to try for a parameter that is none of the roles; None where it is not known.

    An extra is the beginning of a name; with "=" before it the whole name, and asked only where a function
    wants more arguments than there are roles.
    """
    plain = plain_name(name)
    for extra, values in extras.items():
        if plain == extra[1:] and surplus if extra.startswith("=") else plain.startswith(extra):
            return values
    return None


def _cached(places: Sequence[str], roles: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the roles of a function that takes several of them as one tuple, called cache or saved."""
    tuples = [name for name in places if plain_name(name).startswith(("cache", "saved", "memory"))]
    if len(tuples) != 1:
        return {}
    alone, first = [name for name in places if name not in tuples], next(iter(roles))
    if len(alone) != 1:
        return {}
    return {alone[0]: first, tuples[0]: "+".join(role for role in roles if role != first)}


def _follows_the_case(name: str, fixed: Mapping[str, Sequence[Any]]) -> bool:
    """Return whether a default may be wrong, as the right stride depends on the case."""
    return name in fixed and plain_name(name).startswith(("strid", "step")) and callable(fixed[name][0])


def invoke(
    function: Callable[..., Any], arguments: list[Any], keywords: dict[str, Any]
) -> tuple[Any, list[int]]:
    """Call a function, wherever it runs; return its result, and which arguments it changed."""
    if isinstance(function, RemoteFunction):
        return function.invoke(arguments, keywords)
    before = copy.deepcopy([*arguments, *keywords.values()])
    raw = function(*arguments, **keywords)
    after = [*arguments, *keywords.values()]
    plain = decode(*encode(raw, lambda _: 0))  # as it comes back from another process
    return plain, [i for i, old in enumerate(before) if not unchanged(old, after[i])]


def reseed(function: Callable[..., Any], seed: int) -> None:
    """Seed the generator that students use, ``np.random``, in the process that the function runs in."""
    if isinstance(function, RemoteFunction):
        function.reseed(seed)
    else:
        np.random.seed(seed)  # noqa: NPY002 - the student's generator


def keyword_only(function: Callable[..., Any]) -> set[str]:
    """Return the names of the parameters that are passed by keyword only."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return set()
    return {p.name for p in found if p.kind is p.KEYWORD_ONLY}


def _orders(roles: Mapping[str, tuple[str, ...]], places: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield which parameter has which role: by name first, then every other order."""
    by_name: dict[str, str] = {}
    for role, others in roles.items():
        for place in places:
            if place not in by_name and plain_name(place) in others:
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
    """Return the names of the parameters that a call gives, and of those without a default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        names = [f"argument {i + 1}" for i in range(needed)]
        return names, names
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        names = [f"argument {i + 1}" for i in range(needed)]
        return names, names
    named = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
    usable = [p for p in named if p.kind is not p.KEYWORD_ONLY or p.default is p.empty]
    return [p.name for p in usable], [p.name for p in usable if p.default is p.empty]


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


def _not_an_array(kind: str) -> str:
    if kind in ("generator", "map", "zip", "filter", "range"):
        return (
            f"it returns a {kind}, in which nothing is computed until somebody goes through it, not an "
            "array of "
            "numbers: write np.array([... for ...]) with square brackets, and return in place of yield"
        )
    return f"it returns a {kind}, which is not an array of numbers"


def _kind(raw: Any) -> str:
    shape = getattr(raw, "shape", None)
    return f"a {type(raw).__name__}" + (f" of shape {shape}" if shape is not None else "")
