"""Who takes part: pellucid in several circumstances, and each peer in each form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pellucid.bench.variants import OURS, PEERS, Variant

FAST = "pellucid-fast"  # with the extra that brings compiled kernels


@dataclass(frozen=True)
class Contender:
    """A variant in an environment: how many threads, and whether variables stay as the machine has them."""

    name: str
    variant: Variant
    environment: str
    threads: int
    keep_environment: bool = False

    @property
    def alone(self) -> bool:
        """Whether it is there to be held against pellucid itself, in training only."""
        return self.variant is OURS and (self.keep_environment or "thread" in self.name)


def contenders(threads: int, environments: Collection[str], variables: Mapping[str, str]) -> list[Contender]:
    """Return all that take part; ``variables`` are those of this machine that hold OpenBLAS back."""
    ours = []
    for environment in (one for one in (OURS.name, FAST) if one in environments):
        ours.append(Contender(environment, OURS, environment, threads))
        if threads > 1:
            ours.append(Contender(f"{environment}, 1 thread", OURS, environment, 1))
        if variables:
            ours.append(Contender(f"{environment}, variables set", OURS, environment, threads, True))
    peers = [Contender(one.name, one, one.family, threads) for one in PEERS if one.family in environments]
    return ours + peers
