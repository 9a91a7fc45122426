import numpy as np
import pytest

from pellucid.report.matrix import MOST_DRAWN, confused_pairs, matrices

COUNTS = np.array([[8, 2, 0], [1, 4, 0], [0, 5, 15]])
NAMES = ["cat", "dog", "cow"]


def test_there_is_a_matrix_of_counts_and_one_of_shares():
    counts, shares = matrices(COUNTS, NAMES, {"mistakes-2-1"})
    assert [cell.text for cell in counts.rows[0]] == ["8", "2", "·"]
    assert [cell.text for cell in shares.rows[2]] == ["·", "25.0", "75.0"]
    assert counts.rows[2][1].title == "cow read as dog: 5 images of 20 (25.0 %)"


def test_cells_with_pictures_have_a_link():
    [counts, _] = matrices(COUNTS, NAMES, {"mistakes-2-1"})
    assert counts.rows[2][1].link == "mistakes-2-1"
    assert not counts.rows[0][1].link
    assert not counts.rows[0][0].link


def test_zeros_have_no_colour_and_large_cells_white_numbers():
    [counts, _] = matrices(COUNTS, NAMES, ())
    assert (counts.rows[0][2].opacity, counts.rows[0][2].title) == (0, "")
    assert counts.rows[2][2].is_full
    assert not counts.rows[1][0].is_full
    assert counts.rows[2][2].opacity == 100 > counts.rows[0][1].opacity > counts.rows[1][0].opacity > 0


def test_long_names_are_cut_in_the_middle_and_told_whole():
    names = [f"a rather long name of a class, number {number}" for number in range(3)]
    headers = matrices(COUNTS, names, ())[0].headers
    assert len({header.text for header in headers}) == 3
    assert [header.title for header in headers] == names
    assert matrices(COUNTS, NAMES, ())[0].headers[0].title == ""


def test_long_names_above_the_columns_stand_upright():
    assert not matrices(COUNTS, NAMES, ())[0].is_long
    assert matrices(COUNTS, ["a dark airplane", "an automobile", "a large deer"], ())[0].is_long


def test_many_classes_have_one_matrix_and_very_many_none():
    many = np.eye(16, dtype=int)
    [matrix] = matrices(many, [str(i) for i in range(16)], ())
    assert matrix.is_dense
    size = MOST_DRAWN + 1
    assert matrices(np.eye(size, dtype=int), [str(i) for i in range(size)], ()) == []


def test_pairs_are_listed_the_most_frequent_first():
    pairs = confused_pairs(COUNTS, NAMES, {"mistakes-2-1"})
    assert [(pair.true, pair.predicted, pair.times, pair.share) for pair in pairs] == [
        ("cow", "dog", "5 of 20", "25.0 %"),
        ("cat", "dog", "2 of 10", "20.0 %"),
        ("dog", "cat", "1 of 5", "20.0 %"),
    ]
    assert [pair.link for pair in pairs] == ["mistakes-2-1", "", ""]
    assert len(confused_pairs(COUNTS, NAMES, (), most=2)) == 2


@pytest.mark.parametrize("U", [1, 2])
def test_a_class_without_images_is_no_division_by_zero(U):
    assert matrices(np.zeros((U, U), int), ["a", "b"][:U], ())[1].rows[0][0].text == "·"
