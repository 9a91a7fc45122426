"""Real runs on scikit-learn's digits, of a second or less."""

import pytest

from pellucid.experiments import Experiment, Settings, run
from pellucid.layers import Dense
from pellucid.training.optimizers import Adam


def experiment(**changes):
    """A small network for the digits that learns well; ``changes`` give it a fault."""
    declared = {
        "name": "small",
        "summary": "A small network",
        "dataset": "digits",
        "flat": True,
        "layers": [Dense(32, activation="relu"), Dense(10, activation="softmax")],
        "optimizer": Adam(0.01),
        "batch_size": 64,
        "epochs": 4,
    }
    return Experiment(**{**declared, **changes})


@pytest.fixture(scope="session")
def declare():
    """Return the function that declares the small experiment with changes."""
    return experiment


@pytest.fixture(scope="session")
def make_run(tmp_path_factory):
    """Return a function that runs the small experiment with the changes given; ``settings`` go to the run."""

    def made(settings=None, **changes):
        folder = tmp_path_factory.mktemp("runs") / "run"
        return run(experiment(**changes), folder, settings or Settings(threads=1, seeds=5), verbose=0)

    return made


@pytest.fixture(scope="session")
def healthy(make_run):
    """A run without a fault: read it, but do not change it."""
    return make_run()
