"""What can differ between two runs of one experiment."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.core.arguments import whole_number
from pellucid.engine.workers import checked_threads
from pellucid.utils.seeds import checked_seed


@dataclass(frozen=True)
class Settings:
    """What can differ between two runs of one experiment, beside its recipe.

    Attributes
    ----------
    seed
        Of the network: first weights, order of the images, dropout.
    split_seed
        Of the split into training, validation and test images, kept apart so that runs can share their test
        images.
    threads
        Worker threads; changes no result.
    limit
        Train and validate on no more than so many images.
    seeds
        With how many seeds the experiment is run in all, this run being one of them; changes no result.
    """

    seed: int = 0
    split_seed: int = 0
    threads: int | None = None
    limit: int | None = None
    seeds: int = 1

    def __post_init__(self) -> None:
        checked_seed(self.seed)
        checked_seed(self.split_seed)
        checked_threads(self.threads)
        whole_number("", "seeds", self.seeds)
        if self.limit is not None:
            whole_number("", "limit", self.limit)
