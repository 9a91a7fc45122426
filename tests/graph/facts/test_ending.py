import pytest

from pellucid import Sequential, layers
from pellucid.graph.facts.ending import ending_of


class Mine(layers.Dense):
    pass


def ending(*chain, shape=(4,)):
    return ending_of(Sequential([layers.Input(shape), *chain]).graph)


@pytest.mark.parametrize(
    ("chain", "values"),
    [
        ([layers.Dense(3)], "scores"),
        ([layers.Dense(3, activation="relu")], "scores"),
        ([layers.Dense(3), layers.BatchNormalization()], "scores"),
        ([layers.Dense(3, activation="softmax")], "probabilities"),
        ([layers.Dense(3), layers.Softmax()], "probabilities"),
        ([layers.Dense(3, activation="softmax"), layers.Dropout(0.5)], "probabilities"),
        ([layers.Dense(3, activation="softmax"), layers.Dense(3)], "scores"),
        ([layers.Dense(3), Mine(3)], "unknown"),
        ([layers.Softmax()], "probabilities"),
        ([layers.ReLU()], "unknown"),
    ],
)
def test_values(chain, values):
    assert ending(*chain).values == values


def test_the_layer_is_written_as_code():
    assert ending(layers.Dense(3), layers.ReLU()).layer == "Dense(3)"
    assert ending(layers.Conv2D(5, 1), layers.GlobalAveragePooling2D(), shape=(4, 4, 1)).layer == "Conv2D(5)"
    assert ending(layers.Dense(3), layers.BatchNormalization()).layer == "BatchNormalization()"


def test_what_comes_after_it():
    assert ending(layers.Dense(3, activation="relu"), layers.Dropout(0.1)).rectified
    assert ending(layers.Dense(3, activation="softmax"), layers.Dropout(0.1)).dropped
    assert not ending(layers.Dropout(0.1), layers.Dense(3), layers.Softmax()).dropped
    assert ending(layers.Dense(3, activation="softmax"), layers.Softmax()).softmaxes == 2


def test_the_shape():
    assert ending(layers.Dense(3)).shape == (3,)
    assert ending(layers.Conv2D(5, 1), shape=(4, 4, 1)).shape == (4, 4, 5)
