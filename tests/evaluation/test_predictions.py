import numpy as np
import pytest

from pellucid.errors import DataError
from pellucid.evaluation.predictions import check_same_test_set, predictions_of

TWO = [[0.9, 0.1], [0.2, 0.8]]


def test_correct():
    assert predictions_of("a", [0, 0], TWO).correct.tolist() == [True, False]


@pytest.mark.parametrize(("labels", "probabilities"), [(None, TWO), ([0, 1], None), (None, None)])
def test_run_without_predictions(labels, probabilities):
    with pytest.raises(
        DataError, match=r"Run 'mnist-cnn' has no predictions.*resume it, or evaluate it again"
    ):
        predictions_of("mnist-cnn", labels, probabilities)


def test_index_of_another_length():
    with pytest.raises(DataError, match=r"one place an image. Received: len\(index\)=3, len\(labels\)=2"):
        predictions_of("a", [0, 1], TWO, index=[1, 2, 3])


def test_the_same_images_pass():
    runs = [predictions_of(name, [0, 1], TWO, index=[4, 2], dataset="f00") for name in "abc"]
    check_same_test_set(runs)
    check_same_test_set([*runs, predictions_of("d", [0, 1], TWO)])


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"dataset": "bar"}, r"tested on different datasets \(sha256 f00… and bar…\)"),
        (
            {"labels": [0], "probabilities": TWO[:1], "index": [4]},
            "one was tested on 2 images, the other on 1",
        ),
        ({"index": [4, 3]}, "1 of the test images are different ones"),
        ({"labels": [1, 1], "index": None}, "the labels of 1 test images differ"),
        ({"probabilities": np.full((2, 4), 0.25)}, "one knows 2 classes, the other 4"),
    ],
)
def test_other_images_are_refused_with_the_reason(other, reason):
    given = {"labels": [0, 1], "probabilities": TWO, "index": [4, 2], "dataset": "f00"}
    a, b = predictions_of("a", **given), predictions_of("b", **{**given, **other})
    with pytest.raises(DataError, match=f"Runs 'a' and 'b' cannot be compared: .*{reason}"):
        check_same_test_set([a, b])
