import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation import detail_sentences, sentence, with_sentences
from pellucid.evaluation.cost import cost_at
from pellucid.evaluation.fields import draw_fields, field_confidence, field_wrong
from pellucid.evaluation.predictions import predictions_of
from pellucid.evaluation.sufficiency import assess, assess_all
from pellucid.evaluation.uses import load_uses, own_use


def reader(n, seed, doubtful=0.02, wrong=0.5, silent=0.0, classes=10):
    """Predictions of which a share is doubtful (and of that a share wrong), and a share is surely wrong."""
    generator = np.random.default_rng(seed)
    labels, draw = generator.integers(0, classes, n), generator.random(n)
    in_doubt, is_wrong = draw < doubtful, generator.random(n) < wrong
    misread = (in_doubt & is_wrong) | (draw > 1 - silent)
    top = np.where(misread, (labels + generator.integers(1, classes, n)) % classes, labels)
    sure = np.where(in_doubt, 0.5 + 0.2 * generator.random(n), 1 - 1e-4 * generator.random(n))
    probabilities = np.repeat((1 - sure[:, None]) / (classes - 1), classes, axis=1)
    probabilities[np.arange(n), top] = sure
    return predictions_of("reader", labels, probabilities)


def hands(n, each=20):
    return np.repeat(np.arange(n // each), each)


GOOD, GOOD_TEST = reader(12_000, 1), reader(10_000, 2)


def test_a_perfect_reader_suffices_alone():
    run = reader(4000, 0, doubtful=0.0)
    assessment = assess(own_use(4, 0.01), run, run)
    assert assessment.verdict == "alone if errors are independent"
    assert sentence(assessment) == (
        "a field of 4 digits: sufficient alone if errors are independent; of those it reads at most 1 % are "
        "wrong (95 % sure, by itself), for fields of digits drawn at random from the source of the test "
        "images; of the test fields 0.00 % (0.00 to 0.37) were; who wrote the images is not known, so the "
        "condition is not tested."
    )


def test_only_fields_by_one_writer_make_a_verdict_without_a_condition():
    run, writers = reader(12_000, 0, doubtful=0.0), hands(12_000)
    known = assess(own_use(4, 0.01), run, run, calibration_writers=writers, test_writers=writers)
    assert known.verdict == "alone"
    assert sentence(known) == (
        "a field of 4 digits: sufficient alone; of those it reads at most 1 % are wrong (95 % sure, by "
        "itself), for fields of new writers from the source of the test images; of the test fields 0.00 % "
        "(0.00 to 0.65) were."
    )


STRENGTH = (
    "not sufficient",
    "cannot be guaranteed",
    "by arithmetic if errors are independent",
    "with a person if errors are independent",
    "alone if errors are independent",
    "with a person",
    "alone",
)


@pytest.mark.parametrize("use", load_uses().values(), ids=lambda use: use.name)
def test_knowing_less_never_makes_a_verdict_stronger(use):
    run, test, writers = GOOD, GOOD_TEST, hands(12_000)
    known = assess(use, run, test, calibration_writers=writers, test_writers=hands(10_000)).verdict
    unknown = assess(use, run, test).verdict
    assert STRENGTH.index(unknown) <= STRENGTH.index(known) or known == "cannot be guaranteed"
    assert unknown not in ("alone", "with a person")


@pytest.mark.parametrize("images", [450, 2000, 5000, 12_000, 40_000])
def test_few_data_are_no_evidence_against_a_machine(images):
    run, test = reader(images, 8, doubtful=0.014), reader(images, 9, doubtful=0.014)
    found = assess(own_use(4, 0.01), run, test)
    assert found.verdict in ("cannot be guaranteed", "with a person if errors are independent")
    assert found.verdict == "cannot be guaranteed" or images > 450


def test_a_machine_that_alone_is_not_good_enough_is_told_so_beside_the_missing_guarantee():
    found = assess(own_use(4, 0.002), reader(1000, 8, doubtful=0.1), reader(2000, 9, doubtful=0.1))
    assert found.verdict == "cannot be guaranteed"
    assert "cannot be guaranteed with this much data; the machine alone certainly does not suffice: " in (
        sentence(found)
    )


def test_a_target_that_no_network_could_be_guaranteed_to_keep_is_named_as_such():
    run = reader(297 * 20, 0, doubtful=0.0)
    writers = hands(297 * 20)
    half = predictions_of("half", run.labels[:2960], run.probabilities[:2960])
    found = assess(own_use(2, 0.02), half, run, calibration_writers=writers[:2960], test_writers=writers)
    assert found.by_writer.guarantee.floor == pytest.approx(0.0204, abs=5e-5)
    assert (
        "148 writers can guarantee no target below 2.04 %, whatever the network; for 2 % it takes at least "
        "152 writers whom the network was not trained on"
    ) in sentence(found)


def test_a_check_digit_counts():
    use = load_uses()["iban"]
    found = assess(use, reader(12_000, 1, doubtful=0.014), reader(10_000, 2, doubtful=0.014))
    assert found.undetected.accepted_error < found.undetected.bound < use.target
    assert found.verdict == "by arithmetic if errors are independent"
    assert found.needed_accuracy < found.accuracy.value < own_use_needs(use)
    said = sentence(found)
    assert said.startswith(
        "IBAN account number, with its check: cannot be guaranteed by counting; sufficient by arithmetic if "
        "errors are independent: of the fields that pass the check 0."
    )
    assert "in 10,000 are wrong (at most 0." in said
    assert "where 1 may be, and 6." in said
    worse = assess(use, reader(12_000, 1, doubtful=0.1), reader(10_000, 2, doubtful=0.1))
    assert worse.undetected.bound > use.target
    assert worse.verdict == "cannot be guaranteed"


def own_use_needs(use):
    return assess(own_use(use.digits, use.target), GOOD, GOOD_TEST).needed_accuracy


@pytest.mark.parametrize("check", ["mod-11", "mod-97"])
def test_a_check_of_ones_own_use_counts_too(check):
    found = assess(own_use(9, 0.0001, check=check), reader(6000, 1, doubtful=0.004), GOOD_TEST)
    assert found.undetected.bound < found.field.independent.value
    assert found.needed_accuracy < 0.999
    assert found.verdict in ("cannot be guaranteed", "by arithmetic if errors are independent")


def test_a_good_reader_suffices_with_a_person():
    assessment = assess(own_use(4, 0.01), GOOD, GOOD_TEST)
    assert assessment.verdict == "with a person if errors are independent"
    assert assessment.independent.outcome.error.value <= 0.01
    assert 0.02 < assessment.independent.outcome.to_person.value < 0.09
    assert sentence(assessment).startswith("a field of 4 digits: sufficient with a person checking ")
    assert assessment.by_writer is None


def test_a_reader_whose_errors_are_silent_does_not_suffice():
    run, test = reader(12_000, 3, silent=0.05), reader(10_000, 4, silent=0.05)
    assessment = assess(own_use(4, 0.01), run, test)
    assert assessment.verdict == "not sufficient"
    assert sentence(assessment).startswith(
        "a field of 4 digits: not sufficient: at every threshold at which the machine would read 5 % of the "
        "fields or more, over 1 % of those read are wrong (95 % sure); alone it would take an accuracy of "
        "99.749 % a character if errors were independent, and it is 9"
    )


def test_a_target_beyond_the_data_cannot_be_guaranteed():
    run = reader(4000, 0, doubtful=0.0)
    assessment = assess(own_use(10, 0.001), run, run)
    assert assessment.verdict == "cannot be guaranteed"
    assert sentence(assessment) == (
        "a field of 10 digits: cannot be guaranteed with this much data: 400 fields can guarantee no target "
        "below 0.746 %, whatever the network; for 0.1 % it takes at least 2,995 fields (29,950 images)."
    )


def test_test_fields_of_another_kind_are_noticed():
    assessment = assess(own_use(4, 0.01), GOOD, reader(10_000, 5, silent=0.02))
    assert not assessment.independent.outcome.kept
    assert assessment.verdict == "cannot be guaranteed"
    assert "they are not like the fields that the threshold was chosen on" in sentence(assessment)


def test_a_machine_that_reads_next_to_nothing_does_not_suffice():
    run, test = reader(12_000, 6, doubtful=0.9), reader(10_000, 7, doubtful=0.9)
    assessment = assess(own_use(1, 0.02), run, test)
    mostly = assess(own_use(2, 0.02), reader(30_000, 6, doubtful=0.8), reader(10_000, 7, doubtful=0.8))
    assert assessment.verdict == "with a person if errors are independent"
    assert mostly.independent.outcome.read.value < 0.05
    assert mostly.verdict == "cannot be guaranteed"
    assert "the machine would read only 4.0 % (3.5 to 4.6) of the fields" in sentence(mostly)


def test_the_verdict_rests_on_fields_by_one_writer_where_the_writers_are_known():
    writers, test_writers = hands(12_000), hands(10_000)
    assessment = assess(
        own_use(4, 0.02), GOOD, GOOD_TEST, calibration_writers=writers, test_writers=test_writers
    )
    assert assessment.decisive is assessment.by_writer
    assert assessment.by_writer.guarantee.tested == 600  # writers
    assert assessment.by_writer.guarantee.fields == 3000  # five of each
    assert assessment.by_writer.outcome.read.n == 500
    assert assessment.independent.guarantee.tested == 3000
    assert assessment.field.measured.n == 500


def test_what_would_do_if_errors_were_independent_is_told():
    writers, test_writers = hands(12_000), hands(10_000)
    assessment = assess(
        own_use(4, 0.004), GOOD, GOOD_TEST, calibration_writers=writers, test_writers=test_writers
    )
    assert assessment.verdict == "with a person if errors are independent"
    said = sentence(assessment)
    assert said.startswith("a field of 4 digits: sufficient with a person checking ")
    assert "; for fields by one writer that cannot be guaranteed with this much data: " in said
    assert "600 writers can guarantee no target below 0.508 %, whatever the network; for 0.4 % it" in said
    assert said.endswith("takes at least 763 writers whom the network was not trained on.")


def test_a_machine_whose_errors_are_as_sure_as_the_rest_does_not_suffice_once_that_is_shown():
    few = reader(600, 8, doubtful=0.0, silent=0.2), reader(600, 9, doubtful=0.0, silent=0.2)
    assert assess(own_use(4, 0.3), *few).verdict == "cannot be guaranteed"
    assert assess(own_use(4, 0.3), *few).alone_refuted
    run, test = reader(6000, 8, doubtful=0.0, silent=0.2), reader(6000, 9, doubtful=0.0, silent=0.2)
    assessment = assess(own_use(4, 0.3), run, test)
    assert assessment.independent.outcome is None
    assert assessment.field.independent.high < 1 - 0.3
    assert assessment.verdict == "not sufficient"


def test_a_machine_that_may_be_good_enough_gets_the_benefit_of_the_doubt():
    run = reader(200, 0, doubtful=0.0)
    assessment = assess(own_use(4, 0.001), run, run)
    assert assessment.field.independent.high == 1
    assert assessment.verdict == "cannot be guaranteed"


def test_writers_with_too_few_images_for_a_field_are_not_used():
    assessment = assess(
        own_use(4, 0.01), GOOD, GOOD_TEST, calibration_writers=hands(12_000, 3), test_writers=hands(10_000)
    )
    assert assessment.by_writer is None
    assert assessment.field.measured is None


def test_a_check_sends_what_fails_it_to_a_person():
    use = load_uses()["student-number-mod-11"]
    with_check = assess(use, GOOD, GOOD_TEST)
    without = assess(load_uses()["student-number"], GOOD, GOOD_TEST)
    assert without.undetected is None
    assert with_check.undetected.undetected_rate < 0.1
    read = GOOD_TEST.probabilities.argmax(axis=1)
    fields = draw_fields(10_000, 7)
    passes = use.check.passes(GOOD_TEST.labels[fields], read[fields])
    assert with_check.independent.curve.coverage.max() == pytest.approx(passes.mean())
    slipped = field_wrong(GOOD_TEST, fields)[passes].mean()
    assert with_check.independent.curve.risk[-1] == pytest.approx(slipped)
    assert any(line.startswith("The check (mod-11) catches 9") for line in detail_sentences(with_check))
    assert not any("The check" in line for line in detail_sentences(without))


def test_costs_are_those_of_the_test_fields_at_thresholds_chosen_without_them():
    use = load_uses()["dutch-postal-code"]
    reading = assess(use, GOOD, GOOD_TEST).independent
    fields = draw_fields(10_000, 4)
    given = field_confidence(GOOD_TEST.probabilities, fields), field_wrong(GOOD_TEST, fields)
    costs = {"error_cost": 1.5, "check_cost": 0.03, "check_seconds": 3}
    assert reading.cost == cost_at(reading.guarantee.threshold, *given, **costs)
    assert reading.cheapest == cost_at(reading.cheapest.threshold, *given, **costs)
    assert assess(own_use(4, 0.01), GOOD, GOOD_TEST).independent.cheapest is None


def test_no_label_of_the_test_set_moves_the_threshold():
    other = predictions_of("other", (GOOD_TEST.labels + 1) % 10, GOOD_TEST.probabilities)
    first, second = (
        assess(own_use(4, 0.01), GOOD, test).independent.guarantee for test in (GOOD_TEST, other)
    )
    assert first == second


def test_temperature_is_applied_to_both():
    plain, warm = (assess(own_use(4, 0.01), GOOD, GOOD_TEST, temperature=t) for t in (1.0, 2.0))
    assert warm.accuracy == plain.accuracy
    assert warm.independent.curve.thresholds.max() < plain.independent.curve.thresholds.max()


def test_all_uses_and_json():
    writers, test_writers = hands(12_000), hands(10_000)
    uses = load_uses().values()
    for assessment in assess_all(
        uses, GOOD, GOOD_TEST, calibration_writers=writers, test_writers=test_writers
    ):
        read = json.loads(json.dumps(with_sentences(assessment), allow_nan=False))
        assert read["verdict"] == assessment.verdict
        assert read["sentence"] == sentence(assessment)
        assert read["details"] == detail_sentences(assessment)
        assert all(line.endswith(".") for line in [sentence(assessment), *detail_sentences(assessment)])


def test_calibration_data_without_a_class():
    nines = GOOD.labels != 9
    partial = predictions_of("partial", GOOD.labels[nines], GOOD.probabilities[nines])
    with pytest.raises(DataError, match="The calibration data has no image of class 9"):
        assess(own_use(4, 0.01), partial, GOOD_TEST)


def test_fewer_images_than_a_field_has():
    few = predictions_of("few", np.arange(30) % 10, np.full((30, 10), 0.1))
    with pytest.raises(DataError, match="30 images do not make a field of 40; at least 40 are needed"):
        assess(own_use(40, 0.01), few, GOOD_TEST)


def test_a_check_for_other_classes_than_digits():
    run = reader(500, 0, classes=3)
    with pytest.raises(
        ArgumentError, match=r"'a field of 7 digits' is for the ten digits; .* are of 3 classes"
    ):
        assess(own_use(7, 0.01, check="mod-11"), run, run)


def test_a_class_never_predicted_is_no_obstacle():
    never = GOOD_TEST.probabilities.copy()
    never[:, 3] = 0
    never /= never.sum(axis=1, keepdims=True)
    result = assess(
        own_use(4, 0.01), GOOD, predictions_of("never", GOOD_TEST.labels, never)
    ).independent.outcome
    assert result.kept
    assert result.to_person.value > 0.3  # every field with a 3 in it
