"""Building a network, and what it says of itself: names, shapes, summary, configuration, weights."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers, utils
from pellucid.callbacks import Callback
from pellucid.core.pass_context import PassContext
from pellucid.errors import ArgumentError, NotBuiltError, PellucidNote, ShapeError, UnknownNameError


def small(**options):
    return Sequential(
        [
            layers.Input((6, 5, 2)),
            layers.Conv2D(3, 2, activation="relu"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ],
        **{"seed": 1, **options},
    )


def images(n=3, shape=(6, 5, 2)):
    return np.random.default_rng(0).normal(size=(n, *shape)).astype(np.float32)


def shapes(network):
    return [layer.output_shape for layer in network.layers]


# Building


def test_a_list_and_one_by_one_are_the_same_network():
    one_by_one = Sequential(seed=1)
    for layer in (
        layers.Input((6, 5, 2)),
        layers.Conv2D(3, 2, activation="relu"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(4, activation="softmax"),
    ):
        one_by_one.add(layer)
    assert one_by_one.get_config() == small().get_config()
    for mine, other in zip(one_by_one.get_weights(), small().get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_shapes_follow_from_layer_to_layer():
    network = small()
    assert network.input_shape == (6, 5, 2)
    assert shapes(network) == [(5, 4, 3), (5, 4, 3), (60,), (4,)]
    assert network.output_shape == (4,)


def test_without_an_input_the_first_data_say_the_shape():
    network = Sequential([layers.Flatten(), layers.Dense(4)], seed=1)
    assert not network.built
    assert network.predict(images()).shape == (3, 4)
    assert network.input_shape == (6, 5, 2)
    with pytest.raises(ShapeError, match=r"takes x of shape \(N, 6, 5, 2\)"):
        network.predict(images(shape=(6, 5, 1)))


@pytest.mark.parametrize("shape", [(6, 5, 2), (None, 6, 5, 2), [None, 6, 5, 2]])
def test_build_takes_the_shape_with_and_without_the_batch_axis(shape):
    network = Sequential([layers.Flatten(), layers.Dense(4)])
    network.build(shape)
    assert network.input_shape == (6, 5, 2)
    network.build(shape)  # again the same: nothing to do
    with pytest.raises(ShapeError) as error:
        network.build((7,))
    assert str(error.value) == "The network is built for inputs of shape (6, 5, 2). Received: shape=(7,)"


@pytest.mark.parametrize("shape", [None, (None,), (), (0, 3), ("a", 3), (2.5,), (True, 3)])
def test_build_wants_a_shape(shape):
    with pytest.raises(ShapeError, match=r"^Input takes the shape of one image, without the batch axis"):
        Sequential([layers.Flatten()]).build(shape)


def test_the_same_shape_built_early_or_late_makes_the_same_weights():
    late = Sequential([layers.Flatten(), layers.Dense(4)], seed=1)
    late.build((6, 5, 2))
    early = Sequential([layers.Input((6, 5, 2)), layers.Flatten(), layers.Dense(4)], seed=1)
    np.testing.assert_array_equal(late.get_weights()[0], early.get_weights()[0])


def test_input_shape_of_the_first_layer_is_an_old_spelling_of_input():
    with pytest.warns(PellucidNote, match=r"input_shape= is the old spelling of an Input"):
        network = Sequential([layers.Dense(4, input_shape=(3,))])
    assert network.input_shape == (3,)
    assert network.built


def test_a_layer_that_does_not_fit_is_refused_and_the_network_stays_as_it_was():
    network = small()
    before = network.get_config()
    with pytest.raises(ShapeError, match=r"^Layer 'conv2d_1' \(Conv2D\) takes images or feature maps"):
        network.add(layers.Conv2D(3, 2))
    assert network.get_config() == before
    network.add(layers.Dense(2))
    assert network.output_shape == (2,)


def test_data_that_do_not_fit_leave_an_unbuilt_network_unbuilt():
    network = Sequential([layers.ReLU(), layers.Dense(3)])
    with pytest.raises(ShapeError, match=r"^Layer 'dense' \(Dense\) takes flat inputs \(N, D\)"):
        network.predict(images())
    assert not network.built
    assert [layer.built for layer in network.layers] == [False, False]
    network.add(layers.Dense(2))
    assert network.predict(images(shape=(5,))).shape == (3, 2)


def test_pop_takes_the_last_layer_off():
    network = small()
    last = network.layers[-1]
    assert network.pop() is last
    assert network.output_shape == (60,)
    network.add(layers.Dense(7))
    assert network.output_shape == (7,)
    while network.layers:
        network.pop()
    with pytest.raises(ArgumentError, match=r"^There is no layer to take off: the network is empty$"):
        network.pop()
    with pytest.raises(NotBuiltError):
        network.get_weights()
    network.add(layers.Flatten())
    assert network.output_shape == (60,)


def test_pop_before_the_shape_is_known():
    network = Sequential([layers.Flatten(), layers.Dense(2)])
    assert type(network.pop()) is layers.Dense
    assert not network.built


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Sequential([layers.Dense(1), layers.Input((2,))]),
            r"^Input comes first, and once. Received: Input\(shape=\(2,\)\) after 1 layers$",
        ),
        (
            lambda: Sequential([layers.Input((2,)), layers.Input((2,))]),
            r"^Input comes first, and once. Received: Input\(shape=\(2,\)\) after 0 layers$",
        ),
        (
            lambda: Sequential([layers.Flatten]),
            r"^Sequential is made of layers. Received: .*Flatten'>; call it: layers.Flatten\(\)$",
        ),
        (lambda: Sequential(["dense"]), r"^Sequential is made of layers. Received: 'dense'$"),
        (lambda: Sequential([small()]), r"^Sequential is made of layers. Received: <Sequential"),
        (
            lambda: Sequential(layers.Flatten()),
            r"^Sequential takes a list of layers. Received: layers=<Flatten",
        ),
        (lambda: Sequential(3), r"^Sequential takes a list of layers. Received: layers=3$"),
        (lambda: Sequential(seed=-1), r"^seed is a whole number from 0 to 4294967295. Received: seed=-1$"),
        (lambda: Sequential(seed=2**32), r"Received: seed=4294967296$"),
        (lambda: Sequential(seed=0.5), r"Received: seed=0.5$"),
        (
            lambda: Sequential([layers.Dense(1), layers.Dense(2, dtype="float64")]),
            r"^All layers of a network compute in one dtype; the first in 'float32'. "
            r"Received: layer 'dense' with dtype='float64'$",
        ),
        (
            lambda: Sequential([layers.Dense(1, name="top"), layers.Dense(2, name="top")]),
            r"^Layer names differ within a network. Received: a second name='top'$",
        ),
    ],
)
def test_what_is_no_network(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_a_layer_can_be_in_a_network_once():
    layer = layers.Dense(2)
    network = Sequential([layers.Input((2,)), layer])
    with pytest.raises(ArgumentError) as error:
        network.add(layer)
    assert str(error.value) == "Layer 'dense' is already in the network; create another one"


def test_an_unknown_argument_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        Sequential(layer=[])
    assert str(error.value) == "Sequential has no argument layer=[]: did you mean 'layers'?"


# Names


def test_names_are_numbered_as_keras_numbers_them():
    network = Sequential([layers.Dense(1), layers.ReLU(), layers.Dense(1), layers.Dense(1, name="dense_2")])
    network.add(layers.Dense(1))
    assert [layer.name for layer in network.layers] == ["dense", "re_lu", "dense_1", "dense_2", "dense_3"]


def test_get_layer_by_name_and_by_place():
    network = small()
    assert network.get_layer("dense") is network.layers[3]
    assert network.get_layer(index=0) is network.layers[0]
    assert network.get_layer(index=-1) is network.layers[3]
    with pytest.raises(UnknownNameError, match=r"^There is no layer 'dens': did you mean 'dense'\?$"):
        network.get_layer("dens")
    for index in (4, -5):
        with pytest.raises(ArgumentError) as error:
            network.get_layer(index=index)
        assert str(error.value) == f"The network has 4 layers. Received: index={index}"


# What is not there yet


@pytest.mark.parametrize(
    "ask",
    [
        lambda network: network.input_shape,
        lambda network: network.output_shape,
        lambda network: network.parts,
        lambda network: network.count_params(),
        lambda network: network.get_weights(),
        lambda network: network.set_weights([]),
    ],
)
def test_what_needs_the_shape_says_how_to_give_it(ask):
    with pytest.raises(NotBuiltError) as error:
        ask(Sequential([layers.Dense(2)]))
    assert str(error.value) == (
        "The network does not know the shape of its inputs yet. Begin it with Input(shape=…), as in "
        "Input(shape=(28, 28, 1)), or fit it on data first."
    )


def test_a_network_without_layers_computes_nothing():
    with pytest.raises(NotBuiltError, match=r"^The network has no layers yet; add some first$"):
        Sequential([layers.Input((3,))]).predict(np.ones((2, 3)))


# Seeds


def test_changing_the_list_of_layers_changes_no_network():
    network = small()
    before = network.predict(images())
    network.layers.append(layers.Dense(5))
    network.layers.pop(0)
    assert len(network.layers) == 4
    np.testing.assert_array_equal(network.predict(images()), before)


@pytest.mark.parametrize("name", ["input_shape", "output_shape"])
def test_a_shape_that_is_not_known_yet_is_an_attribute_that_is_not_there(name):
    assert not hasattr(Sequential([layers.Dense(3)]), name)
    assert hasattr(small(), name)


def test_the_seed_makes_the_weights():
    kernels = [small(seed=seed).get_weights()[0] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[0], kernels[2])


def test_without_a_seed_each_network_has_another_and_says_which():
    first, second = Sequential(), Sequential()
    assert first.seed != second.seed
    again = small(seed=first.seed)
    assert again.seed == first.seed


def test_numbers_of_numpy_are_seeds():
    assert type(Sequential(seed=np.int64(7)).seed) is int


def test_set_random_seed_makes_networks_the_same_in_their_order():
    def seeds():
        utils.set_random_seed(3)
        return Sequential().seed, Sequential().seed

    first, second = seeds()
    assert first != second
    assert seeds() == (first, second)


# Counting


def test_count_and_summary():
    network = small()
    assert network.count_params() == (2 * 2 * 2 * 3 + 3) + 4 * 3 + (60 * 4 + 4)
    lines: list[str] = []
    network.summary(line_length=70, print_fn=lines.append)
    (text,) = lines
    assert "(None, 5, 4, 3)" in text
    assert "Total params: 283" in text
    assert " Trainable params: 277" in text  # not the running mean and variance
    assert "Non-trainable params: 6" in text
    assert "Optimizer" not in text


def test_summary_counts_the_bytes_of_the_dtype(capsys):
    Sequential([layers.Input((3,)), layers.Dense(2, dtype="float64")]).summary()
    assert " Total params: 8 (64.00 B)" in capsys.readouterr().out


def test_summary_is_printed_and_counts_what_the_optimizer_keeps(capsys):
    network = small()
    network.compile("adam", "mse")
    network.summary()
    assert "Optimizer" not in capsys.readouterr().out
    network.prepare()
    network.summary()
    assert f" Optimizer params: {2 * 277}" in capsys.readouterr().out


def test_frozen_layers_are_not_counted_as_trained(capsys):
    network = small()
    network.layers[3].trainable = False
    network.summary()
    assert " Trainable params: 33" in capsys.readouterr().out


# Configuration


def test_configuration_makes_the_same_network_again():
    network = small(name="mine")
    again = Sequential.from_config(json.loads(json.dumps(network.get_config())))
    assert again.get_config() == network.get_config()
    assert again.name == "mine"
    for mine, other in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_configuration_of_a_network_without_a_shape():
    network = Sequential([layers.Flatten(), layers.Dense(2)], seed=1)
    assert network.get_config()["input_shape"] is None
    assert not Sequential.from_config(network.get_config()).built


def test_configuration_is_json_also_where_numbers_are_numpys():
    network = Sequential(
        [
            layers.Input(np.array([4, 4, 1])),
            layers.Conv2D(np.int64(2), np.int64(2), trainable=np.bool_(True)),
            layers.Dropout(float(np.float32(0.5))),
            layers.BatchNormalization(momentum=np.float32(0.5), epsilon=np.float64(1e-3)),
            layers.Rescaling(np.float32(2.0)),
            layers.Flatten(),
            layers.Dense(np.int32(2), use_bias=np.bool_(False)),
        ],
        seed=1,
    )
    assert Sequential.from_config(json.loads(json.dumps(network.get_config()))).output_shape == (2,)


# Weights


def test_weights_are_taken_and_given_in_order():
    network, other = small(), small(seed=2)
    weights = network.get_weights()
    assert [array.shape for array in weights] == [
        (2, 2, 2, 3), (3,), (3,), (3,), (3,), (3,), (60, 4), (4,),
    ]  # fmt: skip
    other.set_weights(weights)
    np.testing.assert_array_equal(network.predict(images()), other.predict(images()))


def test_weights_taken_are_copies():
    network = small()
    network.get_weights()[0][...] = 7
    assert not np.any(network.get_weights()[0] == 7)


def test_weights_given_reach_a_network_that_has_trained():
    """Its parameters are views into one row; overwriting must not part them from it."""
    network, x = small(), images(8)
    network.compile("sgd", "sparse_categorical_crossentropy")
    network.fit(x, np.arange(8) % 4, verbose=0)
    zeros = [np.zeros_like(array) for array in network.get_weights()]
    network.set_weights(zeros)
    np.testing.assert_allclose(network.predict(x), 0.25)
    network.fit(x, np.zeros(8, int), verbose=0)
    assert network.predict(x)[0, 0] > 0.25


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda weights: weights[:-1], r"^The network has 8 weight arrays. Received: 7 arrays$"),
        (
            lambda weights: [*weights[:-1], np.zeros(5)],
            r"^'bias' of layer 'dense' has shape \(4,\). Received: shape=\(5,\)$",
        ),
        (
            lambda weights: [*weights[:-1], np.full(4, "a")],
            r"^'bias' of layer 'dense' holds numbers. Received: dtype=<U1$",
        ),
    ],
)
def test_wrong_weights_change_nothing(change, message):
    network = small()
    before = network.get_weights()
    with pytest.raises(ArgumentError, match=message):
        network.set_weights(change([array + 1 for array in before]))
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


# Calling


def test_calling_is_predicting_and_dropout_is_on_only_in_training():
    network = Sequential([layers.Input((50,)), layers.Dropout(0.5)], seed=1)
    x = np.ones((4, 50), np.float32)
    np.testing.assert_array_equal(network(x), x)
    np.testing.assert_array_equal(network.predict(x), x)
    assert 0 < np.mean(network(x, training=True) == 0) < 1


def masks(seed, calls=3):
    network = Sequential([layers.Input((50,)), layers.Dropout(0.5)], seed=seed)
    return [network(np.ones((4, 50)), training=True) for _ in range(calls)]


def test_each_call_as_in_training_draws_anew_from_the_networks_seed():
    first, second, third = masks(seed=1)
    assert (first != second).any()
    assert (second != third).any()
    np.testing.assert_array_equal(masks(seed=1), [first, second, third])
    assert (masks(seed=2, calls=1)[0] != first).any()


def test_calls_draw_other_numbers_than_training_steps():
    network = Sequential([layers.Input((50,)), layers.Dropout(0.5)], seed=1)
    step = network.layers[0].mask((4, 50), PassContext(training=True, seed=1, iteration=0))
    assert ((network(np.ones((4, 50)), training=True) > 0) != step).any()


def test_a_call_as_in_training_moves_the_moving_statistics_and_another_does_not():
    network = small()
    means = [network.layers[1].state["moving_mean"].copy()]
    for training in (False, True):
        network(images(), training=training)
        means.append(network.layers[1].state["moving_mean"].copy())
    np.testing.assert_array_equal(means[0], means[1])
    assert (means[1] != means[2]).all()


@given(n=st.integers(1, 40), batch_size=st.one_of(st.none(), st.integers(1, 50)))
def test_predictions_do_not_depend_on_the_batches(n, batch_size):
    network, x = small(), images(n)
    np.testing.assert_allclose(network.predict(x, batch_size=batch_size), network(x), rtol=1e-5, atol=1e-6)


def test_predictions_take_any_numbers_and_leave_them_alone():
    network = small()
    for dtype in (np.uint8, np.int64, np.float16, np.float64, bool):
        x = np.ones((3, 6, 5, 2), dtype)
        x.flags.writeable = False
        assert network.predict(x).dtype == np.float32
    np.testing.assert_array_equal(network.predict(x.tolist()), network.predict(x))


def test_predictions_keep_float64_where_the_layers_do():
    network = Sequential([layers.Input((3,)), layers.Dense(2, dtype="float64")])
    assert network.predict(np.ones((2, 3), np.float32)).dtype == np.float64


def test_predict_classes_is_an_old_spelling():
    network = small()
    with pytest.warns(PellucidNote, match=r"it is predict\(x\).argmax\(axis=1\)"):
        found = network.predict_classes(images())
    np.testing.assert_array_equal(found, network.predict(images()).argmax(axis=1))


# Copies


def pickled(network):
    return pickle.loads(pickle.dumps(network))  # noqa: S301 - our own


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_goes_on_training_as_the_network_would(copied):
    network, x, y = small(), images(12), np.arange(12) % 4
    network.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    network.fit(x, y, epochs=2, batch_size=5, verbose=0)
    twin = copied(network)
    np.testing.assert_array_equal(twin.predict(x), network.predict(x))
    for one in (network, twin):
        one.fit(x, y, epochs=2, batch_size=5, verbose=0)
    np.testing.assert_array_equal(twin.predict(x), network.predict(x))
    assert twin.history.history == network.history.history
    twin.fit(x, y, verbose=0)
    assert not np.array_equal(twin.predict(x), network.predict(x))  # and the network is left alone


# Settled by compile


def test_compile_needs_a_loss():
    with pytest.raises(ArgumentError) as error:
        small().compile("sgd")
    assert str(error.value) == "compile needs a loss, for example loss='categorical_crossentropy'"


def test_a_failed_compile_leaves_the_one_before():
    network = small()
    network.compile("sgd", "mse", ["mae"])
    for wrong in (("sgdd", "mse"), ("adam", "msee"), ("adam", "categorical_crossentropy", ["acuracy"])):
        with pytest.raises(UnknownNameError):
            network.compile(*wrong)
    assert type(network.optimizer).__name__ == "SGD"
    assert type(network.loss).__name__ == "MeanSquaredError"
    assert [metric.name for metric in network.metrics] == ["mae"]


def test_freezing_takes_effect_with_compile_and_not_by_chance():
    network, x, y = small(), images(8), np.arange(8) % 4
    network.compile("sgd", "sparse_categorical_crossentropy")
    network.fit(x, y, verbose=0)
    network.layers[0].trainable = False
    with pytest.raises(ArgumentError) as error:
        network.fit(x, y, verbose=0)
    assert str(error.value) == (
        "Which layers are trained is settled by compile; call it again after a change. "
        "Received: layer 'conv2d' with trainable=False, was True"
    )
    network.compile("sgd", "sparse_categorical_crossentropy")
    before = network.get_weights()
    network.fit(x, y, verbose=0)
    changed = [not np.array_equal(*pair) for pair in zip(before, network.get_weights(), strict=True)]
    assert changed == [False, False, *[True] * 6]


def test_a_network_frozen_wholly_can_be_fit_and_does_not_change():
    network, x, y = small(), images(8), np.arange(8) % 4
    for layer in network.layers:
        layer.trainable = False
    network.compile("sgd", "sparse_categorical_crossentropy", ["accuracy"])
    before = network.get_weights()
    losses = network.fit(x, y, epochs=2, shuffle=False, verbose=0).history["loss"]
    assert losses[0] == losses[1]
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_an_optimizer_belongs_to_one_network():
    network, other = small(), Sequential([layers.Input((3,)), layers.Dense(2)])
    network.compile("sgd", "mse")
    network.prepare()
    other.compile(network.optimizer, "mse")
    with pytest.raises(ArgumentError, match=r"make a new optimizer for another network"):
        other.prepare()


@pytest.mark.parametrize("method", ["fit", "evaluate", "prepare"])
def test_before_compile_nothing_is_trained_or_judged(method):
    network = small()
    arguments = () if method == "prepare" else (images(), np.zeros((3, 4)))
    with pytest.raises(NotBuiltError) as error:
        getattr(network, method)(*arguments)
    assert str(error.value) == (
        "The network is not compiled: it has no loss and no optimizer. "
        "Call compile(optimizer=…, loss=…, metrics=[…]) first."
    )


def test_an_activation_that_is_set_later_is_that_of_the_next_prediction_and_training():
    network = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], seed=0)
    network.compile("adam", "sparse_categorical_crossentropy")
    x, y = np.eye(3), np.array([0, 1, 1])
    network.fit(x, y, verbose=0)
    assert np.allclose(network.predict(x).sum(axis=1), 1)
    network.layers[-1].activation = None
    np.testing.assert_allclose(network.predict(x), network(x), rtol=1e-6)
    assert not np.allclose(network.predict(x).sum(axis=1), 1)
    with pytest.raises(ShapeError, match="the network ends in scores, without a softmax"):
        network.fit(x, y, verbose=0)
    network.layers[-1].activation = "softmax"
    network.fit(x, y, verbose=0)
    assert network.optimizer.iterations == 2


class Noting(Callback):
    def __init__(self):
        self.seen = []

    def on_test_begin(self, logs=None):
        self.seen.append(("test begins", self.model.name))

    def on_test_batch_end(self, batch, logs=None):
        self.seen.append(("test batch", batch, sorted(logs)))

    def on_test_end(self, logs=None):
        self.seen.append(("test ends", sorted(logs)))

    def on_predict_begin(self, logs=None):
        self.seen.append("predict begins")

    def on_predict_batch_end(self, batch, logs=None):
        self.seen.append(("predict batch", batch, logs["outputs"].shape))

    def on_predict_end(self, logs=None):
        self.seen.append("predict ends")


def test_callbacks_are_called_by_evaluate_and_predict():
    network = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], seed=0)
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    measured = ["accuracy", "loss"]
    noting = Noting()
    network.evaluate(np.eye(3), np.array([0, 1, 1]), callbacks=[noting])
    tested = [("test begins", "sequential"), ("test batch", 0, measured), ("test ends", measured)]
    assert noting.seen == tested
    noting.seen.clear()
    network.predict(np.eye(3), callbacks=noting)
    assert noting.seen == ["predict begins", ("predict batch", 0, (3, 2)), "predict ends"]
    noting.seen.clear()
    network.fit(
        np.eye(3), np.array([0, 1, 1]), validation_data=(np.eye(3), [0, 1, 1]), callbacks=noting, verbose=0
    )
    assert noting.seen == tested


def test_arguments_of_keras_that_change_no_result_are_accepted(tmp_path):
    network = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], seed=0)
    loss = "sparse_categorical_crossentropy"
    network.compile("sgd", loss, jit_compile=True, run_eagerly=True, steps_per_execution=10)
    x, y = np.eye(3), np.array([0, 1, 1])
    network.fit(x, y, workers=4, use_multiprocessing=True, validation_batch_size=8, verbose=0)
    network.fit(x, y, sample_weight=np.ones((3, 1)), verbose=0)
    network.summary(expand_nested=True, show_trainable=True, print_fn=lambda text: None)
    network.save_weights(tmp_path / "a.safetensors")
    network.load_weights(tmp_path / "a.safetensors", skip_mismatch=False)
    with pytest.raises(ArgumentError, match=r"load_weights has skip_mismatch in Keras, but not in pellucid"):
        network.load_weights(tmp_path / "a.safetensors", skip_mismatch=True)


def test_a_network_shows_itself_in_a_line_and_in_a_notebook():
    network = Sequential([layers.Input((4,)), layers.Dense(3, name="<b>")], name="mine")
    assert repr(network) == "<Sequential 'mine': 1 layer, 15 parameters>"
    shown = network._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "15</td>" in shown
    assert repr(Sequential(name="none")) == "<Sequential 'none': 0 layers, not built yet>"
    assert "not built yet" in Sequential([layers.Dense(3)])._repr_html_()


def test_a_network_in_a_network_is_told_to_give_its_layers():
    inner = Sequential([layers.Dense(2)])
    with pytest.raises(
        ArgumentError, match=r"; give its layers, \*network\.layers, which the two then share$"
    ):
        Sequential([inner])
    assert len(Sequential([*inner.layers]).layers) == 1
