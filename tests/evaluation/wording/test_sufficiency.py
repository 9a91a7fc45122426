"""The sentences that test_sufficiency does not already read in full."""

from dataclasses import replace

import numpy as np
import pytest

from pellucid.evaluation import sentence
from pellucid.evaluation.predictions import predictions_of
from pellucid.evaluation.sufficiency import assess
from pellucid.evaluation.uses import Use
from pellucid.evaluation.wording.sufficiency import detail_sentences, reason


def run(n, wrong_every=0):
    """Predictions of ten digits, all 0.95 sure but each so many-th, which is wrong and 0.6 sure."""
    labels = np.arange(n) % 10
    wrong = np.zeros(n, bool)
    if wrong_every:
        wrong[::wrong_every] = True
    sure = np.where(wrong, 0.6, 0.95)[:, None]
    top = np.where(wrong, (labels + 1) % 10, labels)[:, None]
    return predictions_of("run", labels, np.where(top == np.arange(10), sure, (1 - sure) / 9))


def use(error_cost, check_cost=0.1, target=0.01):
    return Use("u", "a digit", 1, 1, target, error_cost=error_cost, check_cost=check_cost, check_seconds=6.0)


def test_details_of_a_guaranteed_threshold_with_costs():
    told = detail_sentences(assess(use(5.0), run(4000, 20), run(2000, 20)))
    assert told == [
        "If errors were independent, a field of 1 is right in 95.0 % (94.0 to 95.9); whether they are "
        "cannot be told without knowing who wrote what.",
        "On independent fields: of 4,000 calibration fields 3,800 reach the threshold 0.95, 0 of these "
        "wrong, so at most 0.0788 % are (95 % sure); of 2,000 test fields 95.0 % (94.0 to 95.9) do, 0.00 % "
        "(0.00 to 0.19) of these wrong.",
        "At the guaranteed threshold 1,000 fields cost 5.00 euros (5.00 to 14.21): 0.00 for errors, 5.00 "
        "for checks (5 minutes).",
        "On the calibration fields it was cheapest to accept from 0.95; on the test fields 1,000 fields "
        "cost 5.00 euros (5.00 to 14.21): 0.00 for errors, "
        "5.00 for checks (5 minutes).",
    ]


def test_minutes_that_people_are_busy():
    slow = replace(use(5.0), check_seconds=90.0)
    told = detail_sentences(assess(slow, run(4000, 20), run(2000, 20)))
    assert told[-1].endswith("5.00 for checks (75 minutes).")  # 50 of 1,000 fields


def test_cheapest_ways():
    def cheapest(one):
        return detail_sentences(assess(one, run(4000, 20), run(2000, 20)))[-1]

    assert cheapest(use(0.01)).startswith(
        "On the calibration fields it was cheapest to have the machine read all; on the test fields 1,000 "
        "fields cost 0.50 euros"
    )
    everywhere = assess(use(5.0, check_cost=0.0), run(4000, 1), run(2000, 1))
    assert detail_sentences(everywhere)[-1].startswith(
        "On the calibration fields it was cheapest to have a person read all; on the test fields 1,000 "
        "fields cost 0"
    )


def test_no_guarantee():
    told = detail_sentences(assess(use(5.0), run(100), run(100)))
    assert told[1] == "On independent fields: with 100 calibration fields no threshold can be guaranteed."
    assert not any(line.startswith("At the guaranteed threshold") for line in told)


def test_an_error_that_stays_too_uncertain():
    # 4 wrong of 600, as sure as the others: seen 0.67 %, and 1 % cannot be ruled out with these.
    labels = np.arange(600) % 10
    top = np.where(np.arange(600) % 150 == 0, (labels + 1) % 10, labels)
    table = np.where(top[:, None] == np.arange(10), 0.91, 0.01)
    one = predictions_of("run", labels, table)
    said = sentence(assess(use(5.0), one, one))
    assert said.startswith(
        "a digit: cannot be guaranteed with this much data: at the error seen it would take "
    )
    assert said.endswith("images), and there are 600.")


def with_guarantee(assessment, **changes):
    guarantee = replace(assessment.independent.guarantee, **changes)
    return replace(assessment, independent=replace(assessment.independent, guarantee=guarantee))


@pytest.mark.parametrize("needed", [80, 100])
def test_fields_that_should_suffice_and_do_not_leave_the_error_uncertain(needed):
    too_few = assess(use(5.0), run(100), run(100))
    assert "for 1 % it takes at least 299 fields (299 images)" in reason(too_few)
    enough = with_guarantee(too_few, fields_needed=needed, floor=0.005)
    assert "100 fields leave the error too uncertain" in reason(enough)
    assert "it would take at least 101 fields" in reason(
        with_guarantee(too_few, fields_needed=101, floor=0.005)
    )


def test_fields_by_one_writer_that_no_number_of_would_suffice():
    too_few, enough = assess(use(5.0), run(100), run(100)), assess(use(5.0), run(4000), run(2000))
    guarantee = replace(too_few.independent.guarantee, fields_needed=None, floor=0.005)
    by_writer = replace(too_few.independent, kind="one hand", guarantee=guarantee)
    assert reason(replace(enough, by_writer=by_writer)).endswith(
        "; for fields by one writer that cannot be guaranteed with this much data: 100 writers leave the "
        "error too uncertain"
    )


def test_why_it_is_not_sufficient():
    wrong_and_unsure = assess(use(5.0), run(300, 3), run(600, 3))  # the sure ones are right, yet too few
    assert wrong_and_unsure.verdict == "cannot be guaranteed"
    assert sentence(wrong_and_unsure).startswith(
        "a digit: cannot be guaranteed with this much data; the machine alone certainly does not suffice: at "
        "the error seen it would take at least "
    )
    nothing_right = assess(use(5.0), run(300, 1), run(600, 1))
    assert nothing_right.verdict == "not sufficient"
    assert reason(nothing_right).startswith(
        "at every threshold at which the machine would read 5 % of the fields or more, over 1 % of those "
        "read are wrong (95 % sure); alone it would take an accuracy of 99.000 % a character if errors were "
        "independent, and it is 0.00 %"
    )


def test_details_of_a_guarantee_for_new_writers():
    calibration, test = run(6000, 20), run(3000, 20)
    found = assess(
        use(5.0, target=0.05),
        calibration,
        test,
        calibration_writers=np.arange(6000) // 20,
        test_writers=np.arange(3000) // 20,
    )
    told = detail_sentences(found)
    assert told[2].startswith(
        "On fields by one writer: of 6,000 calibration fields of 300 writers 5,700 reach the threshold 0.95, "
        "0 of these wrong, so over new writers at most "
    )
    assert "; of the fields of 150 test writers 95.0 % (" in told[2]
    assert told[3].startswith("At the guaranteed threshold 1,000 fields cost 5.00 euros (5.00 to ")
    none = replace(found, by_writer=replace(found.by_writer, outcome=None))
    assert detail_sentences(none)[2].endswith(" % are (95 % sure).")
