import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.callbacks.monitor import Monitor
from pellucid.errors import ArgumentError, UnknownNameError

numbers = st.floats(-10, 10)


@pytest.mark.parametrize(
    "name", ["loss", "val_loss", "train_loss", "mse", "val_mean_squared_error", "val_mae"]
)
def test_auto_takes_losses_and_errors_as_falling(name):
    assert Monitor(name).improves(0.4, on=0.5)
    assert not Monitor(name).improves(0.6, on=0.5)


@pytest.mark.parametrize(
    "name", ["accuracy", "acc", "val_acc", "val_accuracy", "train_accuracy", "sparse_categorical_accuracy"]
)
def test_auto_takes_accuracies_as_rising(name):
    assert Monitor(name).improves(0.6, on=0.5)
    assert not Monitor(name).improves(0.4, on=0.5)


@settings(deadline=None)
@given(numbers, numbers, st.floats(0, 1))
def test_better_means_by_more_than_the_least_change(metric, on, delta):
    assert Monitor("f", "min", delta).improves(metric, on) == (metric + delta < on)
    assert Monitor("f", "max", delta).improves(metric, on) == (metric - delta > on)


def test_the_sign_of_the_least_change_does_not_matter():
    assert Monitor("loss", min_delta=-0.1).min_delta == 0.1


def test_anything_beats_nothing_and_nan_but_nan_beats_nothing():
    for mode in ("min", "max"):
        monitor = Monitor("f", mode)
        assert monitor.improves(5.0, on=None)
        assert monitor.improves(5.0, on=math.nan)
        assert not monitor.improves(math.nan, on=None)
        assert not monitor.improves(math.nan, on=5.0)


def test_a_name_that_does_not_tell_asks_for_a_mode():
    with pytest.raises(
        ArgumentError, match=r"cannot know .* say mode='min' or mode='max'\. Received: monitor='val_score'$"
    ):
        Monitor("val_score")
    assert Monitor("val_score", mode="max").improves(2, on=1)


def test_an_unknown_mode_offers_the_nearest():
    with pytest.raises(UnknownNameError, match=r"Monitor has no mode 'maxi': did you mean 'max'\?"):
        Monitor("loss", mode="maxi")


def test_a_missing_metric_warns_with_those_there_are_and_the_nearest():
    with pytest.warns(
        UserWarning,
        match=r"Monitor cannot act: there is no metric 'val_los' \(did you mean 'val_loss'\?\) "
        r"among 'loss', 'val_loss'\.",
    ):
        assert Monitor("val_los", "min").watched({"loss": 1.0, "val_loss": 2.0}, "cannot act") is None


def test_a_missing_validation_metric_says_that_there_was_no_validation():
    with pytest.warns(
        UserWarning, match=r"'val_loss' \(nothing was measured on validation data\) among 'loss'"
    ):
        Monitor().watched({"loss": 1.0}, "cannot act")


def test_no_metrics_at_all():
    with pytest.warns(UserWarning, match="there is no metric 'val_loss': none was measured"):
        Monitor().watched(None, "cannot act")


def test_the_other_spelling_of_a_metric_is_found_and_explained():
    with pytest.warns(UserWarning, match="'val_acc' is recorded as 'val_accuracy'"):
        assert Monitor("val_acc").watched({"val_accuracy": 0.5}, "cannot act") == 0.5
