"""The fastest peer of those measured, and how many times as fast pellucid is."""

from __future__ import annotations

from collections.abc import Mapping

from pellucid.bench.variants import OURS, VARIANTS


def best_peer(rates: Mapping[str, float]) -> str | None:
    """Return the fastest peer among the variants measured (a higher rate is faster), or None without peers.

    Variants that compute with less precision do not count, and neither does pellucid.

    Examples
    --------
    >>> best_peer({"pellucid": 9.0, "torch": 1.0, "jax": 2.0, "torch-bfloat16": 4.0})
    'jax'
    """
    peers = [name for name in rates if name in VARIANTS and name != OURS.name]
    counting = [name for name in peers if not VARIANTS[name].lower_precision]
    return max(counting, key=lambda name: rates[name], default=None)


def speed_up(rates: Mapping[str, float], ours: str = OURS.name) -> tuple[str, float] | None:
    """Return the best peer and how many times as fast as it ``ours`` is; None if either was not measured.

    Examples
    --------
    >>> speed_up({"pellucid": 9.0, "torch": 1.0, "jax": 2.0})
    ('jax', 4.5)
    """
    best = best_peer(rates)
    return None if best is None or ours not in rates else (best, rates[ours] / rates[best])
