import pytest

from pellucid.callbacks import CallbackList, LambdaCallback
from pellucid.errors import ArgumentError, UnknownNameError


def test_calls_its_functions_whatever_their_arguments_are_called(network):
    seen = []
    callback = LambdaCallback(
        on_epoch_begin=lambda e, _: seen.append(("begin", e)),
        on_epoch_end=lambda epoch, metrics: seen.append(("end", epoch, metrics["loss"])),
        on_train_end=lambda _: seen.append("done"),
    )
    network.train(CallbackList(callback), [{"loss": 0.5}, {"loss": 0.25}])
    assert seen == [("begin", 0), ("end", 0, 0.5), ("begin", 1), ("end", 1, 0.25), "done"]


def test_takes_every_other_hook_by_name():
    seen = []
    callbacks = CallbackList(
        LambdaCallback(on_test_end=seen.append, on_batch_end=lambda batch, _: seen.append(batch))
    )
    callbacks.on_test_end({"loss": 1.0})
    callbacks.on_train_batch_end(4, {})
    assert seen == [{"loss": 1.0}, 4]


def test_hooks_may_be_none():
    assert not LambdaCallback(on_epoch_end=None, on_batch_end=None).wants_batches


def test_an_unknown_hook_offers_the_nearest():
    with pytest.raises(
        UnknownNameError,
        match=r"LambdaCallback has no argument on_epoch_ends=.*: did you mean 'on_epoch_end'\?",
    ):
        LambdaCallback(on_epoch_ends=print)


def test_something_that_is_no_function_is_refused():
    with pytest.raises(ArgumentError, match=r"takes functions. Received: on_epoch_end='print'"):
        LambdaCallback(on_epoch_end="print")
