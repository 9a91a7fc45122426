"""Question 28, on the adapter with one thing changed at a time."""

import pytest
from adapters import changed, lost

STEP = "w = step(train_images[start:start + 30], train_labels[start:start + 30], w, 0.05)"
MEASURE = "accuracies.append(accuracy(test_images, test_labels, w))"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            STEP,
            f"{STEP}; w = step(test_images, test_labels, w, 0.05)",
            {"learns": "learns from the test images"},
        ),
        (
            MEASURE,
            "accuracies.append(accuracy(train_images, train_labels, w))",
            {"runs": "not the test accuracy"},
        ),
        (
            "return w, accuracies",
            "return w, [1.0] * cycles",
            {"runs": "not the test accuracy"},
        ),
        (MEASURE, f"{MEASURE[:-1]} * 100)", {}),
        ("draw = np.random.default_rng(0)", "draw = np.random.default_rng()", {}),
    ],
    ids=["test images", "training accuracy", "invented", "percentages", "other weights each time"],
)
def test_learning_is_told_from_cheating(old, new, expected, marks_of):
    assert lost(marks_of(changed(old, new), questions=[28]).of(28)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('w["kernels_1"] - rate * dk1', 'w["kernels_1"]', {"kernels": "kernels do not change"}),
        (
            "w = step(",
            "step(",
            {
                "kernels": "kernels do not change",
                "learns": "does not learn",
                "new images": "not on new images",
            },
        ),
        (
            "return w, accuracies",
            "return w",
            {"runs": "stops"} | dict.fromkeys(("kernels", "learns", "new images"), "not judged"),
        ),
    ],
)
def test_learning_with_one_fault(old, new, expected, marks_of):
    assert lost(marks_of(changed(old, new), questions=[28]).of(28)) == expected
