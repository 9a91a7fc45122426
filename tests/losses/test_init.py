import json

import pytest

from pellucid import losses
from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.losses import CategoricalCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy

ALL = [
    CategoricalCrossentropy(from_logits=True, label_smoothing=0.25),
    SparseCategoricalCrossentropy(from_logits=True),
    MeanSquaredError(name="mine"),
]


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("categorical_crossentropy", CategoricalCrossentropy),
        ("CategoricalCrossentropy", CategoricalCrossentropy),
        ("sparse_categorical_crossentropy", SparseCategoricalCrossentropy),
        ("mse", MeanSquaredError),
        ("MSE", MeanSquaredError),
        ("mean_squared_error", MeanSquaredError),
        (MeanSquaredError, MeanSquaredError),
        (losses.categorical_crossentropy, CategoricalCrossentropy),
        (losses.sparse_categorical_crossentropy, SparseCategoricalCrossentropy),
        (losses.mean_squared_error, MeanSquaredError),
    ],
)
def test_get(identifier, kind):
    assert type(losses.get(identifier)) is kind


def test_get_returns_an_object_as_it_is():
    loss = MeanSquaredError()
    assert losses.get(loss) is loss


@pytest.mark.parametrize("loss", ALL, ids=repr)
def test_descriptions_survive_json_and_keras_reads_them(keras, loss):
    description = json.loads(json.dumps(losses.serialize(loss)))
    assert repr(losses.get(description)) == repr(loss)
    theirs = keras.losses.get(description)
    assert type(theirs).__name__ == type(loss).__name__
    assert losses.get(keras.losses.serialize(theirs)).get_config() == loss.get_config()


def test_what_the_engine_and_the_data_ask():
    told = [(loss.joins_softmax, loss.takes_integers, loss.takes_distributions) for loss in ALL]
    assert told == [(True, False, True), (True, True, False), (False, False, False)]


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        losses.get("categorical_crossentrpy")
    assert str(error.value) == (
        "There is no loss 'categorical_crossentrpy': did you mean 'categorical_crossentropy'?"
    )


def test_a_function_of_ones_own_has_no_gradient():
    with pytest.raises(ArgumentError) as error:
        losses.get(max)
    assert str(error.value) == (
        "loss takes no function of your own, because its gradient is not known: write a subclass of "
        "pellucid.losses.Loss, with values and gradient. Received: loss=<built-in function max>"
    )


def test_a_loss_of_ones_own():
    class Distance(Loss):
        name = "distance"

        def values(self, labels, outputs):
            return abs(outputs - labels).sum(axis=1)

    assert losses.get(Distance)([[1.0, 2.0]], [[0.0, 4.0]]) == 3.0


def test_every_public_loss_is_tested_here():
    public = {name for name in losses.__all__ if isinstance(getattr(losses, name), type)} - {"Loss"}
    assert public == {type(loss).__name__ for loss in ALL}


def test_weights_may_be_one_number_or_a_column():
    labels, outputs = [[0.0, 1.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]
    assert MeanSquaredError()(labels, outputs, 2.0) == 1.0
    assert MeanSquaredError()(labels, outputs, [[1.0], [2.0]]) == 0.75
    with pytest.raises(ArgumentError, match=r"one number for each image, shape \(2,\)\. Received: .*=\(3,\)"):
        MeanSquaredError()(labels, outputs, [1.0, 2.0, 3.0])


def test_labels_and_outputs_of_one_image_need_no_axis_of_images():
    assert MeanSquaredError()([0.0, 1.0], [1.0, 1.0]) == 0.5
    assert losses.mean_squared_error([0.0, 1.0], [1.0, 1.0]) == 0.5
    assert losses.categorical_crossentropy([0, 1], [0.5, 0.5]).shape == ()
    assert SparseCategoricalCrossentropy()(1, [0.5, 0.5]) == pytest.approx(0.693147)
