"""Data and settings that cannot be trained with: each is said before anything is changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, callbacks, layers
from pellucid.engine import data as module
from pellucid.engine.data import checked_images
from pellucid.errors import ArgumentError, DataError, NonFiniteLossError, ShapeError, UnknownNameError

SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
X = np.linspace(0, 1, 8 * 6 * 6, dtype=np.float32).reshape(8, 6, 6, 1)
Y = np.arange(8) % 3


def network(loss=SPARSE, optimizer="sgd", metrics=("accuracy",), last=None):
    last = last or [layers.Flatten(), layers.Dense(3, activation="softmax")]
    first = [layers.Input((6, 6, 1)), layers.Conv2D(2, 3), layers.BatchNormalization()]
    made = Sequential([*first, *last], seed=1)
    made.compile(optimizer, loss, list(metrics))
    return made


def refused(kind, x=X, y=Y, *, loss=SPARSE, method="fit", **settings):
    """Return the message, having made sure that nothing of the network was changed."""
    made = network(loss)
    before = made.get_weights()
    with pytest.raises(kind) as error:
        getattr(made, method)(*((x,) if method == "predict" else (x, y)), verbose=0, **settings)
    assert type(error.value) is kind
    for old, new in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert made.optimizer.iterations == 0
    assert made.history is None
    return str(error.value)


METHODS = pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
WITH_LABELS = pytest.mark.parametrize("method", ["fit", "evaluate"])


# Images


@METHODS
@pytest.mark.parametrize(
    ("x", "hint"),
    [
        (X[..., 0], ". Add the channel axis: x[..., None]"),
        (X[0], ". That is one image; make it a batch of one: x[None]"),
        (X[0, ..., 0], ". That is one image without its channel axis; write x[None, ..., None]"),
        (X.reshape(8, 36), ". The same values in the wanted shape: x.reshape(-1, 6, 6, 1)"),
        (X.reshape(8, 3, 12), ". The same values in the wanted shape: x.reshape(-1, 6, 6, 1)"),
        (X.transpose(0, 3, 1, 2), ". Move the channels last: x.transpose(0, 2, 3, 1)"),
        (np.zeros((8, 7, 6, 1)), ""),
        (np.zeros((8, 6, 6, 3)), ""),
        (np.zeros(8), ""),
        (np.float32(3), ""),
    ],
)
def test_images_of_another_shape_are_refused_with_a_hint(x, hint, method):
    assert refused(ShapeError, x, method=method) == (
        f"The network takes x of shape (N, 6, 6, 1). Received: x.shape={np.shape(x)}{hint}"
    )


def test_channels_first_is_told_from_values_in_another_shape():
    """Reshaping colour images whose channels come first would scramble them."""
    with pytest.raises(ShapeError, match=r"Move the channels last: x.transpose\(0, 2, 3, 1\)$"):
        checked_images(np.zeros((2, 3, 32, 32)), (32, 32, 3))


def test_flat_networks_are_told_how_to_flatten():
    with pytest.raises(ShapeError, match=r"takes x of shape \(N, 36\).*x.reshape\(-1, 36\)$"):
        checked_images(X, (36,))


@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=5), wanted=st.lists(st.integers(1, 4), min_size=1)
)
def test_each_hint_leads_to_the_wanted_shape(shape, wanted):
    x = np.arange(np.prod(shape)).reshape(shape)
    try:
        found = checked_images(x, tuple(wanted))
        assert found.shape[1:] == tuple(wanted)
    except ShapeError as error:
        said = str(error)
        assert f"Received: x.shape={tuple(shape)}" in said
        hint = said.partition(f"x.shape={tuple(shape)}")[2]
        if hint:
            expression = hint[hint.rindex(" x") :].strip()
            assert checked_images(eval(expression), tuple(wanted)).size == x.size  # noqa: S307 - our own


@METHODS
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0, 0, 0), (5, 2, 3, 0), (7, 5, 5, 0)])
def test_the_first_value_that_is_no_number_is_named_by_its_place(value, place, method):
    x = X.copy()
    x[place] = value
    x[7, 5, 5, 0] = np.nan
    shown = "nan" if place == (7, 5, 5, 0) else value
    assert refused(DataError, x, method=method) == (
        f"x holds values that are not finite numbers; the first is x{list(place)} = {shown}. "
        "Remove or replace them (np.nan_to_num) before training."
    )


@given(rows=st.integers(1, 9), place=st.integers(0, 8), at_a_time=st.integers(1, 40))
def test_the_place_is_right_however_much_is_looked_at_at_a_time(rows, place, at_a_time):
    x = np.zeros((rows, 5))
    x[place % rows, place % 5] = np.nan
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHECKED_AT_A_TIME", at_a_time)
        with pytest.raises(DataError) as error:
            checked_images(x, (5,))
    assert f"the first is x[{place % rows}, {place % 5}] = nan" in str(error.value)


def test_finite_data_pass_whole():
    assert checked_images(X, (6, 6, 1)) is X


def test_a_mapped_file_is_taken_as_it_is(tmp_path):
    mapped = np.memmap(tmp_path / "x", np.float32, "w+", shape=(2, 5))
    assert np.shares_memory(checked_images(mapped, (5,)), mapped)
    mapped[1, 1] = np.nan
    with pytest.raises(DataError, match=r"the first is x\[1, 1\] = nan"):
        checked_images(mapped, (5,))


@METHODS
def test_no_images_at_all(method):
    assert refused(DataError, X[:0], Y[:0], method=method) == (
        "There are no images to work on. Received: x.shape=(0, 6, 6, 1)"
    )


@METHODS
@pytest.mark.parametrize("x", [np.full((2, 6, 6, 1), "a"), np.full((2, 6, 6, 1), None), X + 1j, None])
def test_what_is_no_number(x, method):
    message = refused(DataError, x, method=method)
    assert message == f"x must be an array of real numbers. Received: x.dtype={np.asarray(x).dtype}"


@METHODS
@pytest.mark.parametrize("built", [True, False])
def test_rows_of_different_length(built, method):
    made = network() if built else Sequential([layers.Dense(3)])
    if not built:
        made.compile("sgd", SPARSE)
    with pytest.raises(ShapeError, match=r"^x must be one array. Received: x with rows of unequal length$"):
        getattr(made, method)([[1.0, 2.0], [3.0]], *([] if method == "predict" else [[0, 1]]))


@METHODS
def test_an_unbuilt_network_wants_at_least_rows(method):
    made = Sequential([layers.Dense(3)])
    made.compile("sgd", SPARSE)
    with pytest.raises(ShapeError) as error:
        getattr(made, method)(np.zeros(5), *([] if method == "predict" else [np.zeros(5, int)]))
    assert str(error.value) == (
        "x has the images on its first axis and the values of each on the next: shape (N, D) or "
        "(N, H, W, C). Received: x.shape=(5,)"
    )
    assert not made.built


# Labels


@WITH_LABELS
@pytest.mark.parametrize("count", [0, 7, 9])
def test_as_many_labels_as_images(count, method):
    assert refused(DataError, y=np.zeros(count, int), method=method) == (
        f"Each image needs one label. Received: 8 images and {count} labels (y)"
    )


def test_labels_missing():
    assert refused(ArgumentError, y=None) == "fit needs labels. Received: y=None"
    assert refused(ArgumentError, y=None, method="evaluate") == "Labels are missing. Received: y=None"


def test_a_single_number_is_no_labels():
    assert refused(DataError, y=3) == "Each image needs one label. Received: 8 images and 0 labels (y)"


@WITH_LABELS
@pytest.mark.parametrize(
    ("number", "place", "instead"),
    [
        (3, 0, "Labels from 0 to 3 need as many outputs: end the network in Dense(4, activation='softmax')."),
        (-1, 4, "If -1 means that a label is missing, leave those images out: y >= 0."),
        (
            255,
            7,
            "Number the classes from 0: values, y = np.unique(y, return_inverse=True), and end the network "
            "in Dense(4, activation='softmax').",
        ),
    ],
)
def test_labels_outside_the_classes(number, place, instead, method):
    y = Y.copy()
    y[place] = number
    assert refused(DataError, y=y, method=method) == (
        f"y must be classes, from 0 to 2. Received: y[{place}]={number}. {instead}"
    )


@WITH_LABELS
def test_one_hot_where_integers_belong(method):
    assert refused(DataError, y=np.eye(3)[Y], method=method) == (
        "The loss sparse_categorical_crossentropy takes integer labels of shape (N,); these look one-hot. "
        "Received: y.shape=(8, 3). Use loss='categorical_crossentropy', or y.argmax(axis=1)."
    )


@WITH_LABELS
@pytest.mark.parametrize("y", [Y, Y[:, np.newaxis]])
def test_integers_where_one_hot_belongs(y, method):
    assert refused(DataError, y=y, loss=ONE_HOT, method=method) == (
        "The loss categorical_crossentropy takes labels of shape (N, 3), one-hot for classes; these look "
        f"like integers. Received: y.shape={y.shape}. "
        "Use loss='sparse_categorical_crossentropy', or utils.to_categorical(y, 3)."
    )


def test_one_hot_of_another_number_of_classes():
    assert refused(DataError, y=np.eye(4)[Y], loss=ONE_HOT) == (
        "The loss categorical_crossentropy takes labels of shape (N, 3), a column for each output. Received: "
        "y.shape=(8, 4). For 4 columns end the network in Dense(4, activation='softmax')."
    )


def test_labels_that_are_not_whole():
    assert refused(DataError, y=Y + np.where(Y == 1, 0.5, 0.0)) == (
        "Labels are whole numbers. Received: y with values such as 1.5. Give the classes' numbers, "
        "undivided; to predict a number for each image instead, end the network in Dense(1) and take "
        "loss='mse'."
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("loss", [SPARSE, ONE_HOT, "mse"])
def test_labels_that_are_no_numbers_are_named_by_their_place(value, loss):
    y = np.eye(3)[Y] if loss != SPARSE else Y.astype(float)
    y[2] = value
    place = "2" if loss == SPARSE else "2, 0"
    assert refused(DataError, y=y, loss=loss).startswith(
        f"y holds values that are not finite numbers; the first is y[{place}] = {value}."
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([0.5, 0.2, 0.2], "from 0.2 to 0.5, summing to 0.9"),
        (
            [0, 0, 0],
            "from 0 to 0, summing to 0. It names no class: leave such images out, or add a class for them",
        ),
        ([2, -1, 0], "from -1 to 2, summing to 1"),
    ],
)
def test_one_hot_rows_that_are_none(row, said):
    y = np.eye(3)[Y]
    y[4] = row
    assert refused(DataError, y=y, loss=ONE_HOT) == (
        f"Each row of one-hot labels is not negative and sums to 1. Received: y[4] {said}"
    )


def test_labels_that_are_words():
    assert (
        refused(DataError, y=np.array(["cat"] * 8))
        == "y must be an array of real numbers. Received: y.dtype=<U3. "
        "Number the classes: classes, y = np.unique(y, return_inverse=True)."
    )


@pytest.mark.parametrize(
    "y", [Y, Y.tolist(), Y.astype(np.uint8), Y.astype(np.float32), Y[:, np.newaxis], Y.astype(bool)]
)
def test_labels_in_any_form_that_means_integers(y):
    assert network().fit(X, y, verbose=0).epoch == [0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, bool])
@pytest.mark.parametrize("loss", [ONE_HOT, "mse"])
def test_one_hot_labels_of_any_dtype(dtype, loss):
    assert network(loss).fit(X, np.eye(3)[Y].astype(dtype), verbose=0).epoch == [0]


@pytest.mark.parametrize(("loss", "y"), [(SPARSE, Y), (ONE_HOT, np.eye(3)[Y])])
def test_a_network_that_ends_in_maps_cannot_tell_classes(loss, y):
    made = network(loss, last=[layers.ReLU()])
    with pytest.raises(ShapeError) as error:
        made.fit(X, y, verbose=0)
    assert str(error.value) == (
        f"The loss {loss} takes one output per class, (N, U); the network puts out feature maps. "
        "Received: outputs of shape (None, 4, 4, 2). "
        "Let it end in Flatten() (or GlobalAveragePooling2D()) and Dense(U, activation='softmax')."
    )


def test_maps_can_be_learnt_with_a_loss_for_maps():
    made = network("mse", last=[layers.ReLU()], metrics=())
    assert made.fit(X, np.zeros((8, 4, 4, 2)), verbose=0).epoch == [0]


# Weights


@WITH_LABELS
@pytest.mark.parametrize("weights", [np.ones(7), np.ones((8, 2)), np.float64(1)])
def test_one_weight_for_each_image(weights, method):
    assert refused(ShapeError, sample_weight=weights, method=method) == (
        f"sample_weight has one number per image, shape (8,). Received: sample_weight.shape={weights.shape}"
    )


def test_weights_that_are_no_numbers():
    weights = np.ones(8)
    weights[3] = np.nan
    assert refused(DataError, sample_weight=weights).startswith(
        "sample_weight holds values that are not finite numbers; the first is sample_weight[3] = nan."
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [1, 2, 3],
            "class_weight is a dict from the number of a class to its weight, such as {0: 1.0, 1: 5.0}. "
            "Received: class_weight=[1, 2, 3]",
        ),
        (
            {"cat": 2.0},
            "class_weight names a class by its number. Received: class_weight={'cat': …}",
        ),
        (
            {1: -1.0},
            "fit takes class_weight[1] as a number in [0, inf). Received: class_weight[1]=-1.0",
        ),
        (
            {1: np.nan},
            "fit takes class_weight[1] as a number in [0, inf). Received: class_weight[1]=nan",
        ),
    ],
)
def test_class_weights_that_are_none(given, message):
    assert refused(ArgumentError, class_weight=given) == message


def test_class_weight_and_sample_weight_exclude_each_other():
    assert refused(ArgumentError, class_weight={0: 1.0}, sample_weight=np.ones(8)) == (
        "class_weight and sample_weight exclude each other; multiply them into sample_weight"
    )


# Settings


@METHODS
@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "32", True])
def test_batch_size(batch_size, method):
    assert refused(ArgumentError, method=method, batch_size=batch_size) == (
        f"batch_size is a whole number of at least 1. Received: batch_size={batch_size!r}"
    )


@pytest.mark.parametrize("name", ["epochs", "initial_epoch"])
@pytest.mark.parametrize("value", [-1, 1.5, None, "3"])
def test_epochs(name, value):
    assert refused(ArgumentError, **{name: value}) == (
        f"{name} is a whole number of at least 0. Received: {name}={value!r}"
    )


@METHODS
def test_threads(method):
    assert refused(ArgumentError, method=method, threads=0) == (
        "threads is a whole number of at least 1. Received: threads=0"
    )


@pytest.mark.parametrize("share", [1, 1.0, -0.1, 1.5, np.nan, "0.2", True, [0.2]])
def test_validation_split_outside_0_to_1(share):
    assert refused(ArgumentError, validation_split=share) == (
        "validation_split is the share of the images, above 0 and below 1, kept for validation. "
        f"Received: validation_split={share!r}"
    )


@pytest.mark.parametrize(("share", "left"), [(0.99, 0), (1e-20, 8)])
def test_validation_split_that_leaves_a_part_empty(share, left):
    assert refused(DataError, validation_split=share) == (
        f"Neither part may be empty: 8 images with validation_split={share} "
        f"leave {left} to train on and {8 - left} to validate on"
    )


@pytest.mark.parametrize("share", [0, 0.0, None, False])
def test_no_validation_split(share):
    assert "val_loss" not in network().fit(X, Y, validation_split=share, verbose=0).history


@pytest.mark.parametrize("given", [X, (X,), (X, Y, Y, Y), 3])
def test_validation_data_are_pairs_or_triples(given):
    assert refused(ArgumentError, validation_data=given) == (
        "validation_data is (x, y) or (x, y, sample_weight), of arrays; generators and data loaders are not "
        f"taken. Received: validation_data of type {type(given).__name__}"
    )


@pytest.mark.parametrize(
    ("validation", "kind", "message"),
    [
        (
            (X[..., 0], Y),
            ShapeError,
            "The network takes validation x of shape (N, 6, 6, 1). Received: validation x.shape=(8, 6, 6)",
        ),
        ((X, Y[:3]), DataError, "Each image needs one label. Received: 8 images and 3 labels (validation y)"),
        ((X, None), ArgumentError, "Labels are missing. Received: validation y=None"),
        (
            (X, Y + 1),
            DataError,
            "validation y must be classes, from 0 to 2. Received: validation y[2]=3",
        ),
        ((X, Y, np.ones(3)), ShapeError, "sample_weight has one number per image, shape (8,)."),
    ],
)
def test_validation_data_are_checked_before_training_and_named(validation, kind, message):
    assert refused(kind, validation_data=validation).startswith(message)


@pytest.mark.parametrize(
    ("method", "argument", "offer"),
    [
        ("fit", "epoch", "epochs"),
        ("fit", "nb_epoch", "epochs"),
        ("fit", "batchsize", "batch_size"),
        ("fit", "validation", "validation_data"),
        ("evaluate", "sample_weights", "sample_weight"),
        ("predict", "batchsize", "batch_size"),
    ],
)
def test_an_unknown_argument_is_named_with_the_nearest(method, argument, offer):
    message = refused(UnknownNameError, method=method, **{argument: 3})
    assert message == f"{method} has no argument {argument}=3: did you mean {offer!r}?"


def test_compile_names_the_nearest_argument_too():
    with pytest.raises(UnknownNameError) as error:
        network().compile("sgd", "mse", metric="mae")
    assert str(error.value) == "compile has no argument metric='mae': did you mean 'metrics'?"


@pytest.mark.parametrize(
    ("method", "argument", "neutral", "other", "instead"),
    [
        ("fit", "validation_freq", 1, 2, "it measures after every epoch"),
        ("fit", "steps_per_epoch", None, 3, "it goes through all of x; for fewer batches give it x[:batches"),
        ("evaluate", "steps", None, 3, "it goes through all of x"),
        ("predict", "steps", None, 3, "it goes through all of x"),
        ("compile", "weighted_metrics", None, ["accuracy"], "metrics are not weighted here"),
        ("compile", "loss_weights", None, [1.0], "there is one output and one loss"),
    ],
)
def test_arguments_of_keras_that_do_nothing_pass_and_others_are_refused(
    method, argument, neutral, other, instead
):
    made = network()
    given = {"fit": (X, Y), "evaluate": (X, Y), "predict": (X,), "compile": ("sgd", SPARSE)}[method]
    getattr(made, method)(*given, **{argument: neutral})
    with pytest.raises(ArgumentError) as error:
        getattr(made, method)(*given, **{argument: other})
    assert str(error.value).startswith(f"{method} has {argument} in Keras, but not in pellucid: {instead}")
    assert str(error.value).endswith(f". Received: {argument}={other!r}")


def test_an_unknown_verbose():
    made = network()
    with pytest.raises(ArgumentError, match=r"^verbose must be 0 \(silent\), .* Received: verbose=3$"):
        made.fit(X, Y, verbose=3)


def test_what_is_no_callback():
    assert refused(ArgumentError, callbacks=[print]).startswith(
        "callbacks has an object of builtins.builtin_function_or_method, which is not a callback"
    )
    assert refused(ArgumentError, callbacks=callbacks.EarlyStopping).startswith("callbacks has the class ")


def test_the_weight_of_a_class_that_is_not_there_is_refused():
    for number in (3, -1):
        assert refused(ArgumentError, class_weight={0: 1.0, number: 2.0}).startswith(
            "class_weight has the numbers of classes, from 0 to 2, as the labels have them. Received: class"
        )


# A loss that becomes NaN


def diverging(**settings):
    made = network("mse", metrics=())
    made.compile(**{"optimizer": "sgd", "loss": "mse", **settings})
    x, y = X.copy(), np.eye(3)[Y]
    return made, x, y


def test_a_loss_that_becomes_infinite_says_where_and_what_to_try_and_leaves_the_weights_alone():
    from pellucid.optimizers import SGD

    made, x, y = diverging(optimizer=SGD(learning_rate=1e30))
    seen: list[list[np.ndarray]] = []

    class Remember(callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            seen.append(self.model.get_weights())

    made.pop()  # without the softmax the outputs have no bound
    made.add(layers.Dense(3))
    with pytest.raises(NonFiniteLossError) as error:
        made.fit(x, y, batch_size=4, epochs=20, verbose=0, callbacks=Remember())
    epoch, step = divmod(len(seen) - 1, 2)
    said = str(error.value).replace("became nan", "became inf")  # inf - inf may come first
    assert said == (
        f"At epoch {epoch + 1}, step {step + 1}, the loss became inf. "
        "The weights are those before that step. Things to try: a smaller learning rate (it was 1e+30), "
        "inputs scaled to 0-1, or callbacks.TerminateOnNaN() to end such a run without an error."
    )
    for before, after in zip(seen[-1], made.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert made.optimizer.iterations == len(seen) - 1


def test_a_loss_that_is_nan_leaves_the_running_statistics_alone_too():
    made, x, y = diverging()
    weights = made.get_weights()
    weights[-1][...] = np.nan
    made.set_weights(weights)
    with pytest.raises(NonFiniteLossError, match=r"^At epoch 1, step 1, the loss became nan\."):
        made.fit(x, y, verbose=0)
    for before, after in zip(weights, made.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_terminate_on_nan_ends_it_without_an_error(capsys):
    made, x, y = diverging()
    weights = made.get_weights()
    weights[-1][...] = np.nan
    made.set_weights(weights)
    history = made.fit(x, y, epochs=5, batch_size=4, verbose=0, callbacks=callbacks.TerminateOnNaN())
    assert history.epoch == [0]
    assert np.isnan(history.history["loss"][0])
    assert "at batch 1 of epoch 1" in capsys.readouterr().err
    for before, after in zip(weights, made.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
