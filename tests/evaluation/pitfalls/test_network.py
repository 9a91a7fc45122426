import numpy as np
import pytest

from pellucid.evaluation.pitfalls.network import dead_units, only_linear, softmax_and_loss


def layer(kind, **config):
    return {"class_name": kind, "config": config}


LINEAR, RELU = layer("Dense", activation="linear"), layer("Dense", activation="relu")
OUTPUT, LOGITS = layer("Dense", activation="softmax"), layer("Dense", activation=None)


@pytest.mark.parametrize(
    "layers",
    [
        [LINEAR, OUTPUT],
        [layer("InputLayer"), layer("Flatten"), LINEAR, layer("Dropout", rate=0.5), OUTPUT],
        [LINEAR, LOGITS, layer("Softmax")],
        [LINEAR, LOGITS, layer("Activation", activation="softmax")],
        [LINEAR, LOGITS],
        [layer("Conv2D", activation="linear"), layer("AveragePooling2D"), layer("Flatten"), OUTPUT],
        [LINEAR, layer("BatchNormalization"), layer("Rescaling"), LINEAR, OUTPUT],
        [layer("RandomFlip"), layer("RandomTranslation"), layer("Flatten"), LINEAR, OUTPUT],
    ],
)
def test_networks_that_collapse(layers):
    [finding] = only_linear(layers)
    assert finding.code == "only-linear"
    assert "are linear up to the output's softmax" in finding.evidence
    assert "activation='relu'" in finding.fix


@pytest.mark.parametrize(
    "layers",
    [
        [RELU, OUTPUT],
        [LINEAR, layer("ReLU"), OUTPUT],
        [layer("Conv2D", activation="linear"), layer("MaxPooling2D"), layer("Flatten"), OUTPUT],
        [layer("Conv2D", activation="linear"), layer("FeatureMapNormalization"), OUTPUT],
        [LINEAR, layer("Softmax"), OUTPUT],
        [layer("Dense", activation="softmax"), OUTPUT],
        [LINEAR, RELU, layer("SomebodysOwnLayer"), OUTPUT],  # whatever it does
        [layer("SomebodysOwnLayer")],
        [OUTPUT],
        [layer("Flatten"), OUTPUT],
        [],
    ],
)
def test_networks_that_do_not_collapse_or_have_no_hidden_layer(layers):
    assert only_linear(layers) == []


@pytest.mark.parametrize(
    ("own", "named"),
    [
        (layer("SomebodysOwnLayer", name="mine"), "layer 'mine' is not known"),
        (layer("MyDense", activation="linear"), "kind='own' (MyDense)"),
        (layer("Activation", activation="tanh"), "kind='own' (Activation)"),
    ],
)
def test_networks_in_which_it_depends_on_a_layer_that_is_not_known(own, named):
    [finding] = only_linear([LINEAR, own, OUTPUT])
    assert finding.code == "linearity-not-known"
    assert named in finding.evidence


def loss(from_logits, name="CategoricalCrossentropy"):
    return {"class_name": name, "config": {"from_logits": from_logits}}


@pytest.mark.parametrize(
    ("layers", "given", "evidence"),
    [
        ([RELU, OUTPUT], loss(True), "has softmax once, and CategoricalCrossentropy has from_logits=True"),
        ([OUTPUT, layer("Softmax")], loss(False), "has softmax twice"),
        (
            [OUTPUT, layer("Softmax")],
            "sparse_categorical_crossentropy",
            "sparse_categorical_crossentropy has from",
        ),
        ([OUTPUT, layer("Softmax"), layer("Softmax")], loss(False), "has softmax 3 times"),
    ],
)
def test_softmax_twice(layers, given, evidence):
    [finding] = softmax_and_loss(layers, given)
    assert finding.code == "softmax-twice"
    assert evidence in finding.evidence


@pytest.mark.parametrize("given", [loss(False), "categorical_crossentropy"])
def test_softmax_missing(given):
    [finding] = softmax_and_loss([RELU, LOGITS], given)
    assert finding.code == "softmax-missing"
    assert "has softmax nowhere" in finding.evidence


@pytest.mark.parametrize(
    ("layers", "given"),
    [
        ([RELU, OUTPUT], loss(False)),
        ([RELU, OUTPUT], "categorical_crossentropy"),
        ([RELU, LOGITS], loss(True)),
        ([RELU, LOGITS, layer("Softmax")], loss(False, "SparseCategoricalCrossentropy")),
        ([RELU, LOGITS], "mse"),
        ([RELU, layer("MyDense", activation="softmax")], loss(False)),
    ],
)
def test_softmax_once(layers, given):
    assert softmax_and_loss(layers, given) == []


def test_whether_a_layer_of_ones_own_makes_probabilities_is_not_known():
    [finding] = softmax_and_loss([RELU, layer("MySoftmax", name="mine")], loss(False))
    assert finding.code == "softmax-not-known"
    assert "a layer of your own, 'mine' (MySoftmax)" in finding.evidence


def test_dead_units():
    outputs = np.random.default_rng(0).random((150, 3, 3, 10))
    outputs[..., 2:9] = 0
    [finding] = dead_units({"conv2d": outputs, "dense": np.ones((150, 4))})
    assert finding.code == "dead-units"
    assert finding.evidence == "7 of the 10 units of conv2d are zero on all 150 images."


def test_units_that_live_or_cannot_be_judged():
    alive = np.zeros((150, 10))
    alive[np.arange(10), np.arange(10)] = 1  # each unit answers to one image
    assert dead_units({"dense": alive}) == []
    assert dead_units({"dense": np.zeros((20, 10))}) == []  # too few images to call a unit dead
    one_of_many = np.ones((150, 64))
    one_of_many[:, :20] = 0  # as many as sound training leaves
    assert dead_units({"dense": one_of_many}) == []
