"""The declaration of an experiment: data, split, network and recipe."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, Self

from pellucid import losses, optimizers
from pellucid.core.arguments import whole_number
from pellucid.errors import ArgumentError
from pellucid.graph.configuration import layer_from_config, layer_to_config
from pellucid.layers import Layer


class Program(StrEnum):
    """What an experiment trains: a network of layers, or the one written out by hand."""

    NETWORK = "network"
    BY_HAND = "by hand"


@dataclass(frozen=True)
class Split:
    """The images for validation during training and for the test at the end.

    Attributes
    ----------
    validation
        ``"stratified"``: a shuffled part of the training images with the same share of every class;
        ``"last"``: the last ones, as in Keras's ``validation_split``; ``"test"``: the test images themselves,
        which makes the test results too optimistic and is reported as such; ``"none"``: no images, so that
        the network is trained on all of the training images.
    validation_share
        Share of the training images, for the first two kinds.
    test_share
        Share of all images, stratified, for datasets without test images.
    """

    validation: Literal["stratified", "last", "test", "none"] = "stratified"
    validation_share: float = 0.2
    test_share: float = 0.25


@dataclass(frozen=True)
class Reported:
    """Results of others for this experiment: to compare with ours, never shown as ours.

    ``test_loss`` and ``test_accuracy`` if they were given; ``note`` for anything else.
    """

    by: str
    test_accuracy: float | None = None
    test_loss: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Experiment:
    """The declaration of one training run.

    Attributes
    ----------
    name, summary
        Its name, and a one-line description.
    dataset
        Name of a dataset (:func:`pellucid.datasets.names`), or a folder of images.
    layers
        The network. These layers are a template: each run creates its own.
    loss, optimizer, batch_size, epochs
        The recipe.
    flat
        Whether images are flattened to vectors.
    scaled
        Whether pixels are divided by their largest possible value, to 0-1.
    split
        The validation and test images.
    image_size
        (H, W) to which the images of a folder are resized.
    patience
        If given, training ends when the validation loss has not become lower for so many epochs, and the
        network of the epoch in which it was lowest is kept. Otherwise all epochs are trained, and the network
        of the last one is kept.
    reported
        Results of others.
    program
        ``"network"``, or ``"by hand"`` for the lab's network written out function by function, which has its
        own recipe and layers; an epoch is then called a cycle.

    Examples
    --------
    >>> from pellucid.layers import Dense
    >>> Experiment("mine", "A perceptron", "digits", [Dense(10, activation="softmax")], flat=True).batch_size
    32
    """

    name: str
    summary: str
    dataset: str
    layers: list[Layer] = field(default_factory=list)
    loss: Any = "categorical_crossentropy"
    optimizer: Any = "adam"
    batch_size: int = 32
    epochs: int = 10
    flat: bool = False
    scaled: bool = True
    split: Split = field(default_factory=Split)
    image_size: tuple[int, int] | None = None
    patience: int | None = None
    reported: tuple[Reported, ...] = ()
    program: Program | Literal["network", "by hand"] = Program.NETWORK

    def __post_init__(self) -> None:
        if self.program not in list(Program):
            raise ArgumentError(
                f"program must be one of {', '.join(Program)}. Received: program={self.program!r}"
            )
        object.__setattr__(self, "program", Program(self.program))
        if not self.name or set(self.name) & set("/\\ \t\n"):
            raise ArgumentError(
                f"An experiment's name has no spaces and no slashes. Received: name={self.name!r}"
            )
        if self.program is Program.NETWORK and not self.layers:
            raise ArgumentError(f"Experiment {self.name!r} needs layers. Received: layers={self.layers!r}")
        if self.program is Program.BY_HAND and self.split.validation == "none":
            raise ArgumentError(
                f"Experiment {self.name!r} measures validation images after each cycle. "
                "Received: split=Split('none')"
            )
        self._check_patience()

    def _check_patience(self) -> None:
        if self.patience is None:
            return
        whole_number("", "patience", self.patience)
        if self.split.validation == "none" or self.program is Program.BY_HAND:
            raise ArgumentError(
                f"Experiment {self.name!r} cannot end early: patience is for networks of layers, with "
                f"validation images. Received: patience={self.patience}"
            )

    def with_recipe(
        self, *, epochs: int | None = None, batch_size: int | None = None, learning_rate: float | None = None
    ) -> Experiment:
        """Return a copy of the experiment with a new optimizer and the changes that are not None.

        A ``learning_rate`` replaces a schedule too.
        """
        pattern = optimizers.get(self.optimizer)
        config = pattern.get_config()
        if learning_rate is not None:
            config["learning_rate"] = learning_rate
        optimizer = type(pattern).from_config(config)
        return replace(
            self,
            epochs=self.epochs if epochs is None else epochs,
            batch_size=self.batch_size if batch_size is None else batch_size,
            optimizer=optimizer,
        )

    def to_config(self) -> dict[str, Any]:
        """Return the declaration as JSON-able data."""
        config = {name: getattr(self, name) for name in self.__dataclass_fields__}
        config["layers"] = [layer_to_config(layer) for layer in self.layers]
        config["loss"] = losses.serialize(losses.get(self.loss))
        config["optimizer"] = optimizers.serialize(optimizers.get(self.optimizer))
        config["split"] = asdict(self.split)
        config["reported"] = [asdict(entry) for entry in self.reported]
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the experiment from what ``to_config`` returned."""
        return cls(
            **{
                **config,
                "layers": [layer_from_config(entry) for entry in config["layers"]],
                "split": Split(**config["split"]),
                "image_size": tuple(config["image_size"]) if config.get("image_size") else None,
                "reported": tuple(Reported(**entry) for entry in config["reported"]),
            }
        )

    def fresh_layers(self) -> list[Layer]:
        """Return new layers for a run, with the template's hyper-parameters."""
        return [layer_from_config(layer_to_config(layer)) for layer in self.layers]
