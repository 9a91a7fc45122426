"""What all tests share: how hard Hypothesis tries, and which skips are not allowed in CI."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from pellucid.core import settings
from pellucid.core.old_spellings import explained

# The same examples each time, so that a red test is red again; "search" looks for new ones.
hypothesis_settings.register_profile(
    "default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "search", deadline=None, max_examples=1000, suppress_health_check=list(HealthCheck)
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Where PELLUCID_NO_SKIPS is set, let a test fail that skips for want of data or of a package."""
    report = yield
    if report.skipped and settings.NO_SKIPS.value() and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2])
        if item.get_closest_marker("data") or "could not import" in reason:
            report.outcome = "failed"
            report.longrepr = (
                f"this test may not be skipped here (PELLUCID_NO_SKIPS is set), but was: {reason}"
            )
    return report


@pytest.fixture(autouse=True)
def each_sentence_anew() -> Iterator[None]:
    """Explanations come once per process; each test is to see them as the first would."""
    explained.clear()
    yield
    explained.clear()


@pytest.fixture(scope="session")
def keras():
    """Keras on JAX, the independent implementation; the test is skipped where it is not installed."""
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


def experiment(**changes):
    """A small experiment on scikit-learn's digits that learns well; ``changes`` give it a fault."""
    from pellucid.experiments import Experiment
    from pellucid.layers import Dense
    from pellucid.optimizers import Adam

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
    from pellucid.runs import Settings, run

    def made(settings=None, **changes):
        folder = tmp_path_factory.mktemp("runs") / "run"
        return run(experiment(**changes), folder, settings or Settings(threads=1, seeds=5), verbose=0)

    return made


@pytest.fixture(scope="session")
def healthy(make_run):
    """A run without a fault: read it, but do not change it."""
    return make_run()
