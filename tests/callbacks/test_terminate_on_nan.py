import math

import pytest

from pellucid.callbacks import TerminateOnNaN
from pellucid.errors import NonFiniteLossError, UnknownNameError


def at(terminate, network, epoch):
    terminate.set_model(network)
    terminate.on_train_begin()
    terminate.on_epoch_begin(epoch)
    return terminate


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_ends_training_when_the_loss_is_no_number(network, loss, capsys):
    terminate = at(TerminateOnNaN(), network, epoch=1)
    terminate.on_train_batch_end(0, {"loss": 2.5})
    assert not network.stop_training
    terminate.on_train_batch_end(1, {"loss": loss})
    assert network.stop_training
    assert capsys.readouterr().err == ""
    terminate.on_train_end()
    assert (
        f"Training was ended: The loss became {loss} at batch 2 of epoch 2; a lower"
        in capsys.readouterr().err
    )


def test_raises_when_asked_to(network):
    terminate = at(TerminateOnNaN(raise_error=True), network, epoch=0)
    with pytest.raises(
        NonFiniteLossError, match=r"The loss became nan at batch 8 of epoch 1; a lower learning rate"
    ):
        terminate.on_train_batch_end(7, {"loss": math.nan})


def test_names_the_first_batch_only(network, capsys):
    terminate = at(TerminateOnNaN(), network, epoch=0)
    for batch in range(3):
        terminate.on_train_batch_end(batch, {"loss": math.nan})
    terminate.on_train_end()
    assert "batch 1 of epoch 1" in capsys.readouterr().err


def test_says_nothing_when_all_is_well(network, capsys):
    terminate = at(TerminateOnNaN(), network, epoch=0)
    terminate.on_train_batch_end(0, {"loss": 1.0})
    terminate.on_train_batch_end(0, {"accuracy": math.nan})
    terminate.on_train_batch_end(0)
    terminate.on_train_end()
    assert not network.stop_training
    assert capsys.readouterr().err == ""


def test_a_second_training_starts_afresh(make_network, capsys):
    terminate = at(TerminateOnNaN(), make_network(), epoch=0)
    terminate.on_train_batch_end(0, {"loss": math.nan})
    at(terminate, make_network(), epoch=0).on_train_end()
    assert capsys.readouterr().err == ""


def test_wants_batches():
    assert TerminateOnNaN().wants_batches


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"TerminateOnNaN has no argument raise_eror=.*: did you mean 'raise_error'\?"
    ):
        TerminateOnNaN(raise_eror=True)
