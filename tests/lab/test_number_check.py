import pytest

from pellucid.lab.document import Section
from pellucid.lab.number_check import unsupported_in, unsupported_numbers


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("98.96 % of 10,000 images", [0.98957, 10_000]),
        ("a gap of 1.5 points (1.3 to 1.8)", [0.0151, 0.0131, 0.0179]),
        ("worse by 2.3 points", [-0.0231]),
        ("p < 0.0001, and 1.8e-15 apart", [3e-9, 1.77e-15]),
        ("takes 12.3 ms", [0.01234]),
        ("`learning_rate=0.5` of mnist-cnn-64 on CIFAR-10, 3×3", []),
        ("The loss is 0.5.", [0.5]),
    ],
)
def test_numbers_that_are_results_are_traced(text, results):
    assert unsupported_numbers(text, results) == []


@pytest.mark.parametrize(
    ("text", "results", "found"),
    [
        ("98.97 % of 10,001 images", [0.98957, 10_000], ["98.97", "10,001"]),
        ("a loss of 98.957", [0.98957], ["98.957"]),  # a share is told in percent only where it says so
        ("p < 0.0001", [0.5], ["0.0001"]),
        ("0.25 %. And 50 images", [0.0025, 0.5], ["50"]),  # the percent sign is of another sentence
        ("1.9e-15", [1.77e-15], ["1.9e-15"]),
        ("from 0.30", [0.31], ["0.30"]),
    ],
)
def test_numbers_that_are_no_results_are_found(text, results, found):
    assert unsupported_numbers(text, results) == found


def test_only_what_is_measured_is_traced():
    section = Section("Q1", "", "")
    section.explain("A network of 12 layers.")
    section.say("It has 12 layers.")
    section.watch("Or 13.")
    section.table(["layers"], [["14"]])
    assert unsupported_in(section) == ["12", "13", "14"]
    section.record(layers=[12, 13, {"more": 14}])
    assert unsupported_in(section) == []
