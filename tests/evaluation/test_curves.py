import numpy as np
import pytest

from pellucid.errors import DataError, ShapeError
from pellucid.evaluation.curves import difference, gap, noise, rose, series, trend, window
from pellucid.evaluation.intervals import proportion


def test_series_in_the_order_asked():
    loss, accuracy = series({"accuracy": [0.5, 0.6], "loss": [2, 1]}, "loss", "accuracy")
    assert loss.tolist() == [2.0, 1.0]
    assert accuracy.tolist() == [0.5, 0.6]


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ({"loss": [1]}, DataError, "The history has no val_loss; it has loss"),
        ({"val_loss": []}, DataError, "The history has no val_loss"),
        ({}, DataError, "it has nothing"),
        ({"val_loss": ["much"]}, DataError, "must hold one number an epoch: could not convert"),
    ],
)
def test_histories_that_cannot_be_read(history, error, message):
    with pytest.raises(error, match=message):
        series(history, "val_loss")


def test_columns_of_different_lengths():
    with pytest.raises(ShapeError, match=r"Received: len\(loss\)=2, len\(val_loss\)=1"):
        series({"loss": [1, 2], "val_loss": [1]}, "loss", "val_loss")


def test_the_end_of_a_curve_is_a_quarter_of_it_and_at_least_four_epochs():
    assert [window(epochs) for epochs in (1, 5, 15, 16, 17, 20, 21)] == [4, 4, 4, 4, 5, 5, 6]


def test_trend_of_a_straight_line_and_of_a_flat_one():
    estimate = trend(np.arange(20) * -0.5)
    assert (estimate.value, estimate.n) == (pytest.approx(-0.5), window(20))
    flat = trend(np.full(8, 0.3))
    assert (flat.low, flat.high) == (0.0, 0.0)


def test_trend_covers_the_true_slope():
    generator, hits = np.random.default_rng(0), 0
    for _ in range(300):
        estimate = trend(0.02 * np.arange(40) + 0.1 * generator.normal(size=40))
        hits += estimate.low <= 0.02 <= estimate.high
    assert 0.91 <= hits / 300 <= 0.985


def test_short_or_broken_curves_have_no_trend():
    assert trend(np.arange(4.0)) is None
    assert trend(np.array([1, 2, np.nan, 4, 5.0])) is None
    assert noise(np.arange(4.0)) is None
    assert rose(np.arange(4.0)) is None


def test_noise_is_recovered_from_a_falling_curve():
    epochs = np.arange(300)
    values = np.exp(-epochs / 60) + 0.01 * np.random.default_rng(1).normal(size=300)
    assert noise(values) == pytest.approx(0.01, rel=0.15)


def test_a_rise_is_seen_and_noise_is_not():
    generator, epochs = np.random.default_rng(2), np.arange(40)
    falling = 0.3 + 0.3 * np.exp(-epochs / 6)
    rising = falling + 0.004 * np.maximum(0, epochs - 15)
    noises = 0.01 * generator.normal(size=(200, 40))
    assert np.mean([rose(rising + one) for one in noises]) > 0.9
    assert np.mean([rose(falling + one) for one in noises]) < 0.03


def test_a_late_outlier_is_no_rise():
    losses = np.array([0.9, 0.5, 0.31, 0.30, 0.31, 0.29, 0.31, 0.30, 0.30, 0.60])
    assert rose(losses) is False


def test_newcombe_against_his_published_example():
    # Newcombe 1998, table II (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    estimate = difference(proportion(56, 70), proportion(48, 80))
    assert estimate.value == pytest.approx(0.2)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (0.0524, 0.3339)


def test_gap_covers_the_true_gap():
    generator, hits = np.random.default_rng(3), 0
    for _ in range(400):
        estimate = gap(generator.binomial(800, 0.98) / 800, 800, generator.binomial(400, 0.95) / 400, 400)
        hits += estimate.low <= 0.03 <= estimate.high
        assert estimate.n == 400
    assert 0.92 <= hits / 400 <= 0.985
