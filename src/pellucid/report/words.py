"""Numbers and settings in readable form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

# Not strftime's names, which depend on the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def count(number: float) -> str:
    """Return a count with thousands separators.

    Examples
    --------
    >>> count(1199882)
    '1,199,882'
    """
    return f"{number:,.0f}"


def moment(iso: str) -> str:
    """Return an ISO 8601 time in UTC in readable form; anything else is returned unchanged.

    Examples
    --------
    >>> moment("2026-03-09T05:20:26+00:00"), moment("yesterday")
    ('9 March 2026, 05:20 UTC', 'yesterday')
    """
    try:
        time = datetime.fromisoformat(iso).astimezone(UTC)
    except ValueError:
        return iso
    return f"{time.day} {MONTHS[time.month - 1]} {time:%Y, %H:%M} UTC"


def local_moment(iso: str | None) -> str:
    """Return an ISO 8601 time as date and time of day here; "–" if there is none, or it is none.

    Examples
    --------
    >>> local_moment(None), len(local_moment("2026-03-09T05:20:26+00:00"))
    ('–', 16)
    """
    try:
        return f"{datetime.fromisoformat(iso or '').astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return "–"


def size(number: int) -> str:
    """Return a number of bytes in readable form.

    Examples
    --------
    >>> size(900), size(16_200_000), size(2_500_000_000)
    ('1 kB', '16 MB', '2.5 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if number >= unit:
            return f"{number / unit:.1f} {name}" if number < 10 * unit else f"{number / unit:.0f} {name}"
    return f"{number / 1e3:.0f} kB"


def listed(names: Sequence[object], most: int = 20) -> str:
    """Return a list of names, and the number of the rest if there are more than ``most``.

    Examples
    --------
    >>> listed(["cat", "dog"]), listed(range(5), most=3)
    ('cat, dog', '0, 1, 2 and 2 more')
    """
    shown = ", ".join(str(name) for name in names[:most])
    rest = len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def setting(value: Any) -> str:
    """Return any setting in one line: mappings as "key value", unset values left out.

    Examples
    --------
    >>> setting({"validation": 0.2, "stratified": True, "seed": None})
    'validation 0.2, stratified yes'
    >>> setting({"name": "adadelta", "config": {"learning_rate": 1.0}})
    'adadelta (learning_rate 1.0)'
    >>> setting({"module": "keras.losses", "class_name": "Decay", "config": {"rate": 0.5, "name": "Decay"}})
    'Decay (rate 0.5)'
    """
    if isinstance(value, Mapping):
        if {"class_name", "config"} <= set(value):  # a serialised object, such as a learning-rate schedule
            config = {key: inner for key, inner in value["config"].items() if key != "name"}
            value = {"name": value["class_name"], "config": config}
        if set(value) == {"name", "config"}:
            inner = setting(value["config"])
            return f"{value['name']} ({inner})" if inner else str(value["name"])
        return ", ".join(f"{key} {setting(inner)}" for key, inner in value.items() if inner is not None)
    if isinstance(value, list | tuple):
        return " × ".join(setting(inner) for inner in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < 10_000 else count(value)
    return str(value)


def image_shape(shape: Sequence[int]) -> str:
    """Return the shape of one image, (H, W) or (H, W, C), in words.

    Examples
    --------
    >>> image_shape([28, 28, 1]), image_shape([32, 32, 3])
    ('28 × 28 pixels, grey', '32 × 32 pixels, colour')
    """
    if len(shape) == 3 and shape[2] not in (1, 3):
        return f"{shape[0]} × {shape[1]} pixels, {shape[2]} channels"
    if len(shape) in (2, 3):
        return f"{shape[0]} × {shape[1]} pixels, {'colour' if len(shape) == 3 and shape[2] == 3 else 'grey'}"
    return setting(list(shape)) + " values"
