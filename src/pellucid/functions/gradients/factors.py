"""Names for the factor by which a gradient is off: 2, N, H·W, …, found among the extents at hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

LETTERS = {
    "output": {4: "NHWK", 3: "HWK", 2: "NU", 1: "N"},
    "images": {4: "NHWC", 3: "HWC", 2: "ND", 1: "D"},
    "weights": {4: "RSCK", 3: "RSC", 2: "DU", 1: "U"},
}
HINTS = {
    "1/N": "averaged over the batch where the sum is due",
    "N": "summed over the batch where the average is due",
}


def known_factors(
    output: tuple[int, ...], arguments: Mapping[str, tuple[int, ...]], batch_axis: int | None
) -> list[tuple[float, str]]:
    """List the numbers that a wrong factor may be, each with its name, the likeliest first.

    They are 2, the batch size, and each product of neighbouring extents of the output and the arguments.

    Examples
    --------
    >>> known_factors((30, 10), {"inputs": (30, 64)}, batch_axis=0)[:3]
    [(2.0, '2'), (30.0, 'N with N=30'), (10.0, 'U with U=10 of the output')]
    """
    images = _batch_size(output, arguments, batch_axis)
    factors = [(2.0, "2")]
    if images is not None:
        factors.append((float(images), f"N with N={images}"))
    for name, shape in arguments.items():
        if len(shape) == len(output) >= 3:
            area = math.prod(shape) / math.prod(output)
            factors.append(
                (area, f"A with A={area:g}, the size of {name} over the output's: a window's area")
            )
    factors += _products(output, LETTERS["output"].get(len(output), ""), "the output")
    for position, (name, shape) in enumerate(arguments.items()):
        letters = LETTERS["weights" if position else "images"].get(len(shape), "")
        factors += _products(shape, letters, name)
    return [(value, name) for value, name in factors if value not in (0, 1)]


def name_factor(factor: float, factors: list[tuple[float, str]]) -> str:
    """Return ``", 1/N with N=30 (…)"`` for a factor among ``factors`` or their inverses; else ``""``.

    Examples
    --------
    >>> name_factor(1 / 30, [(30.0, "N with N=30")])
    ', 1/N with N=30 (averaged over the batch where the sum is due)'
    >>> name_factor(-2.0, [(2.0, "2")])
    ', -2'
    """
    sign, size = "-" if factor < 0 else "", abs(factor)
    names: list[str] = []
    for value, name in factors:
        symbol, _, rest = name.partition(" with ")
        inverse = f"1/({symbol})" if "·" in symbol else f"1/{symbol}"
        for candidate, written in ((value, symbol), (1 / value, inverse)):
            if abs(size / candidate - 1) < 1e-4:
                where = f" with {rest}" if rest else ""
                hint = f" ({HINTS[written]})" if written in HINTS and not sign else ""
                names.append(f"{sign}{written}{where}{hint}")
    distinct = list(dict.fromkeys(names))[:2]
    return ", " + " or ".join(distinct) if distinct else ""


def _batch_size(
    output: tuple[int, ...], arguments: Mapping[str, tuple[int, ...]], batch_axis: int | None
) -> int | None:
    """Return the output's extent along the batch axis, or for a scalar output the first argument's."""
    for shape in (output, *arguments.values()):
        if batch_axis is not None and -len(shape) <= batch_axis < len(shape):
            return shape[batch_axis]
    return None


def _products(shape: tuple[int, ...], letters: str, owner: str) -> list[tuple[float, str]]:
    """Name each product of neighbouring extents: H·W with H·W=676 of the output."""
    found = []
    for count in range(1, len(letters) + 1):
        for start in range(len(letters) - count + 1):
            symbol = "·".join(letters[start : start + count])
            if symbol == "N":  # already named, as the batch size
                continue
            product = math.prod(shape[start : start + count])
            found.append((float(product), f"{symbol} with {symbol}={product} of {owner}"))
    # Rows times columns is likelier than either alone.
    return sorted(found, key=lambda pair: not pair[1].startswith("H·W with"))
