"""The network written out by hand leaves the same run folder as every other."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open

from pellucid.datasets import load
from pellucid.experiments import find
from pellucid.runs import Settings, run


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory):
    """Two cycles on scikit-learn's digits."""
    experiment = replace(find("mnist-by-hand"), dataset="digits", epochs=2)
    return run(experiment, tmp_path_factory.mktemp("runs") / "by-hand", Settings(threads=1), verbose=0)


def test_predictions_lead_back_to_the_images(by_hand):
    labels = load("digits").y_train
    for kept in (by_hand.predictions, by_hand.validation):
        np.testing.assert_array_equal(labels[kept.index], kept.labels)


def test_everything_is_judged(by_hand):
    results = by_hand.results
    assert [one.code for one in results.findings] == ["one-seed"]
    assert results.evaluation.n == results.test.n == len(by_hand.predictions.labels)
    assert results.generalisation.fit == "cannot tell"
    assert len(by_hand.uses.uses) > 5


def test_the_temperature_is_in_the_model_file(by_hand):
    with safe_open(by_hand.path / "model.safetensors", framework="numpy") as file:
        assert float(file.metadata()["temperature"]) == by_hand.results.calibration.temperature


def test_with_a_limit_cycles_are_shorter(tmp_path):
    experiment = replace(find("mnist-by-hand"), dataset="digits", epochs=1)
    short = run(experiment, tmp_path / "short", Settings(threads=1, limit=600), verbose=0).configuration
    assert short.training.images_per_cycle == 50
    assert short.dataset.counts.validation <= 4 * 50
