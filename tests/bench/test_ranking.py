"""The best peer, and how many times as fast pellucid is."""

from __future__ import annotations

from pellucid.bench.ranking import best_peer, speed_up


def test_the_best_peer():
    rates = {"pellucid": 30.0, "jax": 10.0, "torch": 20.0, "torch-bfloat16": 99.0, "pellucid-as-set": 50.0}
    assert best_peer(rates) == "torch"
    assert speed_up(rates) == ("torch", 1.5)
    assert speed_up(rates, "pellucid-as-set") == ("torch", 2.5)
    assert speed_up({"pellucid": 1.0}) is None
    assert speed_up({"jax": 1.0}) is None
