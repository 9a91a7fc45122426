"""Settings in which two runs of one experiment can differ."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.core.arguments import whole_number
from pellucid.engine.workers import checked_threads
from pellucid.utils.seeds import checked_seed


@dataclass(frozen=True)
class Settings:
    """Settings in which two runs of one experiment can differ, apart from its recipe.

    Attributes
    ----------
    seed
        Seed of the network: initial weights, order of the images, dropout.
    split_seed
        Seed of the split into training, validation and test images, separate so that runs can share their
        test images.
    threads
        Number of worker threads; changes no result.
    limit
        Maximal number of images for training and validation.
    seeds
        Number of seeds with which the experiment is run, including this one; changes no result.
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
