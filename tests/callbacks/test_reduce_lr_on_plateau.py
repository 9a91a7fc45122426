import pytest

from pellucid.callbacks import CallbackList, ReduceLROnPlateau
from pellucid.errors import ArgumentError, UnknownNameError


def rates(network, reduce, values):
    """Train with these validation losses; return the rate of each epoch."""
    callbacks = CallbackList(reduce, add_history=True)
    network.train(callbacks, [{"val_loss": value} for value in values])
    return callbacks.history.history["learning_rate"]


def test_reduces_after_as_many_epochs_without_improvement_as_patience_has(network):
    reduce = ReduceLROnPlateau(factor=0.5, patience=2)
    assert rates(network, reduce, [5, 5, 5, 4, 4, 4]) == [0.1, 0.1, 0.1, 0.05, 0.05, 0.05]
    assert network.optimizer.learning_rate == 0.025


def test_does_not_count_while_it_cools_down(network):
    reduce = ReduceLROnPlateau(factor=0.5, patience=1, cooldown=2)
    assert rates(network, reduce, [5] * 6) == [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]


def test_never_goes_below_the_lowest_rate(network):
    reduce = ReduceLROnPlateau(factor=0.1, patience=1, min_lr=0.03)
    assert rates(network, reduce, [5] * 4) == [0.1, 0.1, 0.03, 0.03]


def test_small_improvements_do_not_count(network):
    reduce = ReduceLROnPlateau(factor=0.5, patience=2, min_delta=0.1)
    assert rates(network, reduce, [5, 4.95, 4.9, 4.85])[-1] == 0.05


def test_a_second_training_starts_afresh(make_network):
    reduce = ReduceLROnPlateau(factor=0.5, patience=2)
    rates(make_network(), reduce, [1, 1])
    assert reduce.wait == 1
    assert rates(make_network(), reduce, [5, 5]) == [0.1, 0.1]
    assert reduce.wait == 1


def test_a_missing_metric_warns_and_leaves_the_rate(network):
    with pytest.warns(
        UserWarning, match=r"ReduceLROnPlateau cannot reduce the learning rate: .*did you mean 'val_loss'"
    ):
        rates(network, ReduceLROnPlateau("val_losses", mode="min", patience=0), [5, 5])
    assert network.optimizer.learning_rate == 0.1


def test_works_without_logs(network):
    reduce = ReduceLROnPlateau()
    reduce.set_model(network)
    with pytest.warns(UserWarning, match="cannot reduce"):
        reduce.on_epoch_end(0)


def test_says_what_it_did(network, capsys):
    rates(network, ReduceLROnPlateau(factor=0.5, patience=1, verbose=1), [5, 5])
    assert capsys.readouterr().err == "Epoch 2: learning rate reduced from 0.1 to 0.05\n"


def test_the_old_name_of_the_least_change_is_taken_and_explained():
    with pytest.warns(UserWarning, match="epsilon= of ReduceLROnPlateau is taken as min_delta="):
        assert ReduceLROnPlateau(epsilon=0.5).min_delta == 0.5


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("factor", 1.0, r"a number in \[0, 1\)"),
        ("factor", -0.1, r"a number in \[0, 1\)"),
        ("patience", 1.5, "a whole number of at least 0"),
        ("cooldown", -1, "a whole number of at least 0"),
        ("min_lr", -1, r"a number in \[0, inf\)"),
        ("min_delta", "small", "a finite number"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(name, value, wanted):
    with pytest.raises(ArgumentError, match=f"ReduceLROnPlateau takes {name} as {wanted}.*{name}={value!r}"):
        ReduceLROnPlateau(**{name: value})


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"ReduceLROnPlateau has no argument min_rl=.*: did you mean 'min_lr'\?"
    ):
        ReduceLROnPlateau(min_rl=0.1)
