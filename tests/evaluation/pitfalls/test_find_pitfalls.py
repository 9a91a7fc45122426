from dataclasses import replace

import numpy as np
import pytest

from pellucid.datasets.splits import ValidationSource
from pellucid.evaluation.comparison import compare
from pellucid.evaluation.pitfalls import TrainingSetup, find_pitfalls
from pellucid.evaluation.predictions import predictions_of

RELU = {"class_name": "Dense", "config": {"activation": "relu"}}
LINEAR = {"class_name": "Dense", "config": {"activation": "linear"}}
SOFTMAX = {"class_name": "Dense", "config": {"activation": "softmax"}}
SOUND = TrainingSetup(
    layers=[RELU, SOFTMAX],
    loss={"class_name": "CategoricalCrossentropy", "config": {"from_logits": False}},
    optimizer="Adadelta",
    learning_rate=1.0,
    batch_size=128,
    training_images=1000,
    classes=["cat", "dog"],
    validation=ValidationSource.STRATIFIED,
    validation_share=0.2,
)
LOGITS = {"class_name": "CategoricalCrossentropy", "config": {"from_logits": True}}
HISTORY = {
    "loss": [0.6, 0.4],
    "accuracy": [0.7, 0.8],
    "val_accuracy": [0.75, 0.82],
    "train_accuracy": [0.76, 0.83],
}


def codes(*given, **named):
    return [finding.code for finding in find_pitfalls(*given, **named)]


def test_a_sound_experiment_has_no_findings():
    generator = np.random.default_rng(0)
    images = {part: generator.integers(0, 256, (30, 4, 4)) for part in ("training", "validation", "test")}
    labels = {part: [0, 1] for part in images}
    found = codes(
        SOUND,
        HISTORY,
        test_set_opened=1,
        images=images,
        labels=labels,
        activations={"dense": np.ones((200, 5))},
        largest_input=1.0,
        seeds=5,
    )
    assert found == []


def test_nothing_given_nothing_found():
    assert codes() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"validation": ValidationSource.TEST}, "validation-is-test"),
        ({"validation": ValidationSource.LAST}, "validation-is-last-samples"),
        ({"layers": [LINEAR, SOFTMAX]}, "only-linear"),
        ({"layers": [RELU, LINEAR]}, "softmax-missing"),
        ({"loss": LOGITS}, "softmax-twice"),
        ({"learning_rate": 0.001}, "low-adadelta"),
        ({"batch_size": 1001}, "batch-exceeds-data"),
    ],
)
def test_one_fault_one_finding_from_the_setup(change, code):
    assert codes(replace(SOUND, **change), HISTORY) == [code]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ({"loss": [0.694, 0.693]}, "loss-stuck"),
        ({"loss": [0.6, None]}, "loss-diverged"),
        ({"loss": [2.0, 0.5]}, "inputs-not-scaled"),
        ({"train_accuracy": []}, "running-mean"),
    ],
)
def test_one_fault_one_finding_from_the_history(column, code):
    assert codes(SOUND, {**HISTORY, **column}) == [code]


def test_one_fault_one_finding_from_the_rest():
    images = {"training": np.zeros((2, 3)), "test": np.zeros((1, 3))}
    run = predictions_of("A", [0, 1], [[0.9, 0.1], [0.2, 0.8]])
    assert codes(SOUND, test_set_opened=2) == ["test-set-reopened"]
    assert codes(SOUND, images=images) == ["shared-images"]
    assert codes(SOUND, labels={"validation": [0, 0]}) == ["absent-class"]
    assert codes(labels={"training": [0, 1, 2], "validation": [0, 2]}) == ["absent-class"]
    assert codes(activations={"dense": np.zeros((100, 4))}) == ["dead-units"]
    assert codes(seeds=1) == ["one-seed"]
    assert codes(comparisons=[compare(run, run)]) == ["within-noise"]
    assert codes(SOUND, HISTORY, first_loss=9.0) == ["inputs-not-scaled"]


def test_a_test_set_found_twice_as_validation_is_told_once():
    images = {"validation": np.ones((2, 3)), "test": np.ones((2, 3))}
    assert codes(replace(SOUND, validation=ValidationSource.TEST), images=images) == ["validation-is-test"]


def test_a_loss_known_by_name_alone():
    assert codes(replace(SOUND, loss="CategoricalCrossentropy"), HISTORY) == []
