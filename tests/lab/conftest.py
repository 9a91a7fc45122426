"""The lab on a small scale, without a download: MNIST and CIFAR-10 are scikit-learn's digits, enlarged."""

import contextlib

import numpy as np
import pytest

from pellucid.datasets import load
from pellucid.datasets.dataset import Dataset
from pellucid.lab.questions import QUESTIONS
from pellucid.lab.scale import Scale
from pellucid.lab.trainings import TrainingStore, using_store
from pellucid.lab.writing import answer
from pellucid.runs import preparation

NAMES = ("mnist-linear", "mnist-relu", "mnist-cnn", "mnist-cnn-dropout", "cifar10-cnn", "mnist-by-hand")
TINY = Scale(
    "tiny",
    mark="tiny run",
    epochs=dict.fromkeys(NAMES, 2) | dict.fromkeys(("digits-cnn", "digits-cnn-64", "digits-perceptron"), 6),
    limits=dict.fromkeys(NAMES, 200),
    repeats=2,
    short_epochs=1,
    short_limit=150,
)


def enlarged(name):
    """Return scikit-learn's digits as small datasets of the names and shapes that the lab asks for."""
    digits = load("digits")
    if name == "digits":
        return digits
    side, channels = {"mnist": (28, 1), "cifar10": (32, 3)}[name]
    images = np.kron(digits.x_train[:700] * 15, np.ones((1, 3, 3, 1), np.uint8))  # (N, 24, 24, 1)
    margin = (side - 24) // 2
    images = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)))
    images = np.repeat(images, channels, axis=3)
    labels = digits.y_train[:700]
    classes = tuple("0123456789")
    return Dataset(
        name, images[:400], labels[:400], images[400:], labels[400:], classes, 255, "enlarged", name
    )


@contextlib.contextmanager
def using_small_data():
    """Let the lab's trainings use the enlarged digits, and nothing that runs later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparation, "load", enlarged)
        patch.setattr("pellucid.datasets.load", enlarged)  # which the document's cells import
        yield


@pytest.fixture
def small_data():
    """Let the lab's trainings use the enlarged digits in this test."""
    with using_small_data():
        yield


@pytest.fixture(scope="session")
def tiny():
    """Return the scale of these tests."""
    return TINY


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Return where the trainings of these tests are kept."""
    return TrainingStore(tmp_path_factory.mktemp("lab") / "runs")


@pytest.fixture(scope="session")
def section(runs):
    """Return a function that answers a question, each once."""
    answered = {}

    def ask(key):
        if key not in answered:
            with using_small_data(), using_store(runs):
                answered[key] = answer(QUESTIONS[key], TINY, {})
        return answered[key]

    return ask
