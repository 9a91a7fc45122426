import numpy as np
import pytest

from pellucid.datasets.splits import ValidationSource
from pellucid.errors import DataError
from pellucid.evaluation.pitfalls.data import absent_classes, shared_images, unsound_validation


def images(*values):
    """One 2×2×1 image for each value, all its pixels alike."""
    return np.array(values, np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 1), np.uint8)


def test_parts_without_a_shared_image():
    parts = {"training": images(1, 2), "validation": images(3), "test": images(4, 5)}
    assert shared_images(parts) == []


def test_validation_that_is_the_test_set():
    [finding] = shared_images({"training": images(1, 2), "validation": images(4, 5), "test": images(5, 4)})
    assert finding.code == "validation-is-test"
    assert finding.evidence == (
        "2 of the 2 test images are also among the validation images (exact copies, by hash)."
    )
    assert "open the test set once, at the end" in finding.fix


def test_an_image_in_two_parts():
    parts = {"training": images(1, 2, 3), "validation": images(3, 4), "test": images(5, 1, 6)}
    found = {finding.message: finding.evidence for finding in shared_images(parts)}
    assert found == {
        "The training and validation images overlap, so results on the validation images are too good.": (
            "1 of the 2 validation images is also among the training images (exact copies, by hash)."
        ),
        "The training and test images overlap, so results on the test images are too good.": (
            "1 of the 3 test images is also among the training images (exact copies, by hash)."
        ),
    }


def test_images_that_are_equal_in_another_type_are_copies():
    assert len(shared_images({"training": images(1), "test": images(1).astype(np.float32)})) == 1


def test_no_parts_and_empty_parts():
    assert shared_images({}) == []
    assert shared_images({"training": images(1), "validation": images(1)[:0]}) == []


def test_absent_classes():
    labels = {"training": [0, 1, 2], "validation": [0, 0, 0], "test": [2, 1, 0]}
    [finding] = absent_classes(labels, 3, ["cat", "dog", "owl"])
    assert finding.code == "absent-class"
    assert finding.message == "The validation images hold no image of class dog, owl."
    assert finding.evidence == "2 of 3 classes are missing among 3 images."
    assert absent_classes({"training": [0, 1, 2]}, 3) == []


def test_absent_classes_refuses_a_label_that_is_no_class():
    with pytest.raises(DataError, match=r"test labels must be classes, from 0 to 2.*: test labels\[0\]=3"):
        absent_classes({"test": [3]}, 3)


def test_a_split_that_says_validation_is_the_test_set():
    [finding] = unsound_validation(ValidationSource.TEST)
    assert finding.code == "validation-is-test"
    assert "'the test images'" in finding.evidence


@pytest.mark.parametrize(
    ("share", "told"), [(None, "the last of the training"), (0.2, "the last 20% of the")]
)
def test_a_split_that_took_the_last_samples(share, told):
    [finding] = unsound_validation(ValidationSource.LAST, share)
    assert finding.code == "validation-is-last-samples"
    assert told in finding.evidence
    assert "Keras's validation_split takes the last samples" in finding.fix


@pytest.mark.parametrize("source", [None, ValidationSource.STRATIFIED, ValidationSource.NONE])
def test_a_sound_split(source):
    assert unsound_validation(source, 0.2) == []
