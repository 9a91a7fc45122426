"""Checks that every number in an answer comes from its results.

A number is supported when some result, rounded to as many places as the text shows, equals it. In a clause
about percentages or points the result may be a share (0.9896 for 98.96 %); in one about milliseconds it may
be in seconds. A minus sign may be expressed in words ("worse by"), and a bound ("p < 0.0001") needs only a
result below it. Code between backticks and numbers inside names (mnist-cnn-64, CIFAR-10, 3×3) do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pellucid.lab.document import Section

CODE = re.compile(r"`[^`]*`")
CLAUSE = re.compile(r"[.;:](?:\s|$)")
NUMBER = re.compile(
    r"(?P<bound>< )?(?<![\w.×/-])(?P<number>[-−+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w×/]|\.\d)"
)
UNITS = ((re.compile(r"%|\bpoints?\b"), 100), (re.compile(r"\bms\b"), 1000))


def unsupported_in(section: Section) -> list[str]:
    """Return the numbers in a section's measured texts that none of its results supports.

    Examples
    --------
    >>> from pellucid.lab.document import Section
    >>> section = Section("Q5", "", "")
    >>> section.record(accuracy=0.98957, images=10000)
    >>> section.say("It reads 98.96 % of 10,000 images right, and not 97.50 %.")
    >>> unsupported_in(section)
    ['97.50']
    """
    numbers = list(numbers_in(section.results))
    return [number for text in section.measured_texts() for number in unsupported_numbers(text, numbers)]


def unsupported_numbers(text: str, results: Sequence[float]) -> list[str]:
    """Return the numbers of a text that no result rounds to.

    Examples
    --------
    >>> unsupported_numbers("from 0.25 to 0.75 in 3 epochs (p < 0.0001)", [0.2514, 3, 1e-9])
    ['0.75']
    """
    known = np.abs(np.array(results, np.float64))
    found = []
    for clause in CLAUSE.split(CODE.sub("", text)):
        scales = [1, *(scale for unit, scale in UNITS if unit.search(clause))]
        for match in NUMBER.finditer(clause):
            if not _is_supported(match, known, scales):
                found.append(match["number"])
    return found


def numbers_in(results: Any) -> Iterator[float]:
    """Yield every number in results; strings and booleans are left out.

    Examples
    --------
    >>> list(numbers_in({"a": 1, "b": [2.5, {"c": True, "d": "3"}]}))
    [1.0, 2.5]
    """
    if isinstance(results, Mapping):
        results = list(results.values())
    if isinstance(results, np.ndarray):
        results = results.ravel().tolist()
    if isinstance(results, list | tuple):
        for inner in results:
            yield from numbers_in(inner)
    elif isinstance(results, int | float | np.number) and not isinstance(results, bool):
        yield float(results)


def _is_supported(match: re.Match[str], known: NDArray[np.float64], scales: Sequence[int]) -> bool:
    mantissa, _, power = match["number"].replace(",", "").replace("−", "-").partition("e")
    scale = 10.0 ** int(power or 0)
    value, step = abs(float(mantissa)) * scale, scale * 10.0 ** -len(mantissa.partition(".")[2])
    if match["bound"]:
        return bool((known < value).any())
    near = 0.5 * step * (1 + 1e-6)
    return any(bool((np.abs(known * one - value) <= near).any()) for one in scales)
