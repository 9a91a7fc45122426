import math

import pytest

from pellucid.callbacks import CallbackList, EarlyStopping
from pellucid.errors import ArgumentError, UnknownNameError


def losses(*values):
    return [{"val_loss": value} for value in values]


def test_stops_after_as_many_epochs_without_improvement_as_patience_has(network):
    early = EarlyStopping(patience=2)
    network.train(CallbackList(early), losses(5, 4, 4, 3, 3, 3.5, 1))
    assert early.stopped_epoch == 5
    assert network.weight == 6
    assert (early.best, early.best_epoch) == (3, 3)


def test_restores_the_weights_of_the_best_epoch_when_it_stops(network):
    early = EarlyStopping(patience=1, restore_best_weights=True)
    network.train(CallbackList(early), losses(5, 3, 4, 1))
    assert network.stop_training
    assert network.weight == 2


def test_restores_the_best_weights_also_when_it_does_not_stop(network):
    early = EarlyStopping(patience=10, restore_best_weights=True)
    network.train(CallbackList(early), losses(5, 3, 4, 4))
    assert not network.stop_training
    assert early.stopped_epoch == 0
    assert network.weight == 2


def test_keeps_the_last_weights_unless_asked(network):
    network.train(CallbackList(EarlyStopping(patience=1)), losses(5, 3, 4))
    assert network.weight == 3


def test_the_kept_weights_are_a_copy(network):
    early = EarlyStopping(restore_best_weights=True, patience=5)
    network.train(CallbackList(early), losses(1, 2, 3))
    assert network.weight == 1  # the fake network trains on in the array that it handed out


def test_a_baseline_that_is_never_beaten_ends_training_and_the_best_epoch_is_restored(network):
    early = EarlyStopping(patience=3, baseline=1.0, restore_best_weights=True)
    network.train(CallbackList(early), losses(5, 3, 4, 4, 4))
    assert early.stopped_epoch == 2
    assert network.weight == 2


def test_epochs_before_the_start_do_not_count(network):
    early = EarlyStopping(patience=1, start_from_epoch=3, restore_best_weights=True)
    network.train(CallbackList(early), losses(1, 2, 3, 4, 5, 6))
    assert early.stopped_epoch == 4
    assert network.weight == 4


def test_a_second_training_starts_afresh(make_network):
    early = EarlyStopping(patience=1, restore_best_weights=True)
    make_network().train(CallbackList(early), losses(1, 2))
    network = make_network()
    network.train(CallbackList(early), losses(9, 8, 7))
    assert not network.stop_training
    assert (early.best, network.weight) == (7, 3)


def test_recovers_from_a_first_epoch_without_a_number(network):
    early = EarlyStopping(patience=3, restore_best_weights=True)
    network.train(CallbackList(early), losses(math.nan, 2, 3))
    assert (early.best, early.best_epoch, network.weight) == (2, 1, 2)


def test_rising_metrics(network):
    early = EarlyStopping("val_accuracy", patience=1)
    network.train(CallbackList(early), [{"val_accuracy": value} for value in (0.5, 0.6, 0.55)])
    assert (early.stopped_epoch, early.best) == (2, 0.6)


def test_a_missing_metric_warns_and_never_stops(network):
    with pytest.warns(
        UserWarning, match=r"EarlyStopping cannot stop training: .*\(did you mean 'val_loss'\?\)"
    ):
        network.train(CallbackList(EarlyStopping("val_lss", mode="min")), losses(1, 2, 3))
    assert not network.stop_training


def test_says_what_it_did(network, capsys):
    early = EarlyStopping(patience=1, restore_best_weights=True, verbose=1)
    network.train(CallbackList(early), losses(5, 3, 4))
    captured = capsys.readouterr()
    assert captured.err == (
        "Epoch 3: stopped early, as val_loss has not become better in 1 epoch\n"
        "The weights are again those of the best epoch, 2\n"
    )
    assert captured.out == ""


def test_says_nothing_unless_asked(network, capsys):
    network.train(CallbackList(EarlyStopping(restore_best_weights=True)), losses(5, 3, 4))
    assert capsys.readouterr().err == ""


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"EarlyStopping has no argument patients=.*: did you mean 'patience'\?"
    ):
        EarlyStopping(patients=3)


@pytest.mark.parametrize("name", ["patience", "start_from_epoch"])
def test_numbers_that_make_no_sense_are_refused(name):
    with pytest.raises(
        ArgumentError, match=rf"EarlyStopping takes {name} as a whole number of at least 0.*{name}=-1"
    ):
        EarlyStopping(**{name: -1})
