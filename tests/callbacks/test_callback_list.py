import pytest

from pellucid.callbacks import Callback, CallbackList, EarlyStopping, History, LambdaCallback, Progress
from pellucid.callbacks.callback import HOOKS
from pellucid.errors import ArgumentError


def recorder(seen, name):
    """A callback that notes each hook it is called at."""
    return LambdaCallback(
        **{hook: lambda *args, hook=hook: seen.append((name, hook, *args)) for hook in HOOKS}
    )


def test_every_hook_reaches_every_callback_in_order():
    seen = []
    callbacks = CallbackList([recorder(seen, "first"), recorder(seen, "second")])
    for hook in HOOKS:
        if hook in ("on_batch_begin", "on_batch_end"):
            continue  # called by the hooks that replaced them, not by the list
        at = (7,) if "epoch" in hook or "batch" in hook else ()
        getattr(callbacks, hook)(*at, {"loss": 0.5})
        assert seen == [(name, hook, *at, {"loss": 0.5}) for name in ("first", "second")]
        seen.clear()


def test_hooks_of_batches_are_called_without_logs_too():
    seen = []
    callbacks = CallbackList(recorder(seen, "only"))
    callbacks.on_train_batch_begin(0)
    callbacks.on_epoch_end(0)
    callbacks.on_train_end()
    assert [entry[1:] for entry in seen] == [
        ("on_train_batch_begin", 0, {}),
        ("on_epoch_end", 0, {}),
        ("on_train_end", {}),
    ]


def test_wants_batches_tells_whether_anyone_does():
    assert not CallbackList([EarlyStopping(), History()]).wants_batches
    assert CallbackList([EarlyStopping(), LambdaCallback(on_batch_end=print)]).wants_batches
    assert CallbackList(LambdaCallback(on_test_batch_end=print)).wants_test_batches
    assert CallbackList(LambdaCallback(on_predict_batch_begin=print)).wants_predict_batches
    quiet = CallbackList([History()])
    assert not quiet.wants_test_batches
    assert not quiet.wants_predict_batches


def test_only_those_that_override_a_batch_hook_are_called_at_batches():
    class Loud(Callback):
        wants_batches = False

        def on_train_batch_end(self, *_):
            raise AssertionError("said that it does not want batches")

    seen = []
    callbacks = CallbackList([Loud(), LambdaCallback(on_train_batch_end=lambda batch, _: seen.append(batch))])
    callbacks.on_train_batch_end(5, {"loss": 1.0})
    assert seen == [5]


def test_wants_batches_is_asked_again_when_training_begins():
    class Late(Callback):
        wants_batches = False

        def on_train_begin(self, *_):
            self.wants_batches = True

    callbacks = CallbackList([Late()])
    assert not callbacks.wants_batches
    callbacks.on_train_begin()
    assert callbacks.wants_batches


def test_what_callbacks_add_at_the_end_of_an_epoch_reaches_the_loop_and_the_history():
    adds = LambdaCallback(on_epoch_end=lambda _, logs: logs.update(learning_rate=0.5))
    callbacks = CallbackList([History(), adds])
    logs = {"loss": 1.0}
    callbacks.on_epoch_end(0, logs)
    assert logs == {"loss": 1.0, "learning_rate": 0.5}
    assert callbacks.history.history == {"loss": [1.0], "learning_rate": [0.5]}


def test_progress_comes_first_and_history_last():
    history, progress, other, more = History(), Progress(0), LambdaCallback(), EarlyStopping()
    assert CallbackList([history, other, progress, more]).callbacks == [progress, other, more, history]


def test_history_and_progress_are_added_once():
    callbacks = CallbackList(add_history=True, add_progbar=True, verbose=0, epochs=3)
    assert [type(callback) for callback in callbacks.callbacks] == [Progress, History]
    assert callbacks.callbacks[0].verbose == 0
    own = [Progress(2), History()]
    assert CallbackList(own, add_history=True, add_progbar=True).callbacks == own


def test_the_history_is_none_without_one():
    assert CallbackList([EarlyStopping()]).history is None


def test_model_params_and_clock_reach_callbacks_also_late_ones():
    early, late = Callback(), Callback()
    callbacks = CallbackList([early], model="network", epochs=3, steps=8)
    callbacks.append(late)
    for callback in (early, late):
        assert callback.model == "network"
        assert callback.params == {"epochs": 3, "steps": 8}
        assert callback.clock is callbacks.clock


def test_the_clock_counts_training_and_validation_but_not_callbacks(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("pellucid.callbacks.clock.time.perf_counter", lambda: now[0])

    def takes(seconds):
        def hook(*_):
            now[0] += seconds

        return hook

    slow = LambdaCallback(on_epoch_begin=takes(100), on_epoch_end=takes(100), on_train_begin=takes(100))
    callbacks = CallbackList([slow], add_history=True)
    callbacks.on_train_begin()
    for epoch in range(2):
        callbacks.on_epoch_begin(epoch)
        takes(3 + epoch)()  # training
        callbacks.on_test_begin()
        takes(1)()  # validation
        callbacks.on_test_end()
        callbacks.on_epoch_end(epoch, {})
    assert callbacks.history.seconds == [3.0, 4.0]
    assert callbacks.history.validation_seconds == [1.0, 1.0]


def test_nested_lists_and_single_callbacks_are_taken():
    one, two, three = Callback(), Callback(), Callback()
    assert CallbackList([one, (two, [three])]).callbacks == [one, two, three]
    assert CallbackList(one).callbacks == [one]
    assert CallbackList(None).callbacks == []


def test_a_class_instead_of_an_object_is_explained():
    with pytest.raises(
        ArgumentError, match=r"the class .*EarlyStopping itself; make one of it: EarlyStopping"
    ):
        CallbackList([EarlyStopping])


def test_something_else_is_refused():
    with pytest.raises(
        ArgumentError, match=r"an object of builtins.int, which is not a callback: take one of"
    ):
        CallbackList([3])
