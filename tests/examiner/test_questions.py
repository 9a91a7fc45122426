import pytest

from pellucid.errors import UnknownNameError
from pellucid.examiner import QUESTIONS, find_question


def test_points_are_those_of_the_lab():
    assert {question.number: question.points for question in QUESTIONS} == {
        20: 5, 21: 2, 22: 3, 23: 2, 24: 5, 25: 2, 26: 5, 27: 5, 28: 5
    }  # fmt: skip
    assert [question.number for question in QUESTIONS if question.bonus] == [26, 27, 28]


def test_efficiency_is_a_few_points_only():
    for question in QUESTIONS:
        efficient = sum(c.points for c in question.criteria if c.name == "efficient")
        assert efficient <= question.points / 5


@pytest.mark.parametrize("number", [19, 29, 0])
def test_a_question_that_there_is_not(number):
    with pytest.raises(UnknownNameError, match=f"There is no question {number} to examine: 20 to 25"):
        find_question(number)
