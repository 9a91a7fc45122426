"""Convert dataclasses to JSON and back, by the types of their fields.

* A field that is None, and is None by default, is left out.
* A number that is NaN or infinite is null. If a field's default is None, null means NaN and absence None.
* Unknown keys are ignored: a later release may have written them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from pellucid.errors import ArgumentError, PellucidError

T = TypeVar("T")
JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

NOUNS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


class RecordError(ValueError):
    """JSON that does not fit the record; the message names the field."""


def to_json(value: object) -> JSON:
    """Return a record, or any field value, as JSON-able data.

    Raises
    ------
    ArgumentError
        A value of a type that JSON does not have.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> to_json(Processor(name="A processor"))
    {'name': 'A processor'}
    >>> to_json({"accuracy": np.float32(0.5), "loss": float("nan")})
    {'accuracy': 0.5, 'loss': None}
    """
    if isinstance(value, Enum):
        return to_json(value.value)
    if is_dataclass(value):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: to_json(one) for field, one in pairs if not (one is None and _optional(field))}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise ArgumentError(
        f"A run folder keeps numbers, texts, lists and mappings, not values of type {type(value).__name__}. "
        f"Convert it first, a path for example with str(). Received: value={value!r}"
    )


def to_object(record: object) -> dict[str, JSON]:
    """Return a record as JSON-able data, always an object.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> to_object(Processor(name="A processor", count=8))
    {'name': 'A processor', 'count': 8}
    """
    content = to_json(record)
    if not isinstance(content, dict):
        raise ArgumentError(f"A record is a dataclass. Received: record={record!r}")
    return content


def from_json(kind: type[T], value: object, place: str = "") -> T:
    """Return the record of type ``kind`` that :func:`to_json` wrote.

    Parameters
    ----------
    place
        Name of the field that ``value`` belongs to, for messages.

    Raises
    ------
    RecordError
        A field is missing or holds a value of another type.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> from_json(Processor, {"name": "A processor", "count": 8, "speed": 3.2})
    Processor(name='A processor', count=8)
    >>> from_json(Processor, {"count": 8}, "cpu")
    Traceback (most recent call last):
    ...
    pellucid.runs.record.json_form.RecordError: has no 'cpu.name'
    """
    read: T = _reader(kind)(value, place)
    return read


@cache
def types_of(record: type) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    return get_type_hints(record)


def record_fields(record: type) -> list[Field[Any]]:
    """Return the fields of a dataclass that its constructor takes."""
    return [field for field in fields(record) if field.init]


def is_required(field: Field[Any]) -> bool:
    """Return whether a field has no default."""
    return field.default is MISSING and field.default_factory is MISSING


def _optional(field: Field[Any]) -> bool:
    return field.default is None


def _reader(kind: Any) -> Callable[[object, str], Any]:
    """Return the function that reads values of this type, given the value and the name of its field."""
    if kind is Any:
        return lambda value, place: value
    if is_dataclass(kind):
        return lambda value, place: _record(kind, value, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value, place: kind(_one_of([one.value for one in kind], value, place))
    if kind in NOUNS:
        return lambda value, place: _plain(kind, value, place)
    return lambda value, place: _compound(kind, value, place)


def _compound(kind: Any, value: object, place: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        chosen = next(one for one in inner if one is not NoneType)
        return None if value is None else _reader(chosen)(value, place)
    if origin is Literal:
        return _one_of(inner, value, place)
    if origin is tuple:
        return _tuple(inner, value, place)
    if origin is list:
        return list(_tuple((inner[0], ...), value, place))
    if origin is dict:
        items = _of_kind(Mapping, value, place, "an object").items()
        return {_key(inner[0], key, place): _reader(inner[1])(one, f"{place}.{key}") for key, one in items}
    if origin is np.ndarray:
        return np.asarray(_of_kind(list, value, place, "a list"))
    raise TypeError(f"A record has no fields of type {kind}")


def _record(kind: Any, value: object, place: str) -> Any:
    content: Mapping[str, object] = _of_kind(Mapping, value, place, "an object")
    read = {}
    for field in record_fields(kind):
        inside = f"{place}.{field.name}" if place else field.name
        if field.name in content:
            read[field.name] = _field(field, types_of(kind)[field.name], content[field.name], inside)
        elif is_required(field):
            raise RecordError(f"has no {inside!r}")
    try:
        return kind(**read)
    except PellucidError as error:
        raise RecordError(f"has a {place or kind.__name__} that cannot be: {error}") from error


def _field(field: Field[Any], kind: Any, value: object, place: str) -> Any:
    if value is None and _optional(field) and float in get_args(kind):
        return math.nan
    return _reader(kind)(value, place)


def _plain(kind: type, value: object, place: str) -> Any:
    if kind is float and value is None:
        return math.nan
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and number:
        try:
            return float(value)  # type: ignore[arg-type]  # checked to be a number
        except OverflowError:
            raise _fault("a whole number too large for a float", place, NOUNS[kind]) from None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _fault(value, place, NOUNS[kind])
    return value


def _tuple(inner: tuple[Any, ...], value: object, place: str) -> tuple[Any, ...]:
    entries: list[object] = _of_kind(list, value, place, "a list")
    kinds = [inner[0]] * len(entries) if inner[-1] is Ellipsis else list(inner)
    if len(kinds) != len(entries):
        raise _fault(value, place, f"a list of {len(kinds)}")
    pairs = zip(kinds, entries, strict=True)
    return tuple(_reader(kind)(entry, f"{place}[{i}]") for i, (kind, entry) in enumerate(pairs))


def _key(kind: Any, key: str, place: str) -> Any:
    if kind is int and not key.isdigit():
        raise _fault(key, place, "a whole number as a key")
    return kind(key)


def _one_of(known: Any, value: object, place: str) -> object:
    if value not in known:
        raise _fault(value, place, f"one of {', '.join(map(str, known))}")
    return value


def _of_kind(kind: Any, value: object, place: str, noun: str) -> Any:
    if not isinstance(value, kind):
        raise _fault(value, place, noun)
    return value


def _fault(value: object, place: str, noun: str) -> RecordError:
    if not place:
        return RecordError(f"holds a {type(value).__name__} where {noun} belongs")
    return RecordError(f"has {place}={value!r} where {noun} belongs")
