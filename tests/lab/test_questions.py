"""Every question is answered, and every number that an answer tells is in its results."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.lab.document import Code
from pellucid.lab.questions import GROUPS, QUESTIONS, chosen
from pellucid.lab.trace import CODE, NUMBER, leaves, strangers, untraced

KEYS = list(QUESTIONS)
WITHOUT_NUMBERS = {"D1", "D3", "I6", "Q21", "Q22"}  # explanations, or exactly the known answer


def test_the_labs_questions_are_all_there_in_order():
    expected = (
        [f"Q{n}" for n in range(1, 29)] + [f"D{n}" for n in range(1, 12)] + [f"I{n}" for n in range(1, 7)]
    )
    assert expected == KEYS
    assert [heading.partition(":")[0] for heading, _ in GROUPS][:3] == [
        "Exercise 1",
        "Exercise 2",
        "Exercise 3",
    ]


@pytest.mark.parametrize("key", KEYS)
def test_a_question_is_answered_and_its_numbers_are_traced(section, key):
    answer = section(key)
    assert answer.parts
    assert untraced(answer) == []
    told = sum(len(NUMBER.findall(CODE.sub("", text))) for text in answer.measured_texts())
    assert (told == 0) == (key in WITHOUT_NUMBERS)


@pytest.mark.parametrize("key", sorted(set(KEYS) - WITHOUT_NUMBERS))
def test_other_results_would_not_carry_the_same_answer(section, key):
    results = np.array(list(leaves(section(key).results))) * 1.37 + 0.0113
    assert any(strangers(text, list(results)) for text in section(key).measured_texts())


@pytest.mark.parametrize("key", KEYS)
def test_code_can_be_pasted_and_figures_are_told_in_words_and_marked(section, key):
    for part in section(key).parts:
        if isinstance(part, Code):
            compile(part.source, key, "exec")
            assert max(map(len, part.source.splitlines())) <= 100
            if part.drawing is not None:
                assert len(part.drawing.words) > 20
                assert "tiny run" in [text.get_text() for text in part.drawing.figure.texts]


def test_a_quick_answer_is_not_marked_where_the_scale_is_full():
    from pellucid.lab.scales import FULL
    from pellucid.lab.writing import answer

    figures = [part.drawing for part in answer(QUESTIONS["Q20"], FULL, {}).parts if isinstance(part, Code)]
    assert all(not drawing.figure.texts for drawing in figures if drawing)


def test_the_collapsed_layer_reads_as_the_network_does(section):
    found = section("Q7").results
    assert found["same"] == found["images"] == 300
    assert found["apart"] < 1e-4
    assert (found["parameters"], found["single"]) == (203_530, 7_850)


@pytest.mark.parametrize("key", ["Q21", "Q22", "Q23", "Q24", "Q25"])
def test_the_known_answers_are_met(section, key):
    known = [found for found in section(key).results.values() if isinstance(found, dict)]
    assert known
    assert all(found["apart"] < 1e-5 for found in known)


def test_backpropagation_agrees_with_measured_slopes(section):
    found = section("I5").results
    assert found["slope"] == pytest.approx(found["measured"], rel=1e-6)
    assert found["slope"] == pytest.approx(found["d_W2"][0])
    assert found["step"] == pytest.approx(-found["rate"] * found["slope"])
    assert found["end"] < found["after_one"] < found["start"] == pytest.approx(found["cost"])
    kernel = section("Q26").results
    assert kernel["right"]
    assert kernel["gradient"] == pytest.approx(kernel["slope"], rel=1e-5)


def test_receptive_fields_of_the_network_for_photographs(section):
    assert section("I4").results["sides"] == [3, 5, 6, 10, 14, 16]


@pytest.mark.parametrize(
    ("only", "message"),
    [
        ("Q29", r"There are no questions 'Q29'\. The lab has Q1 to Q28, D1 to D11 \(digits\) and I1 to I6"),
        ("Q9-Q2", "There are no questions 'Q9-Q2'"),
        ("Q1,,Q2", "There are no questions ''"),
        ("all", "There are no questions 'all'"),
    ],
)
def test_unknown_questions_are_refused(only, message):
    with pytest.raises(ArgumentError, match=message):
        chosen(only)


def test_questions_are_chosen_by_range_and_letter():
    assert chosen("I, q3-5 ,Q4")[:4] == ["Q3", "Q4", "Q5", "I1"]
    assert chosen("D10-I2") == ["D10", "D11", "I1", "I2"]
    assert chosen(None) == KEYS
