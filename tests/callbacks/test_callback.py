import pytest

from pellucid.callbacks import Callback, EarlyStopping, LambdaCallback
from pellucid.callbacks.callback import HOOKS, overrides, reject_unknown_arguments
from pellucid.errors import UnknownNameError

KERAS_HOOKS = {
    *("on_train_begin", "on_train_end", "on_test_begin", "on_test_end", "on_predict_begin", "on_predict_end"),
    *("on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end"),
    *("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin", "on_test_batch_end"),
    *("on_predict_batch_begin", "on_predict_batch_end"),
}


def test_it_has_the_hooks_of_keras():
    assert set(HOOKS) == KERAS_HOOKS


def test_every_hook_does_nothing_and_returns_none():
    callback = Callback()
    for hook in HOOKS:
        arguments = () if "train_b" not in hook and "epoch" not in hook and "batch" not in hook else (0,)
        if hook in ("on_train_begin", "on_test_begin", "on_predict_begin"):
            arguments = ()
        assert getattr(callback, hook)(*arguments) is None


def test_the_old_batch_hooks_are_called_by_the_new():
    seen = []

    class Old(Callback):
        def on_batch_begin(self, batch, _):
            seen.append(("begin", batch))

        def on_batch_end(self, batch, logs=None):
            seen.append(("end", batch, logs))

    callback = Old()
    callback.on_train_batch_begin(3)
    callback.on_train_batch_end(3, {"loss": 1.0})
    assert seen == [("begin", 3), ("end", 3, {"loss": 1.0})]
    assert callback.wants_batches


def test_wants_batches_only_where_a_batch_hook_is_overridden():
    class AtEpochs(Callback):
        def on_epoch_end(self, epoch, logs=None): ...

    class AtBatches(Callback):
        def on_train_batch_begin(self, *_): ...

    assert not AtEpochs().wants_batches
    assert AtBatches().wants_batches
    assert LambdaCallback(on_batch_end=print).wants_batches
    assert not LambdaCallback(on_epoch_end=print).wants_batches


def test_overrides_sees_functions_put_on_the_object():
    callback = Callback()
    callback.on_test_end = print
    assert overrides(callback, "on_test_end")
    assert not overrides(callback, "on_test_begin", "on_epoch_end")


def test_a_subclass_need_not_call_our_constructor():
    class Careless(Callback):
        def __init__(self):
            pass

    callback = Careless()
    assert callback.model is None
    assert callback.params is None
    callback.set_model("network")
    callback.set_params({"epochs": 2})
    assert callback.model == "network"
    assert callback.params == {"epochs": 2}


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(UnknownNameError, match=r"EarlyStopping has no argument .*did you mean 'patience'"):
        reject_unknown_arguments(EarlyStopping(), {"patiense": 3})
