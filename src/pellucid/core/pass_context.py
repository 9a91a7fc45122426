"""What a pass through a network depends on besides its inputs and parameters."""

from __future__ import annotations

from typing import NamedTuple


class PassContext(NamedTuple):
    """Where in a training run a forward pass stands: what random numbers and batch statistics depend on.

    Attributes
    ----------
    training
        Whether it is a pass of a training step.
    seed
        The network's.
    iteration
        Training steps taken before this one, over the whole life of the network.
    first_image
        Position within the batch of the micro-batch's first image.
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
