"""Question 27, on the adapter with one thing changed at a time."""

import pytest
from adapters import ADAPTER, changed, lost


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("return pf.softmax(forward(", "return (forward(", {"probabilities": "not probabilities"}),
        (
            "r1 = pf.relu(m1); n1 = pf.normalize_maps(r1)",
            "r1 = m1; n1 = m1",
            {},
        ),  # the second layer still has them
        ("return np.mean(", "return 100 * np.mean(", {"accuracy": "percentage"}),
        ("def accuracy(", "def acc(", {"accuracy": "missing"}),
        (
            'pf.convolve(p1, w["kernels_2"])',
            "pf.convolve(p1, np.ones((3, 3, 4, 8)))",
            {"convolutions": "one convolution"},
        ),
        (
            "return pf.softmax(forward(image[None, ..., None], weights)[0])[0]",
            "raise RuntimeError('no')",
            {"runs": "stops"}
            | dict.fromkeys(("probabilities", "convolutions", "steps", "accuracy"), "not judged"),
        ),
    ],
)
def test_a_network_with_one_fault(old, new, expected, marks_of):
    assert lost(marks_of(changed(old, new), questions=[27]).of(27)) == expected


def test_a_network_without_normalisation(marks_of):
    source = ADAPTER.replace("n1 = pf.normalize_maps(r1)", "n1 = r1").replace(
        "n2 = pf.normalize_maps(r2)", "n2 = r2"
    )
    answer = marks_of(source, questions=[27]).of(27)
    assert lost(answer) == {"steps": "missing step"}
    assert (
        "normalisation within each feature map is missing, or its result is not used"
        in answer.lost[0].message
    )


def test_a_network_without_its_weights(marks_of):
    answer = marks_of(changed("def random_weights(", "def other("), questions=[27]).of(27)
    assert answer.status == "missing"
    assert answer.message.startswith("random_weights(image_shape, classes), which the network needs")
