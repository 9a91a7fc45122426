import numpy as np
import pytest

from pellucid.cli.shared.matrix import shown_matrix
from pellucid.core.wrapping import columns_of
from pellucid.figures.confusion import confusion_matrix_text

NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck 2"]


def counts_of(names):
    return np.arange(len(names) ** 2).reshape(len(names), -1)


MANY = [f"class {place}" for place in range(40)]


@pytest.mark.parametrize("columns", [40, 59, 79, 200])
@pytest.mark.parametrize("names", [NAMES, list("0123456789"), ["猫", "犬"], MANY])
def test_it_fits_and_has_every_class(names, columns):
    shown = shown_matrix(counts_of(names), names, columns)
    assert max(map(columns_of, shown.splitlines())) <= columns
    assert all(name in shown for name in names)


def test_where_it_fits_it_is_as_it_was():
    text = confusion_matrix_text(counts_of(NAMES), NAMES).partition("\n\n")[2]
    assert shown_matrix(counts_of(NAMES), NAMES, 200) == text


def test_the_diagonal_is_emphasised_where_the_terminal_has_that(monkeypatch):
    monkeypatch.setattr("pellucid.core.styling.is_terminal", lambda _: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = shown_matrix([[9, 1], [0, 8]], ["a", "b"], 80).splitlines()
    assert lines[1] == "a  \x1b[1;32m9\x1b[0m  1"
    assert lines[2] == "b  0  \x1b[1;32m8\x1b[0m"
