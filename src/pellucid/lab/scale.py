"""How much is trained: the full recipes, or a quick form with fewer images and epochs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pellucid.experiments import find


@dataclass(frozen=True)
class Training:
    """A training that the lab needs: an experiment, and how it differs from its recipe.

    ``short`` trainings only demonstrate an effect and take few epochs. ``extra_epochs`` come on top of the
    recipe's. ``filters`` is how many kernels the first convolution has.
    """

    name: str
    seed: int = 0
    learning_rate: float | None = None
    validation: str | None = None
    scaled: bool | None = None
    short: bool = False
    extra_epochs: int = 0
    filters: int | None = None


@dataclass(frozen=True)
class Scale:
    """Epochs, image limits and learning rates by experiment name; the recipe applies to those not named.

    ``mark`` is written on every plot of a training. ``repeats`` is how many seeds each network of a curve is
    trained with.
    """

    name: str
    mark: str = ""
    epochs: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    repeats: int = 5
    short_epochs: int = 3
    short_limit: int = 6000

    def chosen(self, trainings: Iterable[Training]) -> list[Training]:
        """Return the trainings that this scale does: of a curve's, those with a seed below ``repeats``.

        Examples
        --------
        >>> curve = [Training("digits-cnn", seed=seed, filters=1) for seed in range(5)]
        >>> len(FULL.chosen(curve)), len(QUICK.chosen(curve)) < 5
        (5, True)
        """
        return [one for one in trainings if one.filters is None or one.seed < self.repeats]

    def settings(self, training: Training) -> dict[str, Any]:
        """Return the arguments of :func:`pellucid.lab.training` for a training, without the name.

        Examples
        --------
        >>> QUICK.settings(Training("mnist-linear", validation="last"))
        {'validation': 'last', 'epochs': 5, 'limit': 1500}
        >>> FULL.settings(Training("mnist-cnn", short=True))
        {'epochs': 3, 'limit': 6000}
        """
        epochs, limit = self.epochs.get(training.name), self.limits.get(training.name)
        if training.short:
            epochs, limit = self.short_epochs, self.short_limit
        if training.extra_epochs:
            epochs = (epochs or find(training.name).epochs) + training.extra_epochs
        settings = {
            "seed": training.seed or None,
            "learning_rate": training.learning_rate or self.rates.get(training.name),
            "validation": training.validation,
            "scaled": training.scaled,
            "filters": training.filters,
            "epochs": epochs,
            "limit": limit,
        }
        return {name: value for name, value in settings.items() if value is not None}


FULL = Scale("full")
MNIST_NETWORKS = ("mnist-linear", "mnist-relu", "mnist-cnn", "mnist-cnn-dropout")
QUICK = Scale(
    "quick",
    mark="quick run: fewer images and epochs than the lab asks for",
    epochs=dict.fromkeys(MNIST_NETWORKS, 5)
    | dict.fromkeys(("digits-cnn", "digits-cnn-64", "digits-perceptron"), 40)
    | {"cifar10-cnn": 3},
    limits=dict.fromkeys(MNIST_NETWORKS, 1500) | {"cifar10-cnn": 2000, "mnist-by-hand": 5000},
    rates={"cifar10-cnn": 0.001},  # at the recipe's 0.0001 so little training leaves it at chance
    repeats=2,
    short_epochs=5,  # the same as without `short`, so that one training serves both
    short_limit=1500,
)
