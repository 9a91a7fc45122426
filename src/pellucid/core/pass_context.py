"""What a forward pass depends on besides inputs and parameters."""

from __future__ import annotations

from typing import NamedTuple


class PassContext(NamedTuple):
    """The state of a training run on which random numbers and batch statistics of a forward pass depend.

    Attributes
    ----------
    training
        Whether the pass belongs to a training step.
    seed
        The network's seed.
    iteration
        Number of training steps taken before this one, since the network was created.
    first_image
        Position of the micro-batch's first image within the batch.
    """

    training: bool = False
    seed: int = 0
    iteration: int = 0
    first_image: int = 0

    def at(self, first_image: int) -> PassContext:
        """Return the context of another micro-batch of the same pass.

        Examples
        --------
        >>> PassContext(training=True, seed=7).at(32)
        PassContext(training=True, seed=7, iteration=0, first_image=32)
        """
        return PassContext(self.training, self.seed, self.iteration, first_image)


INFERENCE = PassContext()
