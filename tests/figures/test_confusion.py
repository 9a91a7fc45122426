import numpy as np
import pytest
from matplotlib.figure import Figure

from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures import confusion_matrix_text, plot_confusion_matrix

COUNTS = [[8, 2, 0], [1, 4, 0], [0, 5, 15]]  # rows: 10, 5 and 20 images
NAMES = ["cat", "dog", "cow"]


def numbers(figure):
    """Return the numbers in the cells by (row, column)."""
    return {
        (int(text.get_position()[1]), int(text.get_position()[0])): text.get_text()
        for text in figure.axes[0].texts
    }


def test_each_cell_has_its_count_and_a_zero_is_a_dot():
    drawn = numbers(plot_confusion_matrix(COUNTS, NAMES))
    assert len(drawn) == 9
    for row in range(3):
        for column in range(3):
            assert drawn[row, column] == (str(COUNTS[row][column]) if COUNTS[row][column] else "·")


def test_normalized_rows_are_of_the_true_class():
    drawn = numbers(plot_confusion_matrix(COUNTS, NAMES, normalize="true"))
    assert [drawn[0, 0], drawn[0, 1], drawn[1, 0], drawn[2, 1]] == ["80.0", "20.0", "20.0", "25.0"]


def test_row_0_is_at_the_top_and_the_axes_say_which_class_is_which():
    ax = plot_confusion_matrix(COUNTS, NAMES).axes[0]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == NAMES
    assert [tick.get_text() for tick in ax.get_yticklabels()] == NAMES


def test_the_colour_lies_where_the_count_is():
    figure = plot_confusion_matrix(COUNTS, NAMES)
    figure.draw_without_rendering()
    cells = figure.axes[0].collections[0]
    corners = [tuple(path.vertices[0].astype(int)) for path in cells.get_paths()]
    assert corners == [(0, 0), (1, 0), (0, 1), (1, 1), (1, 2), (2, 2)]  # (column, row)
    opacity = dict(zip(corners, cells.get_facecolor()[:, 3], strict=True))
    assert opacity[2, 2] == 1
    assert opacity[2, 2] > opacity[0, 0] > opacity[1, 2] > opacity[1, 0] > opacity[0, 1] > 0


@pytest.mark.parametrize(("normalize", "label"), [(None, "images"), ("true", "percent of the true class")])
def test_there_is_a_colour_bar(normalize, label):
    figure = plot_confusion_matrix(COUNTS, normalize=normalize)
    assert len(figure.axes) == 2
    assert figure.axes[1].get_xlabel().startswith(label)


def test_without_names_the_classes_are_numbers():
    ax = plot_confusion_matrix(COUNTS).axes[0]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0", "1", "2"]


def test_a_class_without_images_is_no_division_by_zero():
    drawn = numbers(plot_confusion_matrix([[0, 0], [0, 3]], normalize="true"))
    assert drawn == {(0, 0): "·", (0, 1): "·", (1, 0): "·", (1, 1): "100"}
    text = confusion_matrix_text([[0, 0], [0, 3]], normalize="true")
    assert text.splitlines()[-2].split() == ["0", "–", "–"]


def test_very_many_classes_have_no_numbers_and_few_labels():
    ax = plot_confusion_matrix(np.eye(100, dtype=int)).axes[0]
    assert len(ax.texts) == 0
    assert len(ax.get_xticks()) <= 50


def test_long_names_are_cut():
    ax = plot_confusion_matrix([[1, 0], [0, 1]], ["short", "a name of more than fourteen letters"]).axes[0]
    assert ax.get_yticklabels()[1].get_text() == "a name …etters"


def test_long_names_that_differ_at_the_end_still_differ():
    names = [f"a rather long name of a class, number {number}" for number in range(30)]
    ax = plot_confusion_matrix(np.eye(30, dtype=int), names).axes[0]
    assert len({label.get_text() for label in ax.get_yticklabels()}) == 30


def test_numbers_are_larger_where_there_are_few_classes():
    few, many = (plot_confusion_matrix(np.eye(U, dtype=int)).axes[0] for U in (3, 12))
    assert few.texts[0].get_fontsize() >= 12 > many.texts[0].get_fontsize()


def test_it_is_drawn_on_ones_own_axes():
    figure = Figure()
    ax = figure.subplots()
    assert plot_confusion_matrix(COUNTS, ax=ax) is figure
    assert len(ax.texts) == 9


def test_the_text_names_the_most_frequent_confusions_first():
    head = confusion_matrix_text(COUNTS, NAMES).splitlines()[0]
    assert head == (
        "27 of 35 right. Most often confused: cow taken for dog (5 of 20), cat taken for dog (2 of 10), "
        "dog taken for cat (1 of 5)."
    )


def test_the_text_has_the_whole_matrix():
    rows = [line.split() for line in confusion_matrix_text(COUNTS, NAMES, normalize="true").splitlines()[3:]]
    assert rows[0] == NAMES
    assert rows[3] == ["cow", "0.0", "%", "25.0", "%", "75.0", "%"]


def test_the_text_of_no_mistakes_names_none():
    assert confusion_matrix_text(np.eye(2, dtype=int)).startswith("2 of 2 right.\n")


@pytest.mark.parametrize("matrix", [[1, 2], [[1, 2]], np.zeros((0, 0), int)])
def test_a_matrix_must_be_square(matrix):
    with pytest.raises(ShapeError, match=r"has shape \(U, U\)\. Received: shape=\("):
        plot_confusion_matrix(matrix)


@pytest.mark.parametrize("matrix", [[[0.5, 0.5], [0, 1.0]], [[1, -1], [0, 1]]])
def test_shares_in_place_of_counts_are_refused(matrix):
    with pytest.raises(
        ArgumentError, match="for shares of each true class pass the counts and normalize='true'"
    ):
        plot_confusion_matrix(matrix)


def test_there_must_be_a_name_for_each_class():
    with pytest.raises(ShapeError, match=r"of 3 classes has as many names\. Received: len\(names\)=2"):
        plot_confusion_matrix(COUNTS, ["cat", "dog"])


@pytest.mark.parametrize("normalize", [None, "true"])
def test_the_colour_bar_says_that_it_is_not_linear(normalize):
    figure = plot_confusion_matrix([[9, 1], [0, 10]], normalize=normalize, title="Digits")
    assert "the colour follows the square root" in figure.axes[-1].get_xlabel()
    assert figure.axes[0].get_title(loc="left") == "Digits"
