"""Fields of one kind: which threshold they are read at, and whether that is of use."""

import numpy as np

from pellucid.evaluation.field_assessment import assess_fields
from pellucid.evaluation.predictions import predictions_of
from pellucid.evaluation.uses import own_use


def reader(n, wrong=0.0, seed=0):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, n)
    top = np.where(generator.random(n) < wrong, 1 - labels, labels)[:, None]
    return predictions_of("reader", labels, np.where(top == [0, 1], 0.9, 0.1))


def assessed(calibration, test, target=0.05):
    return assess_fields("independent", own_use(1, target), (calibration, None), (test, None), 0.95, 0)


def test_a_reader_without_errors_reads_all():
    found = assessed(reader(200), reader(200))
    assert found.suffices
    assert found.reads_all
    assert not found.contradicted


def test_test_fields_with_more_errors_contradict_the_guarantee():
    found = assessed(reader(500), reader(500, wrong=0.3))
    assert found.contradicted
    assert not found.suffices


def test_without_a_threshold_nothing_suffices_and_nothing_is_contradicted():
    found = assessed(reader(40), reader(40))
    assert found.outcome is None
    assert not found.suffices
    assert not found.contradicted
    assert not found.guarantee.exceeded
    assert found.guarantee.beyond_reach


def test_a_reader_that_is_wrong_at_every_threshold_is_refuted():
    assert assessed(reader(500, wrong=0.3), reader(500, wrong=0.3)).guarantee.exceeded
