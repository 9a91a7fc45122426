"""The suspects are told apart: on the cases of an exam, none is the right answer or another suspect."""

import numpy as np
import pytest

from pellucid.examiner.cases import Approach, computed, same
from pellucid.examiner.exams import backward
from pellucid.examiner.judging import EXAMS

ALL = {**EXAMS, 26: backward.make_exam()}


def answers(exam, number):
    right = exam.approaches[0].compute
    cases = [case for case in exam.cases(0) if not case.whole and not case.single]
    for suspect in exam.suspects:
        made = Approach(suspect.name, lambda case, s=suspect: s.compute(case, right))
        yield suspect, [computed(made, case) for case in cases], [right(case) for case in cases]


@pytest.mark.parametrize("number", ALL)
def test_no_suspect_is_right(number):
    for suspect, given, right in answers(ALL[number], number):
        told = [same(one, other) for one, other in zip(given, right, strict=True)]
        assert not all(told), suspect.name


@pytest.mark.parametrize("number", ALL)
def test_each_suspect_can_be_computed_and_teaches(number):
    for suspect, given, _ in answers(ALL[number], number):
        assert any(one is not None and one.size for one in given), suspect.name
        assert suspect.says.endswith((".", "?")), suspect.name
        assert len(suspect.says) > 20


def test_two_suspects_of_another_name_differ_somewhere():
    found = list(answers(ALL[21], 21))
    for i, (one, first, _) in enumerate(found):
        for other, second, _ in found[i + 1 :]:
            alike = all(a.shape == b.shape and np.allclose(a, b) for a, b in zip(first, second, strict=True))
            assert not alike or one.name == other.name, (one.name, other.name)
