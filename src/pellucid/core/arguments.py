"""Checks of numeric arguments, with errors that say what would be right."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import TYPE_CHECKING, SupportsIndex, TypeGuard, cast

from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable


def real_number(where: str, name: str, value: object, interval: str = "(-inf, inf)") -> float:
    """Return ``value`` as a float, if it is a finite number inside ``interval``.

    Parameters
    ----------
    where
        The class or function as the user calls it, such as ``"SGD"``.
    name
        The name of the argument.
    value
        Its value; whole numbers and NumPy numbers are accepted.
    interval
        In mathematical notation: ``"[0, 1)"`` includes 0 and excludes 1.

    Raises
    ------
    ArgumentError
        When it is not a number, not finite, or outside.

    Examples
    --------
    >>> real_number("SGD", "momentum", 1, "[0, 1]")
    1.0
    >>> real_number("SGD", "momentum", -0.5, "[0, 1]")
    Traceback (most recent call last):
    ...
    pellucid.errors.ArgumentError: SGD takes momentum as a number in [0, 1]. Received: momentum=-0.5
    """
    if is_real(value, interval):
        return float(value)
    wanted = "a finite number" if interval == "(-inf, inf)" else f"a number in {interval}"
    raise ArgumentError(f"{where} takes {name} as {wanted}. Received: {name}={value!r}")


def whole_number(where: str, name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """Return ``value`` as an int, if it is a whole number from ``least`` to ``most``.

    Parameters
    ----------
    where
        The class or function as the user calls it; "" if the name is enough.
    least, most
        The smallest and the largest allowed; None means that there is no largest.

    Raises
    ------
    ArgumentError
        When it is not such a number.

    Examples
    --------
    >>> whole_number("HeNormal", "seed", 0.5, least=0)
    Traceback (most recent call last):
    ...
    pellucid.errors.ArgumentError: HeNormal takes seed as a whole number of at least 0. Received: seed=0.5
    >>> whole_number("", "threads", 0)
    Traceback (most recent call last):
    ...
    pellucid.errors.ArgumentError: threads is a whole number of at least 1. Received: threads=0
    """
    if is_whole(value, least, most):
        return operator.index(value)
    rule = f"{where} takes {name} as" if where else f"{name} is"
    bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
    raise ArgumentError(f"{rule} a whole number {bounds}. Received: {name}={value!r}")


def whole_pair(where: str, name: str, value: object, least: int = 1) -> tuple[int, int]:
    """Return one whole number p as (p, p), and a pair unchanged, each number at least ``least``.

    Parameters
    ----------
    where
        The class or function as the user calls it; "" if the name is enough.

    Raises
    ------
    ArgumentError
        When it is neither.

    Examples
    --------
    >>> whole_pair("Conv2D", "strides", 2), whole_pair("Conv2D", "strides", [2, 1])
    ((2, 2), (2, 1))
    """
    try:
        both = tuple(cast("Iterable[SupportsIndex]", value))
    except TypeError:  # not several numbers
        both = (cast("SupportsIndex", value),) * 2
    if len(both) == 2 and all(is_whole(number, least) for number in both):
        return operator.index(both[0]), operator.index(both[1])
    rule = f"{where} takes {name} as" if where else f"{name} must be"
    raise ArgumentError(
        f"{rule} one whole number or two (vertical, horizontal), each at least {least}. "
        f"Received: {name}={value!r}"
    )


def is_whole(value: object, least: int = 1, most: int | None = None) -> TypeGuard[SupportsIndex]:
    """Return whether ``value`` is a Python or NumPy whole number from ``least`` to ``most``.

    For errors that say more than those of :func:`whole_number`.

    Examples
    --------
    >>> is_whole(3), is_whole(0), is_whole(0, least=0), is_whole(9, most=8), is_whole(2.0), is_whole(True)
    (True, False, True, False, False, False)
    """
    try:
        number = operator.index(cast("SupportsIndex", value))
    except TypeError:
        return False
    return not isinstance(value, bool) and number >= least and (most is None or number <= most)


def is_real(value: object, interval: str = "(-inf, inf)") -> TypeGuard[float]:
    """Return whether ``value`` is a finite Python or NumPy number inside ``interval``.

    For errors that say more than those of :func:`real_number`.

    Examples
    --------
    >>> is_real(1, "[0, 1]"), is_real(1, "[0, 1)"), is_real(float("nan")), is_real("1"), is_real(True)
    (True, False, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Real) and _is_within(value, interval)


def _is_within(number: Real, interval: str) -> bool:
    try:
        value = float(number)
    except OverflowError:  # a whole number too large for a float
        return False
    low, high = (float(bound) for bound in interval[1:-1].split(","))
    above = value > low or (value == low and interval.startswith("["))
    below = value < high or (value == high and interval.endswith("]"))
    return math.isfinite(value) and above and below
