import pytest

from pellucid.experiments import find
from pellucid.lab.estimate import seconds_of, total_seconds
from pellucid.runs import Settings


def test_more_epochs_take_longer_in_proportion(monkeypatch):
    monkeypatch.setattr("pellucid.lab.estimate._seconds_per_image", lambda _: 0.001)
    one = seconds_of(find("digits-cnn").with_recipe(epochs=10), Settings())
    two = seconds_of(find("digits-cnn").with_recipe(epochs=20), Settings())
    test = 450 * 0.001 / 3  # computed once, for its loss too
    assert two - test == pytest.approx(2 * (one - test))
    # three quarters of 1,347 images to learn from; a quarter to validate on, and as many to compare with
    assert one - test == pytest.approx(10 * 0.001 * 1347 * (0.75 + 2 * 0.25 / 3))


def test_a_training_is_measured_once_for_all_seeds():
    told = []
    experiment = find("digits-perceptron").with_recipe(epochs=1)
    total = total_seconds([(experiment, Settings(seed=seed)) for seed in range(3)], told.append)
    assert total > 0
    assert len(told) == 1
    assert told[0].startswith("  digits-perceptron: about ")


def test_a_network_is_measured_once_for_all_epochs_and_splits(monkeypatch):
    measured = []
    monkeypatch.setattr(
        "pellucid.lab.estimate._seconds_per_image", lambda one: measured.append(one.name) or 0.001
    )
    trainings = [(find("digits-cnn").with_recipe(epochs=epochs), Settings()) for epochs in (1, 2)]
    longer = seconds_of(*trainings[1], 0.001)
    assert total_seconds(trainings) == pytest.approx(seconds_of(*trainings[0], 0.001) + longer)
    assert measured == ["digits-cnn"]


def test_the_network_by_hand_is_measured_too():
    assert seconds_of(find("mnist-by-hand").with_recipe(epochs=1), Settings()) > 0
