import pytest

from pellucid.errors import ArgumentError
from pellucid.evaluation.pitfalls.training import (
    batch_exceeds_data,
    inputs_not_scaled,
    loss_diverged,
    loss_stuck,
    low_adadelta,
    running_mean_read_as_gap,
)


def test_unscaled_digits():
    [finding] = inputs_not_scaled(11.1, 10, largest_input=16)
    assert finding.code == "inputs-not-scaled"
    assert finding.evidence == (
        "The first loss is 11.10; guessing among 10 classes loses ln 10 = 2.30. Inputs reach 16."
    )
    assert "16 for digits, 255 for 8-bit images" in finding.fix


def test_high_first_loss_where_the_inputs_are_not_known():
    [finding] = inputs_not_scaled(11.1, 10)
    assert finding.code == "inputs-not-scaled"


def test_high_first_loss_on_scaled_inputs_is_something_else():
    [finding] = inputs_not_scaled(11.1, 10, largest_input=1.0)
    assert finding.code == "first-loss-high"
    assert "although the inputs are small" in finding.message


@pytest.mark.parametrize("loss", [0.5, 2.303, 3.0, float("nan")])
def test_a_first_loss_as_it_should_be(loss):
    assert inputs_not_scaled(loss, 10, largest_input=255) == []


@pytest.mark.parametrize("losses", [[2.31, 2.30, 2.30], [2.4, 2.31, 2.35], [11.0, 10.9, 10.8]])
def test_a_loss_that_does_not_move(losses):
    [finding] = loss_stuck(losses, 10)
    assert finding.code == "loss-stuck"
    assert finding.evidence.endswith("in 3 epochs; guessing loses 2.303.")


@pytest.mark.parametrize(
    "losses", [[2.3, 1.9, 1.5], [0.29, 0.288, 0.287], [2.3], [2.3, float("nan")], [11.1, 2.4]]
)
def test_a_loss_that_moves_or_has_arrived(losses):
    assert loss_stuck(losses, 10) == []


@pytest.mark.parametrize(
    ("losses", "evidence"),
    [
        ([2.0, float("nan"), float("nan")], "The loss is nan after epoch 2."),
        ([float("inf")], "The loss is inf after epoch 1."),
        ([2.0, 5.0, 9.0], "The loss rose from 2.000 to 9.000 in 3 epochs."),
        ([0.1, 3.0], "The loss rose from 0.100 to 3.000 in 2 epochs."),
    ],
)
def test_a_loss_that_diverges(losses, evidence):
    [finding] = loss_diverged(losses, 10)
    assert (finding.code, finding.evidence) == ("loss-diverged", evidence)
    assert "ten times lower" in finding.fix


@pytest.mark.parametrize("losses", [[], [2.0, 0.5], [0.1, 0.4], [2.3, 2.31]])
def test_a_loss_that_does_not_diverge(losses):
    assert loss_diverged(losses, 10) == []


def test_divergence_is_measured_from_before_training_where_that_is_known():
    losses = [151.0, 5.4, 6.6]  # the running mean of the first epoch hides that it got worse
    assert loss_diverged(losses, 10) == []
    [finding] = loss_diverged(losses, 10, first_loss=2.4)
    assert finding.evidence == "The loss rose from 2.400 before training to 6.600 in 3 epochs."


def test_adadelta_with_the_rate_of_keras():
    [finding] = low_adadelta("Adadelta", 0.001)
    assert finding.code == "low-adadelta"
    assert finding.evidence == "Adadelta was given learning_rate=0.001."


@pytest.mark.parametrize(
    ("optimizer", "rate"), [("Adadelta", 1.0), ("Adam", 0.001), ("Adadelta", {"class_name": "CosineDecay"})]
)
def test_rates_that_are_well(optimizer, rate):
    assert low_adadelta(optimizer, rate) == []


def test_batch_and_data():
    [finding] = batch_exceeds_data(128, 100)
    assert finding.code == "batch-exceeds-data"
    assert batch_exceeds_data(100, 100) == []


def test_running_mean_below_validation():
    history = {"accuracy": [0.8, 0.9872], "val_accuracy": [0.98, 0.9896]}
    [finding] = running_mean_read_as_gap(history)
    assert finding.code == "running-mean"
    assert "After epoch 2 val_accuracy is 0.9896 and accuracy 0.9872" in finding.evidence


@pytest.mark.parametrize(
    "history",
    [
        {"accuracy": [0.98], "val_accuracy": [0.99], "train_accuracy": [0.995]},
        {"accuracy": [0.99], "val_accuracy": [0.98]},
        {"accuracy": [0.99]},
        {},
    ],
)
def test_histories_that_mislead_nobody(history):
    assert running_mean_read_as_gap(history) == []


def test_one_class_is_no_classification():
    with pytest.raises(ArgumentError, match=r"classes is a whole number of at least 2. Received: classes=1"):
        loss_stuck([1.0, 1.0], 1)
