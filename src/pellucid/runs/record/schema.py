"""JSON Schemas of the run folder's files, made from the records."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import numpy as np

from pellucid.runs.documents import RECORDS
from pellucid.runs.record.json_form import is_required, record_fields, types_of

Schema: TypeAlias = dict[str, Any]

PLAIN = {bool: "boolean", int: "integer", float: ["number", "null"], str: "string"}


def schema_of(kind: Any, title: str) -> Schema:
    """Return the JSON Schema (2020-12) of a record, with nested records under ``$defs``.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> schema_of(Processor, "cpu")["$defs"]["Processor"]["properties"]
    {'name': {'type': 'string'}, 'count': {'type': ['integer', 'null']}}
    """
    parts: dict[str, Schema] = {}
    whole = _schema(kind, parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **whole,
        "$defs": dict(sorted(parts.items())),
    }


def _schema(kind: Any, parts: dict[str, Schema]) -> Schema:
    if kind is Any:
        return {}
    if is_dataclass(kind):
        return _record(kind, parts)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [one.value for one in kind]}
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _or_null(_schema(next(one for one in inner if one is not NoneType), parts))
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple and inner[-1] is not Ellipsis:
        items = [_schema(one, parts) for one in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if origin in (tuple, list):
        return {"type": "array", "items": _schema(inner[0], parts)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1], parts)}
    if origin is np.ndarray:
        return {"type": "array"}
    raise TypeError(f"A record has no fields of type {kind}")


def _record(kind: Any, parts: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in parts:
        parts[name] = {}  # ends the recursion of nested records
        types = types_of(kind)
        parts[name] = {
            "description": (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " "),
            "type": "object",
            "properties": {field.name: _schema(types[field.name], parts) for field in record_fields(kind)},
            "required": [field.name for field in record_fields(kind) if is_required(field)],
        }
    return {"$ref": f"#/$defs/{name}"}


def _or_null(schema: Schema) -> Schema:
    of_type = schema.get("type")
    if of_type is None:
        return {"anyOf": [schema, {"type": "null"}]}
    types = of_type if isinstance(of_type, list) else [of_type]
    return {**schema, "type": list(dict.fromkeys([*types, "null"]))}


def schemas() -> dict[str, Schema]:
    """Return the schema of each JSON file of a run folder, by the file's name."""
    return {file: schema_of(kind, f"{file} of a pellucid run") for file, kind in RECORDS.items()}
