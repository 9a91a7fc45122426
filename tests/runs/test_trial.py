from dataclasses import replace

import numpy as np
import pytest

from pellucid import Sequential
from pellucid.errors import ArgumentError
from pellucid.layers import Activation, Conv2D, Dense, Flatten, Input
from pellucid.losses import CategoricalCrossentropy
from pellucid.runs import run
from pellucid.runs.network import new_network
from pellucid.runs.preparation import prepare
from pellucid.runs.trial import misfit, tried_network

SHAPES = ["circle", "square", "triangle"]
SOFTMAX = "write Dense(3, activation='softmax')."


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([Dense(3, activation="softmax")], ""),
        ([Dense(10, activation="softmax")], f"The last layer has 10 units; shapes has 3 classes: {SOFTMAX}"),
        ([Dense(1)], f"The last layer has 1 unit; shapes has 3 classes: {SOFTMAX}"),
        (
            [Dense(10), Activation("softmax")],
            "The last layer has 10 units; shapes has 3 classes: write Dense(3).",
        ),
        (
            [Activation("relu")],
            "The network has 4 outputs; shapes has 3 classes: end it with Dense(3, activation",
        ),
    ],
)
def test_units_that_do_not_fit_the_classes_are_named(layers, said):
    assert misfit(Sequential([Input((4,)), *layers]), "shapes", SHAPES).startswith(said or "")
    assert bool(misfit(Sequential([Input((4,)), *layers]), "shapes", SHAPES)) == bool(said)


def test_maps_in_place_of_units_are_named():
    network = Sequential([Input((8, 8, 1)), Conv2D(3, 3)])
    assert misfit(network, "shapes", SHAPES) == (
        "The network's outputs have shape (6, 6, 3); shapes has 3 classes: end it with Flatten(), "
        "Dense(3, activation='softmax')."
    )


def test_logits_stay_logits():
    network = Sequential([Input((4,)), Dense(10)])
    loss = CategoricalCrossentropy(from_logits=True)
    assert misfit(network, "shapes", SHAPES, loss=loss).endswith("3 classes: write Dense(3).")


def test_a_loss_of_other_labels_is_named():
    network = Sequential([Input((4,)), Dense(3, activation="softmax")])
    assert misfit(network, "shapes", SHAPES, loss="sparse_categorical_crossentropy") == (
        "The labels of a run are one-hot: write loss='categorical_crossentropy'. "
        "Received: loss='sparse_categorical_crossentropy'"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layers": [Dense(7, activation="softmax")]}, "The last layer has 7 units; digits has 10 classes"),
        ({"loss": "sparse_categorical_crossentropy"}, "The labels of a run are one-hot"),
        ({"layers": [Conv2D(10, 3), Flatten(), Dense(10, activation="softmax")]}, "Conv2D"),
        ({"batch_size": 0}, "batch_size"),
    ],
)
def test_what_does_not_fit_leaves_no_folder(changes, said, declare, tmp_path):
    with pytest.raises(ArgumentError, match=said):
        run(declare(**changes), tmp_path / "runs" / "run", verbose=0)
    assert list(tmp_path.iterdir()) == []


def test_the_trial_changes_nothing(declare):
    experiment = declare()
    data = prepare(experiment)
    tried, new = tried_network(experiment, data, 3, 1), new_network(experiment, data, 3)
    for own, other in zip(tried.get_weights(), new.get_weights(), strict=True):
        np.testing.assert_array_equal(own, other)
    assert tried.optimizer.iterations == 0


def test_fewer_images_than_a_batch_are_tried(declare):
    experiment = replace(declare(), batch_size=5000)
    tried_network(experiment, prepare(experiment), 0, 1)
