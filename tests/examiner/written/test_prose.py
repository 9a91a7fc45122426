"""The student's text for each question is found under its heading, whatever that looks like."""

import pytest

from pellucid.examiner.files.notebooks import Cell
from pellucid.examiner.written.prose import heading, script_cells, sections


@pytest.mark.parametrize(
    "line",
    [
        "## Question 4", "# Q4", "**Question 4:** why", "Q4.", "Q 4)", "question 4", "### Vraag 4",
        "**Vraag 4**", "#### Antwoord op vraag 4", "Answer to question 4:", "## 4. Progress", "# 4",
        "**4.** It rises",
        "Frage 4",        "> Question 4", "__Q4__", "- Q4: it rises",
    ],
)  # fmt: skip
def test_headings_of_question_4(line):
    assert heading(line, 3, first=True) == (4,)


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("## Questions 8 and 9", (8, 9)), ("Q2-5", (2, 3, 4, 5)), ("Vraag 16 en 17", (16, 17)),
        ("Q10, Q11 & Q12", (10, 11, 12)), ("Question 20", (20,)),
    ],
)  # fmt: skip
def test_one_heading_for_several_questions(line, numbers):
    assert heading(line, 1, first=True) == numbers


@pytest.mark.parametrize(
    "line",
    [
        "In question 4 we saw that it rises.", "4 epochs later it stops", "# Exercise 1", "0.92",
        "1. postal codes",        "## 2021 data", "Question everything", "40. years", "quite 4", "Q-value 4",
    ],
)  # fmt: skip
def test_what_is_no_heading(line):
    assert heading(line, 3, first=False) == ()


def test_text_is_collected_until_the_next_heading_and_code_is_left_out():
    cells = [
        Cell(1, "text", "# Lab report\nAnn and Bob"),
        Cell(2, "text", "## Question 1: uses\n1. postal codes\n2. cheques"),
        Cell(3, "code", "x = 1"),
        Cell(4, "text", "And more."),
        Cell(5, "text", "Q2\n\nThe console."),
        Cell(6, "text", "Figure 1 shows it."),
    ]
    first, second = sections(cells)
    assert (first.numbers, first.prose) == ((1,), "uses\n1. postal codes\n2. cheques\nAnd more.")
    assert first.places == [2, 3, 4]
    assert (second.prose, second.places) == ("The console.\nFigure 1 shows it.", [5, 6])


def test_comments_of_code_may_be_headings():
    found = sections([Cell(1, "code", "# Question 2\nmodel.fit(x, y)"), Cell(2, "code", "# 3 epochs\nx = 1")])
    assert [one.numbers for one in found] == [(2,)]


def test_a_script_has_its_text_in_comments():
    source = "# Question 4\n# It rises.\n# And stays.\nx = 1\n\n# Q5\nprint(x)  # 0.92\n"
    first, second = sections(script_cells(source))
    assert (first.numbers, first.prose, first.places[0]) == ((4,), "It rises.\nAnd stays.", 1)
    assert (second.numbers, second.prose) == ((5,), "")


def test_a_very_long_answer_is_cut():
    (found,) = sections([Cell(1, "text", "Q1\n" + "x" * 10_000)])
    assert found.prose.endswith("x …")
    assert len(found.prose) < 7000
