"""The default network for a folder of images."""

import pytest

from pellucid.datasets.folder_facts import FolderFacts
from pellucid.errors import DataError, UnknownNameError
from pellucid.experiments.own_images import (
    batch_size_for,
    dataset_for,
    epochs_for,
    experiment_on,
    layer_lines,
    name_for,
    patience_for,
    side_for,
)
from pellucid.layers import Input, RandomFlip
from pellucid.models import Sequential


def facts(side=64, images=180, classes=("a", "b")):
    return FolderFacts("photos", classes, images, 0, side, (side, side), (side, side))


@pytest.mark.parametrize(("side", "taken"), [(0, 16), (8, 16), (28, 28), (30, 28), (64, 64), (4000, 64)])
def test_the_size_follows_the_images_within_bounds(side, taken):
    assert side_for(facts(side)) == taken


@pytest.mark.parametrize("side", range(16, 65, 4))
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_gives_a_network_with_a_unit_for_each_class(side, channels):
    layers = [line.layer() for line in layer_lines(side, 7)]
    assert Sequential([Input((side, side, channels)), *layers]).output_shape == (7,)


def test_no_layer_mirrors_images():
    assert not any(line.kind is RandomFlip for line in layer_lines(64, 2))


@pytest.mark.parametrize(
    ("images", "batch_size", "epochs", "patience"),
    [(4, 16, 200, 25), (180, 16, 200, 25), (50_000, 32, 30, 5)],
)
def test_many_images_take_fewer_epochs(images, batch_size, epochs, patience):
    found = facts(images=images)
    assert (batch_size_for(found), epochs_for(found)) == (batch_size, epochs)
    assert patience_for(epochs) == patience


def test_names(tmp_path):
    assert [name_for(name) for name in ("my  photos", "a\\b", "  ", "猫と犬")] == [
        "my-photos",
        "a-b",
        "images",
        "猫と犬",
    ]
    assert dataset_for("mnist") == "./mnist"
    assert dataset_for("some/where/") == "some/where"


def test_the_folder_of_a_run_is_not_one_of_images(healthy):
    with pytest.raises(UnknownNameError, match="is the folder of a run, not of images: `pellucid resume"):
        experiment_on(str(healthy.path))


def test_a_folder_that_is_none_of_images(tmp_path):
    with pytest.raises(DataError, match="has no class folders"):
        experiment_on(str(tmp_path))
