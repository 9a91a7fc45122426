"""What happens to images, labels and confusion matrices in a student's code, as far as its text tells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from pellucid.examiner.written import confusion
from pellucid.examiner.written.keras_names import COUNTS, LARGEST_VALUE, SHAPES
from pellucid.examiner.written.values import (
    Confusions,
    Counts,
    Data,
    HistoryOf,
    Name,
    Predicted,
    Remark,
    Unknown,
    known,
)

DIGITS = 1797
SAME = ("astype", "copy", "numpy", "asarray", "array", "float32", "to_numpy", "cast", "squeeze", "tolist")
Arguments = list[Any]
Keywords = Mapping[str, Any]


def load(dataset: str) -> Any:
    """Return what ``load_data`` of a dataset gives: training and test images and labels."""
    shape, count = SHAPES[dataset], COUNTS[dataset]
    return tuple(
        (Data(dataset, part, "images", (n, *shape)), Data(dataset, part, "labels", (n,)))
        for part, n in (("train", count), ("test", 10_000))
    )


def attribute(node: ast.Attribute, value: Any) -> Any:
    """Return an attribute of images, labels, or scikit-learn's digits."""
    if isinstance(value, Data):
        if value.what == "bunch":
            return _digits(node.attr)
        if node.attr == "shape" and value.shape is not None:
            return value.shape
        if node.attr == "ndim" and value.shape is not None:
            return len(value.shape)
        return value if node.attr == "T" and value.what == "labels" else Unknown(ast.unparse(node))
    if isinstance(value, Confusions) and node.attr == "T":
        return replace(value, transposed=not value.transposed)
    return Unknown(ast.unparse(node))


def item(node: ast.Subscript, value: Any, index: Any) -> Any:
    """Return a part of images or labels, or counts with an axis more."""
    if isinstance(value, Data) and value.what == "bunch":
        return _digits(index) if isinstance(index, str) else Unknown()
    if isinstance(value, Counts):
        return confusion.counts_item(value, index)
    if isinstance(value, Data) and value.shape is not None:
        return _data_item(value, index if isinstance(index, tuple) else (index,))
    if isinstance(value, Name) and value.last == "eye":
        return Unknown()
    return value if isinstance(value, Data | Predicted) else Unknown(ast.unparse(node))


def operation(node: ast.AST, sign: ast.operator, left: Any, right: Any, remarks: list[Remark]) -> Any:
    """Return the result of an operation; a confusion matrix divided along the wrong axis is remarked."""
    if isinstance(left, Confusions) and isinstance(sign, ast.Div):
        remarks += confusion.divided(left, right, getattr(node, "lineno", 0))
        return left
    if isinstance(left, Confusions):
        return left
    if isinstance(left, Data) and isinstance(sign, ast.Div):
        return replace(left, divided_by=float(right)) if isinstance(right, int | float) else left
    if isinstance(left, Data) and isinstance(sign, ast.Mult) and isinstance(right, float) and right:
        return replace(left, divided_by=round(1 / right, 6))
    if isinstance(left, Data):
        return left
    return right if isinstance(right, Data) and isinstance(sign, ast.Mult | ast.Sub) else Unknown()


