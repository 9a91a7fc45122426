import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation import sentence
from pellucid.evaluation.calibration import (
    apply_temperature,
    error_by_chance,
    expected_calibration_error,
    fit_temperature,
    measure_calibration,
    reliability_curve,
)
from pellucid.evaluation.metrics import cross_entropy_loss


def simulated(sharpness=1.0, n=4000, seed=0):
    """Labels drawn from softmax(logits), and probabilities that are ``sharpness`` times too sure."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(size=(n, 4)) * 2
    labels = (softmax(logits).cumsum(axis=1) < generator.random((n, 1))).sum(axis=1)
    return labels, softmax(logits * sharpness)


def softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def slow_calibration_error(labels, probabilities, bins):
    """The definition, bin by bin."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    total = 0.0
    for i in range(bins):
        inside = (confidence > i / bins) & (confidence <= (i + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return total


@pytest.mark.parametrize("bins", [1, 10, 15])
def test_error_is_that_of_the_definition(bins):
    labels, probabilities = simulated(2.0)
    expected = slow_calibration_error(labels, probabilities, bins)
    assert expected_calibration_error(labels, probabilities, bins=bins).value == pytest.approx(expected)


def test_a_calibrated_network_is_within_chance_and_an_oversure_one_is_not():
    honest, oversure, modest = (measure_calibration(*simulated(sharpness)) for sharpness in (1.0, 3.0, 0.4))
    assert honest.error.value <= honest.by_chance
    assert "no miscalibration is visible" in sentence(honest)
    assert oversure.error.low > oversure.by_chance
    assert "the network is surer than it is right; temperature scaling may help." in sentence(oversure)
    assert "the network is right more often than it is sure" in sentence(modest)


def test_sentence_of_errors_that_cancel():
    # 100 images each at 0.6 and 0.8: right in 80 and in 60 of them, so perfect calibration in sum alone.
    labels = np.repeat([0, 1, 0, 1], [80, 20, 60, 40])
    probabilities = np.repeat([[0.6, 0.4], [0.8, 0.2]], 100, axis=0)
    told = measure_calibration(labels, probabilities)
    assert told.error.value == pytest.approx(0.2)
    assert "surer than right in some bins, less sure in others" in sentence(told)


def test_interval_holds_the_true_error_of_an_oversure_network():
    labels, probabilities = simulated(3.0, n=200_000, seed=99)
    truth = expected_calibration_error(labels, probabilities, resamples=1).value
    hits = 0
    for seed in range(60):
        estimate = expected_calibration_error(*simulated(3.0, n=800, seed=seed), resamples=200)
        hits += estimate.low <= truth <= estimate.high
    assert hits >= 52


def test_interval_of_a_calibrated_network_reaches_towards_zero_and_holds_its_estimate():
    estimate = expected_calibration_error(*simulated(1.0, n=500))
    assert 0 <= estimate.low <= estimate.value <= estimate.high
    assert estimate.low < estimate.value / 3


def test_chance_bound_is_exceeded_by_about_one_calibrated_network_in_twenty():
    exceeded = 0
    for seed in range(100):
        labels, probabilities = simulated(1.0, n=400, seed=seed)
        error = expected_calibration_error(labels, probabilities, resamples=1).value
        exceeded += error > error_by_chance(probabilities, repeats=200)
    assert exceeded <= 12


def test_reliability_curve_counts_every_image_once():
    labels, probabilities = simulated()
    curve = reliability_curve(labels, probabilities, bins=10)
    assert sum(one.count for one in curve) == len(labels)
    assert [one.low for one in curve] == pytest.approx(np.arange(10) / 10)
    for one in curve:
        if one.count:
            assert one.low < one.confidence <= one.high
            assert one.accuracy.n == one.count
        else:
            assert np.isnan(one.confidence)
            assert not one.accuracy.defined


def test_a_certain_image_falls_into_the_last_bin():
    assert reliability_curve([0], [[1.0, 0.0]], bins=5)[-1].count == 1


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_temperature_is_recovered(sharpness):
    labels, probabilities = simulated(sharpness, n=20_000)
    assert fit_temperature(labels, probabilities) == pytest.approx(sharpness, rel=0.05)


def test_temperature_lowers_loss_and_calibration_error_on_new_images_and_keeps_every_answer():
    temperature = fit_temperature(*simulated(3.0, seed=1))
    labels, probabilities = simulated(3.0, seed=2)
    cooled = apply_temperature(probabilities, temperature)
    assert np.array_equal(cooled.argmax(axis=1), probabilities.argmax(axis=1))
    assert cross_entropy_loss(labels, cooled).high < cross_entropy_loss(labels, probabilities).low
    assert (
        measure_calibration(labels, cooled).error.value < measure_calibration(labels, probabilities).error.low
    )


def test_temperature_one_changes_nothing_and_zeros_stay_finite():
    _, probabilities = simulated(n=10)
    assert apply_temperature(probabilities, 1.0) == pytest.approx(probabilities)
    assert apply_temperature([[1.0, 0.0]], 5.0).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("temperature", [0, -1.0, np.inf, np.nan])
def test_impossible_temperature(temperature):
    with pytest.raises(
        ArgumentError, match=r"temperature must be above 0 and finite. Received: temperature="
    ):
        apply_temperature([[0.5, 0.5]], temperature)


def test_class_missing_from_the_calibration_data():
    with pytest.raises(DataError, match=r"no image of class 1, 3:.*all 4 classes \(a stratified split"):
        fit_temperature([0, 2, 2], [[0.4, 0.2, 0.2, 0.2]] * 3)


def test_no_mistake_in_the_calibration_data():
    with pytest.raises(DataError, match="cannot be fitted to 2 images that were all read right"):
        fit_temperature([0, 1], [[0.9, 0.1], [0.1, 0.9]])


def test_no_bins():
    with pytest.raises(ArgumentError, match=r"bins is a whole number of at least 1. Received: bins=0"):
        reliability_curve([0], [[0.5, 0.5]], bins=0)


def test_the_interval_of_the_error_holds_zero_exactly_where_chance_alone_can_give_the_error():
    generator = np.random.default_rng(0)
    for over in (0.0, 0.0, 0.03, 0.06, 0.1):
        sure = generator.uniform(0.6, 1.0, 400)
        labels = (generator.random(400) >= sure - over).astype(int)
        found = measure_calibration(labels, np.stack([sure, 1 - sure], axis=1))
        assert (found.error.low == 0) == (found.error.value <= found.by_chance)
