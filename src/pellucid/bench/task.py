"""One measurement: the request to a measuring process, as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from pellucid.bench.network_spec import NetworkSpec

What = Literal["training", "prediction", "memory", "machine"]


@dataclass(frozen=True)
class Task:
    """One measurement.

    Attributes
    ----------
    what
        ``"training"``: images per second; ``"prediction"``: milliseconds for one image, images per second in
        batches; ``"memory"``: the peak while training one epoch; ``"machine"``: the ceiling and versions.
    variant
        Which library configuration; see :mod:`pellucid.bench.variants`.
    spec
        The network; None for ``"machine"``.
    threads
        How many threads it may use.
    rounds, seconds
        How many times it is timed, after a warm-up, and for how long each time.
    images
        For ``"memory"``: how many there are to train on.
    """

    what: What
    variant: str
    spec: NetworkSpec | None
    threads: int
    rounds: int = 5
    seconds: float = 1.0
    images: int = 10_000

    def to_config(self) -> dict[str, Any]:
        """Return the task as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the task that ``to_config`` described."""
        spec = config["spec"] and NetworkSpec.from_config(config["spec"])
        return cls(**{**config, "spec": spec})