def call(
    node: ast.Call,
    owner: Any,
    function: Any,
    arguments: Arguments,
    keywords: Keywords,
    remarks: list[Remark],
) -> Any:
    """Return what a call on arrays gives."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    name = function.last if isinstance(function, Name) else method
    subject = owner if isinstance(owner, Data | Predicted | Confusions | Counts | list | str) else None
    subjects = ([subject] if subject is not None else []) + arguments
    if name == "load_data":
        return _loaded(function)
    if name == "load_digits":
        bunch = Data("digits", "all", "bunch")
        return (_digits("data"), _digits("target")) if keywords.get("return_X_y") else bunch
    if name == "train_test_split":
        return _split(arguments, keywords)
    if name == "confusion_matrix":
        matrix, wrong = confusion.made(arguments, keywords, node.lineno)
        remarks += wrong
        return matrix
    if name == "DataFrame" and arguments and isinstance(arguments[0], HistoryOf):
        return arguments[0]
    if name in ("divide", "true_divide") and len(subjects) > 1:
        return operation(node, ast.Div(), subjects[0], subjects[1], remarks)
    handle = FUNCTIONS.get(name)
    if handle is None and name in SAME and subjects:
        return subjects[0]
    if handle is None or not subjects:
        return dict(keywords) if name == "dict" else _builtin(name, arguments)
    return handle(subjects, keywords)


def _loaded(function: Any) -> Any:
    parts = function.path.split(".") if isinstance(function, Name) else []
    dataset = parts[-2] if len(parts) > 1 else ""
    return load(dataset) if dataset in SHAPES else Unknown()


def _digits(name: str) -> Any:
    whole = {
        "images": Data("digits", "all", "images", (DIGITS, 8, 8)),
        "data": Data("digits", "all", "images", (DIGITS, 64)),
        "target": Data("digits", "all", "labels", (DIGITS,)),
    }
    return whole.get(name, Unknown(name))


def _data_item(value: Data, index: tuple[Any, ...]) -> Any:
    if value.shape is None or any(isinstance(one, Unknown | Data | Predicted) for one in index):
        return value
    left, shape = list(value.shape), list[int]()
    ellipsis = len(left) - sum(one is not None and one is not Ellipsis for one in index)
    for one in index:
        if _is_new_axis(one):
            shape.append(1)
        elif one is Ellipsis:
            shape += [left.pop(0) for _ in range(ellipsis)]
        elif isinstance(one, slice) and left:
            shape.append(len(range(*one.indices(left.pop(0)))))
        elif left:
            left.pop(0)
    return replace(value, shape=(*shape, *left))


def _is_new_axis(one: Any) -> bool:
    return one is None or (isinstance(one, Name) and one.last == "newaxis")


def _reshape(subjects: Arguments, keywords: Keywords) -> Any:
    data, rest = subjects[0], subjects[1:]
    shape = keywords.get("newshape", keywords.get("shape", rest[0] if len(rest) == 1 else tuple(rest)))
    if isinstance(data, Counts):
        return confusion.counts_reshaped(data, shape)
    if not isinstance(data, Data):
        return data
    sides = list(shape) if isinstance(shape, tuple | list) else [shape]
    if data.shape is None or not all(isinstance(one, int) for one in sides):
        return replace(data, shape=None)
    others = prod(one for one in sides if one != -1)
    size = prod(data.shape)
    whole = [size // others if one == -1 and others else one for one in sides]
    return replace(data, shape=tuple(whole))


def _flattened(subjects: Arguments, keywords: Keywords) -> Any:
    return _reshape([subjects[0], -1], keywords)


def _expanded(subjects: Arguments, keywords: Keywords) -> Any:
    data, axis = subjects[0], keywords.get("axis", subjects[1] if len(subjects) > 1 else -1)
    if isinstance(data, Counts):
        return Counts("row" if axis == 0 else "column", data.by_columns)
    if not isinstance(data, Data) or data.shape is None or not isinstance(axis, int):
        return data
    shape = list(data.shape)
    shape.insert(axis if axis >= 0 else len(shape) + 1 + axis, 1)
    return replace(data, shape=tuple(shape))


def _one_hot(subjects: Arguments, keywords: Keywords) -> Any:
    data = next((one for one in subjects if isinstance(one, Data)), None)
    if data is None or data.shape is None:
        return data or Unknown()
    return replace(data, one_hot=True, shape=(data.shape[0], 10))


def _split(arguments: Arguments, keywords: Keywords) -> Any:
    """Return what ``train_test_split`` gives: for each array its training and its other part."""
    share = keywords.get("test_size", 0.25)
    parts: list[Any] = []
    for data in arguments:
        if not isinstance(data, Data):
            parts += [Unknown(), Unknown()]
            continue
        other = "test" if data.part == "all" else "validation"
        first, second = replace(data, part="train"), replace(data, part=other)
        if data.shape is not None and isinstance(share, int | float):
            n = data.shape[0]
            left = int(share) if share >= 1 else -int(-n * share // 1)
            first = replace(first, shape=(n - left, *data.shape[1:]))
            second = replace(second, shape=(left, *data.shape[1:]))
        parts += [first, second]
    return tuple(parts)


def _largest(subjects: Arguments, keywords: Keywords) -> Any:
    data = subjects[0]
    if isinstance(data, Data) and data.what == "images" and data.divided_by is None:
        return LARGEST_VALUE.get(data.dataset, 255)
    return Unknown()


def _summed(subjects: Arguments, keywords: Keywords) -> Any:
    axis = keywords.get("axis", subjects[1] if len(subjects) > 1 else None)
    return confusion.summed(subjects[0], axis, keepdims=bool(keywords.get("keepdims")))


def _classes(subjects: Arguments, keywords: Keywords) -> Any:
    """Return labels from probabilities or from one-hot labels."""
    found = subjects[0]
    if isinstance(found, Data) and found.shape is not None:
        return replace(found, one_hot=False, shape=found.shape[:1])
    return found


def _unique(subjects: Arguments, keywords: Keywords) -> Any:
    return (Unknown(), Counts("flat")) if keywords.get("return_counts") else Unknown()


def _counted(subjects: Arguments, keywords: Keywords) -> Any:
    return Counts("flat")


FUNCTIONS: Mapping[str, Callable[[Arguments, Keywords], Any]] = {
    "reshape": _reshape,
    "ravel": _flattened,
    "flatten": _flattened,
    "expand_dims": _expanded,
    "to_categorical": _one_hot,
    "one_hot": _one_hot,
    "get_dummies": _one_hot,
    "fit_transform": _one_hot,
    "max": _largest,
    "amax": _largest,
    "sum": _summed,
    "argmax": _classes,
    "unique": _unique,
    "bincount": _counted,
    "value_counts": _counted,
}


def _builtin(name: str, arguments: Arguments) -> Any:
    """Return what a built-in function gives for plain values."""
    if not arguments:
        return Unknown(name)
    first = arguments[0]
    if name == "len":
        if isinstance(first, Data) and first.shape:
            return first.shape[0]
        return len(first) if isinstance(first, list | tuple | str) else Unknown()
    if name == "range" and all(isinstance(one, int) for one in arguments) and arguments[-1:] != [0]:
        return list(range(*arguments[:2])[:100]) if len(arguments) < 3 else Unknown()
    if name in ("int", "float") and isinstance(first, int | float):
        return int(first) if name == "int" else float(first)
    if name in ("list", "tuple") and isinstance(first, list | tuple):
        return list(first) if name == "list" else tuple(first)
    if name == "enumerate" and isinstance(first, list | tuple):
        return list(enumerate(first))
    if name == "zip" and all(isinstance(one, list | tuple) for one in arguments):
        return list(zip(*arguments, strict=False))
    return Unknown(name) if not known(first) else Unknown()
