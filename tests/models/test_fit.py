"""``fit`` and ``evaluate``: what Keras means by each argument, beside hand computation and real Keras."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, callbacks, layers, optimizers
from pellucid.callbacks import Callback
from pellucid.core.pass_context import PassContext
from pellucid.errors import ArgumentError, PellucidNote, ShapeError
from pellucid.functions import softmax

# The few random labels here leave a class out of most last parts.
pytestmark = pytest.mark.filterwarnings("ignore:validation_split takes the LAST images")

SPARSE = "sparse_categorical_crossentropy"
GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(23, 5)).astype(np.float32)
Y = GENERATOR.integers(0, 3, 23)
ONE_HOT = np.eye(3, dtype=np.float32)[Y]


def network(optimizer="sgd", loss=SPARSE, metrics=("accuracy",), *, seed=1, dropout=0.0):
    made = Sequential(
        [
            layers.Input((5,)),
            layers.Dense(4, activation="relu"),
            layers.Dropout(dropout),
            layers.Dense(3, activation="softmax"),
        ],
        seed=seed,
    )
    made.compile(optimizer, loss, list(metrics))
    return made


class Still(optimizers.SGD):
    """Takes no steps, so that metrics can be computed by hand."""

    def __init__(self):
        super().__init__(learning_rate=0.0)


def losses_of(made, x=X, y=Y):
    """Return the loss of each image, by hand."""
    probabilities = made.predict(x)
    return -np.log(probabilities[np.arange(len(y)), y])


class Order(Callback):
    """Notes every hook as it is called."""

    def __init__(self, name="", notes=None):
        self.name = name
        self.notes = [] if notes is None else notes

    def note(self, moment, logs):
        self.notes.append((self.name + moment, sorted(logs or {})))

    def on_train_begin(self, logs=None):
        self.note("train begin", logs)

    def on_train_end(self, logs=None):
        self.note("train end", logs)

    def on_epoch_begin(self, epoch, logs=None):
        self.note(f"epoch {epoch} begin", logs)

    def on_epoch_end(self, epoch, logs=None):
        self.note(f"epoch {epoch} end", logs)

    def on_train_batch_begin(self, batch, logs=None):
        self.note(f"batch {batch} begin", logs)

    def on_train_batch_end(self, batch, logs=None):
        self.note(f"batch {batch} end", logs)

    def on_test_begin(self, logs=None):
        self.note("test begin", logs)

    def on_test_end(self, logs=None):
        self.note("test end", logs)


# History


def test_history_has_keras_keys_and_a_value_an_epoch():
    made = network()
    history = made.fit(X, Y, epochs=3, validation_split=0.3, verbose=0)
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert {len(values) for values in history.history.values()} == {3}
    assert history.epoch == [0, 1, 2]
    assert history is made.history
    assert len(history.seconds) == len(history.validation_seconds) == 3
    assert all(seconds > 0 for seconds in history.seconds)
    assert history.params == {"verbose": 0, "epochs": 3, "steps": 1, "images": 16}
    assert list(made.fit(X, Y, verbose=0).history) == ["loss", "accuracy"]


@pytest.mark.parametrize("batch_size", [1, 4, 23, 100])
def test_metrics_of_an_epoch_are_means_over_its_images_the_last_batch_being_smaller(batch_size):
    made = network(Still())
    found = made.fit(X, Y, batch_size=batch_size, verbose=0).history
    assert found["loss"][0] == pytest.approx(losses_of(made).mean(), rel=1e-5)
    assert found["accuracy"][0] == pytest.approx((made.predict(X).argmax(axis=1) == Y).mean())


def test_metrics_of_a_batch_are_taken_before_its_step():
    made = network(optimizers.SGD(1.0))
    before = losses_of(made).mean()
    found = made.fit(X, Y, batch_size=23, epochs=2, verbose=0).history["loss"]
    assert found[0] == pytest.approx(before, rel=1e-5)
    assert found[1] != found[0]


def test_training_is_measured_with_dropout_and_validation_without():
    made = network(Still(), dropout=0.5)
    found = made.fit(X, Y, validation_data=(X, Y), verbose=0).history
    assert found["val_loss"][0] == pytest.approx(losses_of(made).mean(), rel=1e-5)
    assert found["loss"][0] != pytest.approx(found["val_loss"][0], rel=1e-2)


def test_one_step_of_gradient_descent_by_hand():
    made = Sequential([layers.Input((5,)), layers.Dense(3, activation="softmax")], seed=1)
    made.compile(optimizers.SGD(0.1), SPARSE)
    kernel, bias = (array.astype(np.float64) for array in made.get_weights())
    slope = (softmax(X.astype(np.float64) @ kernel + bias) - ONE_HOT) / len(X)
    made.fit(X, Y, batch_size=23, verbose=0)
    np.testing.assert_allclose(made.get_weights()[0], kernel - 0.1 * X.T @ slope, atol=1e-6)
    np.testing.assert_allclose(made.get_weights()[1], bias - 0.1 * slope.sum(axis=0), atol=1e-6)


# How long


def test_no_epochs_train_nothing():
    made, order = network(), Order()
    before = made.get_weights()
    history = made.fit(X, Y, epochs=0, verbose=0, callbacks=order)
    assert (history.history, history.epoch) == ({}, [])
    assert [moment for moment, _ in order.notes] == ["train begin", "train end"]
    for old, new in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_epochs_are_counted_from_initial_epoch():
    made, order = network(), Order()
    history = made.fit(X, Y, epochs=5, initial_epoch=3, verbose=0, callbacks=order)
    assert history.epoch == [3, 4]
    assert made.optimizer.iterations == 2
    assert ("epoch 3 begin", []) in order.notes
    assert made.fit(X, Y, epochs=5, initial_epoch=5, verbose=0).epoch == []


def test_training_goes_on_where_it_stood():
    """Two epochs in one call and in two are the same, order of the images and masks included."""
    once, twice = (network("adam", dropout=0.3) for _ in range(2))
    once.fit(X, Y, epochs=2, batch_size=7, verbose=0)
    twice.fit(X, Y, epochs=1, batch_size=7, verbose=0)
    twice.fit(X, Y, epochs=2, initial_epoch=1, batch_size=7, verbose=0)
    for one, other in zip(once.get_weights(), twice.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_batch_size_is_32_when_missing():
    made = network()
    made.fit(np.concatenate([X, X]), np.concatenate([Y, Y]), verbose=0)
    assert made.optimizer.iterations == 2


# Order of the images


class Batches(layers.Layer):
    """Notes which images each training batch has: their first value."""

    seen: list[list[float]]

    def forward(self, inputs, context: PassContext):
        if context.training:
            self.seen.append(inputs[:, 0].tolist())
        return inputs, None

    def backward(self, gradient, saved, *, inputs_gradient=True):
        return gradient, ()


def batches(seed=1, epochs=2, **settings):
    spy = Batches()
    spy.seen = []
    made = Sequential([layers.Input((2,)), spy, layers.Dense(2)], seed=seed)
    made.compile("sgd", "mse")
    x = np.arange(22.0).reshape(11, 2)
    made.fit(x, np.zeros((11, 2)), batch_size=4, epochs=epochs, verbose=0, **settings)
    return spy.seen, x[:, 0].tolist()


def test_without_shuffling_the_images_come_in_their_order():
    seen, order = batches(shuffle=False)
    assert seen == 2 * [order[0:4], order[4:8], order[8:11]]


def test_shuffling_takes_every_image_once_an_epoch_each_time_in_another_order():
    seen, order = batches()
    first, second = [*chain(*seen[:3])], [*chain(*seen[3:])]
    assert [len(batch) for batch in seen] == [4, 4, 3, 4, 4, 3]
    assert sorted(first) == sorted(second) == order
    assert first != order
    assert second not in (order, first)
    assert batches()[0] == seen
    assert batches(seed=2)[0] != seen


def test_images_keep_their_labels_and_weights_when_shuffled():
    """Only the images of class 1 count, and theirs are all alike: any mix-up shows in the loss."""
    y = (Y == 1).astype(int)
    x = np.eye(2)[y]
    made = Sequential([layers.Input((2,)), layers.Softmax()], seed=1)
    made.compile(Still(), SPARSE)
    loss = made.fit(x * 2, y, sample_weight=y, batch_size=4, verbose=0).history["loss"][0]
    assert loss == pytest.approx(np.log(1 + np.exp(-2)) * y.mean(), rel=1e-5)


# Validation


@given(share=st.floats(0.05, 0.95))
def test_validation_split_takes_the_last_images_before_shuffling(share):
    made = network(Still())
    at = int(np.floor(23 * (1 - share)))
    found = made.fit(X, Y, validation_split=share, verbose=0).history
    each = losses_of(made)
    assert found["loss"][0] == pytest.approx(each[:at].mean(), rel=1e-4)
    assert found["val_loss"][0] == pytest.approx(each[at:].mean(), rel=1e-4)


def test_validation_split_splits_the_weights_too():
    made, weights = network(Still()), np.arange(23.0)
    found = made.fit(X, Y, validation_split=0.2, sample_weight=weights, verbose=0).history
    each = losses_of(made) * weights
    assert found["loss"][0] == pytest.approx(each[:18].mean(), rel=1e-5)
    assert found["val_loss"][0] == pytest.approx(each[18:].mean(), rel=1e-5)


def test_validation_data_go_before_a_validation_split():
    made = network(Still())
    found = made.fit(X, Y, validation_split=0.5, validation_data=(X[:3], Y[:3]), verbose=0).history
    each = losses_of(made)
    assert found["loss"][0] == pytest.approx(each.mean(), rel=1e-5)
    assert found["val_loss"][0] == pytest.approx(each[:3].mean(), rel=1e-5)


def test_validation_is_measured_after_the_epoch_and_weighted_when_told():
    made, weights = network(optimizers.SGD(0.5)), np.arange(23.0)
    found = made.fit(X, Y, validation_data=(X, Y, weights), verbose=0).history
    assert found["val_loss"][0] == pytest.approx((losses_of(made) * weights).mean(), rel=1e-5)


def test_an_epoch_ended_early_is_validated_too():
    """As in Keras, so that all lists of the history have one length."""

    class Stop(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    made = network()
    history = made.fit(X, Y, batch_size=4, epochs=3, validation_data=(X, Y), verbose=0, callbacks=Stop())
    assert made.optimizer.iterations == 2
    assert history.epoch == [0]
    assert {name: len(values) for name, values in history.history.items()} == dict.fromkeys(
        ["loss", "accuracy", "val_loss", "val_accuracy"], 1
    )


# Weights of classes and images


def test_class_weights_by_hand():
    made = network(Still())
    found = made.fit(X, Y, class_weight={0: 2.0, 2: 0.5}, batch_size=4, verbose=0).history
    weights = np.array([2.0, 1.0, 0.5])[Y]
    assert found["loss"][0] == pytest.approx((losses_of(made) * weights).mean(), rel=1e-5)
    assert found["accuracy"][0] == pytest.approx((made.predict(X).argmax(axis=1) == Y).mean())


def test_class_weights_for_one_hot_labels_are_the_same():
    sparse, one_hot = network(), network(loss="categorical_crossentropy")
    for made, labels in ((sparse, Y), (one_hot, ONE_HOT)):
        made.fit(X, labels, class_weight={np.int64(0): 2.0, 2: 0}, batch_size=4, verbose=0)
    for one, other in zip(sparse.get_weights(), one_hot.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_class_weights_leave_the_validation_alone():
    made = network(Still())
    found = made.fit(X, Y, class_weight={0: 9.0, 1: 9.0}, validation_data=(X, Y), verbose=0).history
    assert found["val_loss"][0] == pytest.approx(losses_of(made).mean(), rel=1e-5)


def test_an_image_of_weight_two_counts_as_two():
    twice, weighted = network(), network()
    twice.fit(np.concatenate([X, X[:4]]), np.concatenate([Y, Y[:4]]), batch_size=27, shuffle=False, verbose=0)
    # the mean is over the images, not over the weights: as in Keras
    weights = np.where(np.arange(23) < 4, 2.0, 1.0) * 23 / 27
    weighted.fit(X, Y, sample_weight=weights, batch_size=23, shuffle=False, verbose=0)
    for one, other in zip(twice.get_weights(), weighted.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_images_of_weight_zero_teach_nothing():
    made = network()
    before = made.get_weights()
    found = made.fit(X, Y, sample_weight=np.zeros(23), batch_size=4, epochs=2, verbose=0).history
    assert found["loss"] == [0, 0]
    for old, new in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


# Evaluation


def test_evaluate_returns_a_list_a_number_or_a_dict():
    made = network()
    loss, accuracy = made.evaluate(X, Y, verbose=0)
    assert loss == pytest.approx(losses_of(made).mean(), rel=1e-5)
    assert accuracy == pytest.approx((made.predict(X).argmax(axis=1) == Y).mean())
    assert made.evaluate(X, Y, verbose=0, return_dict=True) == {"loss": loss, "accuracy": accuracy}
    assert network(metrics=()).evaluate(X, Y, verbose=0) == loss


@pytest.mark.parametrize("batch_size", [None, 1, 4, 100])
def test_evaluate_does_not_depend_on_the_batches(batch_size):
    made = network(dropout=0.5)
    found = made.evaluate(X, Y, batch_size=batch_size, sample_weight=np.arange(23.0), verbose=0)
    assert found[0] == pytest.approx((losses_of(made) * np.arange(23.0)).mean(), rel=1e-5)


def test_evaluate_prints_where_asked(capsys):
    made = network()
    made.evaluate(X, Y, verbose=0)
    assert capsys.readouterr().out == ""
    loss, accuracy = made.evaluate(X, Y, verbose=1)
    assert capsys.readouterr().out == f"loss {loss:.4f}  accuracy {accuracy:.4f}\n"


# Callbacks


def test_callbacks_are_told_in_keras_order_with_keras_metrics():
    order = Order()
    network().fit(X, Y, batch_size=12, epochs=2, validation_data=(X, Y), verbose=0, callbacks=order)
    measured = ["accuracy", "loss"]
    whole = ["accuracy", "loss", "val_accuracy", "val_loss"]
    epoch = [
        ("batch 0 begin", []),
        ("batch 0 end", measured),
        ("batch 1 begin", []),
        ("batch 1 end", measured),
        ("test begin", []),
        ("test end", measured),
    ]
    assert order.notes == [
        ("train begin", []),
        ("epoch 0 begin", []),
        *epoch,
        ("epoch 0 end", whole),
        ("epoch 1 begin", []),
        *epoch,
        ("epoch 1 end", whole),
        ("train end", whole),
    ]


def test_callbacks_are_told_in_the_order_given_and_may_add_metrics():
    notes: list = []

    class Adds(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["learning_rate"] = self.model.optimizer.learning_rate + epoch

    first, second = Order("first ", notes), Order("second ", notes)
    history = network().fit(X, Y, verbose=0, callbacks=[first, Adds(), second])
    ends = [note for note in notes if "epoch 0 end" in note[0]]
    assert ends == [
        ("first epoch 0 end", ["accuracy", "loss"]),
        ("second epoch 0 end", ["accuracy", "learning_rate", "loss"]),
    ]
    assert history.history["learning_rate"] == [0.01]


def test_batch_metrics_are_running_means():
    seen = []
    made = network(Still())
    made.fit(
        X,
        Y,
        batch_size=10,
        shuffle=False,
        verbose=0,
        callbacks=callbacks.LambdaCallback(on_train_batch_end=lambda _, logs: seen.append(logs["loss"])),
    )
    each = losses_of(made)
    assert seen == pytest.approx([each[:10].mean(), each[:20].mean(), each.mean()], rel=1e-5)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_training_that_is_broken_off_tells_the_callbacks_and_keeps_the_history(error):
    class Break(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise error

    made, order = network(), Order()
    with pytest.raises(error):
        made.fit(X, Y, epochs=5, verbose=0, callbacks=[order, Break()])
    assert made.history.epoch == [0, 1]
    assert order.notes[-1] == ("train end", ["accuracy", "loss"])


def test_a_flag_left_from_an_earlier_training_stops_nothing():
    made = network()
    made.stop_training = True
    assert made.fit(X, Y, epochs=2, verbose=0).epoch == [0, 1]


# Verbosity


def test_verbose_0_is_silent_and_2_a_line_an_epoch(capsys):
    network().fit(X, Y, epochs=2, verbose=0)
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
    network().fit(X, Y, epochs=3, verbose=2)
    captured = capsys.readouterr()
    heading, *lines = (captured.out + captured.err).splitlines()
    assert heading.split() == ["Epoch", "time", "loss", "accuracy"]
    assert [line.split()[0] for line in lines] == ["1/3", "2/3", "3/3"]


# Beside real Keras


def keras_twin(keras, made):
    hidden, last = keras.layers.Dense(4, activation="relu"), keras.layers.Dense(3)
    twin = keras.Sequential([keras.Input((5,)), hidden, last])
    twin.set_weights(made.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    twin.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
    return twin


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"class_weight": {0: 3.0, 2: 0.25}},
        {"sample_weight": np.linspace(0, 2, 23)},
        {"validation_split": 0.3, "sample_weight": np.linspace(0, 2, 23)},
        {"validation_split": 0.3, "class_weight": {1: 5.0}},
        {"validation_data": (X[:5], Y[:5], np.arange(5.0)), "initial_epoch": 1},
    ],
    ids=lambda settings: ", ".join(settings) or "plain",
)
def test_keras_fits_the_same(keras, settings):
    made = network(optimizers.SGD(0.1))
    twin = keras_twin(keras, made)
    common = {"batch_size": 5, "epochs": 2, "shuffle": False, "verbose": 0, **settings}
    expected = twin.fit(X, Y, **common)
    found = made.fit(X, Y, **common)
    assert found.epoch == expected.epoch
    assert set(found.history) == set(expected.history)
    for name, values in expected.history.items():
        assert found.history[name] == pytest.approx(values, rel=1e-4), name
    for mine, other in zip(made.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5)
    weights = np.linspace(0, 3, 23)
    assert made.evaluate(X, Y, sample_weight=weights, batch_size=7, verbose=0) == pytest.approx(
        twin.evaluate(X, Y, sample_weight=weights, batch_size=7, verbose=0), rel=1e-4
    )


def test_a_class_that_the_last_images_lack_is_told():
    network = Sequential([layers.Input((2,)), layers.Dense(3, activation="softmax")], seed=0)
    network.compile("sgd", "sparse_categorical_crossentropy")
    x, y = np.ones((30, 2)), np.repeat([0, 1, 2], 10)
    with pytest.warns(
        PellucidNote, match=r"takes the LAST images, .* these have none of class 0, 1\. Shuffle"
    ):
        network.fit(x, y, validation_split=0.2, verbose=0)
    network.fit(x, np.arange(30) % 3, validation_split=0.2, verbose=0)  # all there: nothing to tell


def endless():
    while True:
        yield np.zeros((4, 6)), np.zeros(4, int)


class Loader:
    """Iterable in batches, as data loaders are."""

    def __len__(self):
        return 2

    def __iter__(self):
        return endless()


def classifier():
    network = Sequential([layers.Input((6,)), layers.Dense(2, activation="softmax")])
    network.compile("sgd", "sparse_categorical_crossentropy")
    return network


@pytest.mark.parametrize("make", [endless, Loader, lambda: zip([1], [2], strict=True), lambda: map(abs, [1])])
@pytest.mark.parametrize(
    "call",
    [
        lambda network, x: network.fit(x),
        lambda network, x: network.fit(x, steps_per_epoch=5),
        lambda network, x: network.evaluate(x, steps=2),
        lambda network, x: network.predict(x),
    ],
)
def test_generators_and_loaders_are_told_to_be_arrays(make, call):
    with pytest.raises(ArgumentError) as error:
        call(classifier(), make())
    assert str(error.value) == (
        "x is an array of images, and y the array of their labels; generators and data loaders are not "
        "taken. Stack their batches with np.concatenate; an array larger than memory can lie in a file: np."
        f"load(file, mmap_mode='r'). Received: x of type {type(make()).__name__}"
    )


def test_a_mapping_of_arrays_and_a_name_of_a_file(tmp_path):
    np.savez(tmp_path / "x.npz", x_train=np.zeros((4, 6)), y_train=np.zeros(4, int))
    archive = np.load(tmp_path / "x.npz")
    with pytest.raises(ArgumentError, match=r"give x\['x_train'\], x\['y_train'\]"):
        classifier().fit(archive, np.zeros(4, int))
    with pytest.raises(ArgumentError, match=r"not a file's name: read it first"):
        classifier().fit("images/", np.zeros(4, int))


def test_a_pair_or_a_list_in_place_of_two_arrays():
    x, y = np.zeros((4, 6)), np.zeros(4, int)
    with pytest.raises(ArgumentError, match=r"Received: y=None. x and y are two arguments: fit\(x, y\)$"):
        classifier().fit((x, y))
    with pytest.raises(ShapeError, match=r"That is a list of one array; give the array itself: x\[0\]$"):
        classifier().fit([x], y)


def test_trainable_of_a_network_is_that_of_its_layers():
    network = classifier()
    before = network.get_weights()
    network.trainable = False
    assert [layer.trainable for layer in network.layers] == [False]
    assert not network.trainable
    network.compile("sgd", "sparse_categorical_crossentropy")
    network.fit(np.ones((4, 6)), np.zeros(4, int), verbose=0)
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    network.trainable = True
    assert network.trainable
