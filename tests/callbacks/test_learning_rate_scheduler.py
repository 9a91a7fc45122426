import numpy as np
import pytest

from pellucid.callbacks import CallbackList, LearningRateScheduler
from pellucid.errors import ArgumentError, UnknownNameError


def rates(network, scheduler, epochs):
    callbacks = CallbackList(scheduler, add_history=True)
    network.train(callbacks, [{"loss": 1.0}] * epochs)
    return callbacks.history.history["learning_rate"]


def test_a_schedule_of_the_epoch(network):
    assert rates(network, LearningRateScheduler(lambda epoch: 1.0 / (epoch + 1)), 3) == [1.0, 0.5, 1 / 3]


def test_a_schedule_of_the_epoch_and_the_rate(network):
    scheduler = LearningRateScheduler(lambda _, rate: rate * 0.5)
    assert rates(network, scheduler, 3) == [0.05, 0.025, 0.0125]


def test_a_schedule_with_a_default_for_the_rate_gets_it(network):
    assert rates(network, LearningRateScheduler(lambda _, rate=9.0: rate / 2), 1) == [0.05]


@pytest.mark.parametrize("value", [1, np.float32(0.25), np.float64(0.25), 0.0])
def test_any_kind_of_number_will_do(network, value):
    found = rates(network, LearningRateScheduler(lambda _: value), 1)
    assert found == [value]
    assert type(network.optimizer.learning_rate) is float


def test_an_error_within_the_schedule_is_not_taken_for_its_signature(network):
    def schedule(epoch, rate):
        raise TypeError("my own mistake")

    with pytest.raises(TypeError, match="my own mistake"):
        rates(network, LearningRateScheduler(schedule), 1)


@pytest.mark.parametrize("value", [None, True, "0.1", -0.1, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(network, value):
    with pytest.raises(
        ArgumentError,
        match=rf"must return a learning rate, a number of at least 0. Received: schedule\(0\)={value!r}",
    ):
        rates(network, LearningRateScheduler(lambda _: value), 1)


def test_a_schedule_with_other_arguments_is_refused():
    with pytest.raises(
        ArgumentError,
        match=r"calls schedule\(epoch\) or schedule\(epoch, rate\)\. Received: a schedule that takes \(\)",
    ):
        LearningRateScheduler(lambda: 0.1)


def test_a_schedule_that_is_no_function_is_refused():
    with pytest.raises(ArgumentError, match=r"takes a function of the epoch.*Received: schedule=0\.1"):
        LearningRateScheduler(0.1)


def test_says_what_it_did(network, capsys):
    rates(network, LearningRateScheduler(lambda _: 0.05, verbose=1), 1)
    assert capsys.readouterr().err == "Epoch 1: learning rate set to 0.05\n"


def test_works_without_logs(network):
    scheduler = LearningRateScheduler(lambda _: 0.05)
    scheduler.set_model(network)
    scheduler.on_epoch_begin(0)
    scheduler.on_epoch_end(0)
    assert network.optimizer.learning_rate == 0.05


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"LearningRateScheduler has no argument shedule=.*: did you mean 'schedule'\?"
    ):
        LearningRateScheduler(lambda _: 0.1, shedule=1)
