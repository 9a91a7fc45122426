"""Early stopping and plateaus decide as Keras's own callbacks do, over random histories."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid.callbacks import CallbackList, EarlyStopping, ReduceLROnPlateau

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras")

# Sixteenths, so that Keras's comparisons in float32 are exact; few of them, so that ties are common.
metrics = st.integers(0, 24).map(lambda count: count / 16)
histories = st.lists(metrics, min_size=1, max_size=12)
modes = st.sampled_from(["min", "max"])
deltas = st.sampled_from([0.0, 0.0625, 0.25])
thorough = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@thorough
@given(
    history=histories,
    mode=modes,
    min_delta=deltas,
    patience=st.integers(0, 4),
    baseline=st.none() | metrics,
    restore_best_weights=st.booleans(),
    start_from_epoch=st.integers(0, 3),
)
def test_early_stopping(make_network, history, **options):
    def train(callback, callbacks):
        network = make_network()
        network.train(callbacks, [{"metric": value} for value in history])
        return (
            network.stop_training,
            float(network.weight[0]),
            callback.stopped_epoch,
            callback.best_epoch,
            callback.best,
        )

    ours = EarlyStopping("metric", **options)
    theirs = keras.callbacks.EarlyStopping("metric", **options)
    # Keras's own get_weights copies; that of the fake network does not.
    theirs_set_model = theirs.set_model
    theirs.set_model = lambda network: theirs_set_model(_copying(network))
    assert train(ours, CallbackList(ours)) == train(theirs, theirs)


@thorough
@given(
    history=histories,
    mode=modes,
    min_delta=deltas,
    patience=st.integers(0, 3),
    cooldown=st.integers(0, 3),
    factor=st.sampled_from([0.0, 0.1, 0.5]),
    min_lr=st.sampled_from([0.0, 0.01, 0.2]),
)
def test_reduce_lr_on_plateau(make_network, history, **options):
    def rates(callback):
        network, found = make_network(), []
        callback.set_model(network)
        callback.on_train_begin()
        for epoch, value in enumerate(history):
            callback.on_epoch_end(epoch, {"metric": value})
            found.append(network.optimizer.learning_rate)
        return found

    ours = rates(ReduceLROnPlateau("metric", **options))
    theirs = rates(keras.callbacks.ReduceLROnPlateau("metric", **options))
    assert ours == pytest.approx(theirs, rel=1e-6, abs=0)


def _copying(network):
    get_weights = network.get_weights
    network.get_weights = lambda: [weights.copy() for weights in get_weights()]
    return network
