"""Questions 1 to 19: their points, which parts can be read, and what to look for in the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of a question that earns points by itself."""

    NETWORK = "the network as asked"
    TRAINING = "compiled and trained as asked"
    WHOLE = "network and training as asked"
    CONSOLE = "the text of the console"
    PLOT = "training and validation curves drawn"
    TEST = "tested on the test images"
    PROSE = "to read"


@dataclass(frozen=True)
class WrittenQuestion:
    """A question of which the text is read: ``parts`` with their points, and the experiment it is about."""

    number: int
    title: str
    parts: tuple[tuple[Part, float], ...]
    look_for: str
    experiment: str = ""

    @property
    def points(self) -> float:
        """The largest number of points."""
        return sum(points for _, points in self.parts)


def _read(number: int, title: str, points: float, look_for: str) -> WrittenQuestion:
    return WrittenQuestion(number, title, ((Part.PROSE, points),), look_for)


QUESTIONS = (
    _read(
        1,
        "What digit recognition is for",
        3,
        "several uses in which digits are read: postal codes, cheques, forms, meters, exam papers, archives",
    ),
    WrittenQuestion(
        2,
        "The console",
        ((Part.NETWORK, 1), (Part.TRAINING, 1), (Part.CONSOLE, 2), (Part.PROSE, 1)),
        "the time of each epoch, and that loss and accuracy of training are running means over the epoch",
        "mnist-linear",
    ),
    WrittenQuestion(
        3, "The training history", ((Part.PLOT, 3),), "axes and curves with names", "mnist-linear"
    ),
    _read(
        4,
        "Training and validation",
        5,
        "both accuracies rise and stay near 0.92; the gap between them is small, so it generalises well; why",
    ),
    WrittenQuestion(
        5, "Test results", ((Part.TEST, 2),), "loss and accuracy on the test images", "mnist-linear"
    ),
    _read(
        6,
        "Is it enough?",
        5,
        "accuracy to the power of the number of digits (0.92 for 4: 0.73); what an error does; who checks",
    ),
    _read(
        7,
        "Why linear units are not enough",
        5,
        "linear layers in sequence are one linear layer: only boundaries that are flat between classes",
    ),
    WrittenQuestion(
        8,
        "A rectified hidden layer",
        ((Part.WHOLE, 1), (Part.PLOT, 1)),
        "the same network with relu; nothing else changed",
        "mnist-relu",
    ),
    _read(
        9,
        "Linear against rectified",
        5,
        "training to about 1.00, validation 0.97 to 0.98: better, and a gap that opens: it begins to overfit",
    ),
    WrittenQuestion(
        10,
        "The convolutional network",
        ((Part.WHOLE, 1), (Part.PLOT, 1)),
        "a learning rate of 1.0 for Adadelta",
        "mnist-cnn",
    ),
    _read(
        11,
        "Against one hidden layer",
        5,
        "validation about 0.987 from the first epochs on, above the dense network's; local features",
    ),
    WrittenQuestion(
        12, "Test results of the convolutional network", ((Part.TEST, 2),), "near 0.99", "mnist-cnn"
    ),
    _read(
        13,
        "Is it enough now?",
        5,
        "0.99 for 4 digits: 0.96, for 10: 0.90; what changed since question 6; not for banking or medication",
    ),
    WrittenQuestion(
        14,
        "Dropout",
        ((Part.WHOLE, 1), (Part.PLOT, 1), (Part.PROSE, 1)),
        "the time per epoch with and without dropout: a few per cent more",
        "mnist-cnn-dropout",
    ),
    _read(
        15,
        "Does dropout help?",
        3,
        "the gap closes; training accuracy is measured with dropout on, so validation above it is no finding",
    ),
    WrittenQuestion(
        16,
        "The network for photographs",
        ((Part.NETWORK, 4), (Part.TRAINING, 2)),
        "four convolutions in two blocks, each with pooling and dropout, then 512 units",
        "cifar10-cnn",
    ),
    WrittenQuestion(17, "Its history", ((Part.PLOT, 2),), "axes and curves with names", "cifar10-cnn"),
    _read(
        18,
        "Against the digits",
        5,
        "lower (about 0.69), still rising after 20 epochs; photographs vary more: colour, pose, background",
    ),
    _read(
        19,
        "Time per epoch",
        4,
        "longer per epoch: 32×32×3, four convolutions, batches of 32, so more steps; the ratio of the times",
    ),
)
DIGITS = ("digits-cnn", "digits-cnn-64", "digits-perceptron")


def find_written(number: int) -> WrittenQuestion:
    """Return the question with a number from 1 to 19.

    Examples
    --------
    >>> find_written(16).points
    6
    """
    return next(question for question in QUESTIONS if question.number == number)
