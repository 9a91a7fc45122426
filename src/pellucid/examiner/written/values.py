"""What the value of an expression in a student's code is, as far as its text tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_ITEMS = 100  # of a list that counts as a plain value


@dataclass(frozen=True)
class Unknown:
    """A value that the text does not tell."""

    text: str = ""


@dataclass(frozen=True)
class Name:
    """Something imported, by its full name, such as keras.layers.Dense."""

    path: str

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.path.rpartition(".")[2]

    @property
    def is_keras(self) -> bool:
        """Whether it belongs to Keras, or to pellucid, which has the same names."""
        return self.path.partition(".")[0] in ("keras", "tensorflow", "pellucid", "tf_keras")


@dataclass(frozen=True)
class Made:
    """An object of a class: a layer, an optimizer, a loss. ``settings`` are the arguments by name."""

    kind: str
    settings: Mapping[str, Any]
    line: int


@dataclass(frozen=True)
class Tensor:
    """The output of layers, in the functional way of building a network."""

    layers: tuple[Made, ...] = ()


@dataclass(frozen=True)
class Data:
    """Images or labels: of which dataset and part, their shape, what they were divided by, and so on."""

    dataset: str
    part: str  # "train", "validation", "test", "all"
    what: str  # "images", "labels"
    shape: tuple[int, ...] | None = None
    divided_by: float | None = None
    one_hot: bool = False


@dataclass(frozen=True)
class Predicted:
    """What a network predicts for images."""

    images: Any


@dataclass
class Fit:
    """One call of ``fit``: the arguments by name, and which curves of its history are drawn."""

    line: int
    arguments: dict[str, Any]
    time: int
    drawn: dict[str, int] = field(default_factory=dict)  # a curve's name: the line that draws it


@dataclass(frozen=True)
class Evaluation:
    """One call of ``evaluate`` or ``predict``."""

    line: int
    images: Any
    time: int
    method: str = "evaluate"


@dataclass
class Network:
    """A network as far as the text tells: its layers, and what is done with it."""

    name: str
    line: int
    layers: list[Made] = field(default_factory=list)
    compilation: dict[str, Any] | None = None
    compiled_in: int = 0
    fits: list[Fit] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryOf:
    """What ``fit`` returns, or its ``history``."""

    fit: Fit


@dataclass(frozen=True)
class Curve:
    """One list of a history."""

    fit: Fit
    key: str


@dataclass(frozen=True)
class Confusions:
    """A confusion matrix: whether its rows are the true classes (None: not known)."""

    true_rows: bool | None
    line: int
    transposed: bool = False


@dataclass(frozen=True)
class Counts:
    """Numbers of images by class: "flat" is (10,), "column" (10, 1), "row" (1, 10)."""

    form: str
    by_columns: bool = False  # sums of a confusion matrix's columns


@dataclass(frozen=True)
class Remark:
    """Something to point out, at a line, with the name of the mistake."""

    line: int
    name: str
    text: str


def known(value: Any) -> bool:
    """Return whether a value is a plain one that the text tells.

    Examples
    --------
    >>> known(3), known("relu"), known((3, 3)), known(Unknown("x")), known((3, Unknown("x")))
    (True, True, True, False, False)
    """
    if isinstance(value, tuple | list):
        return len(value) <= MOST_ITEMS and all(_plain(one) for one in value)
    return _plain(value)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str)
