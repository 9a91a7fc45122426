import pytest

from pellucid.cli.shared.layout import emphasised, hint, labelled, printable, table
from pellucid.core.styling import styled
from pellucid.core.wrapping import columns_of, wrapped


def test_wrapping_keeps_words_whole():
    assert wrapped("Adadelta(learning_rate=1.0) and more", 10) == "Adadelta(learning_rate=1.0)\nand more"


def test_labels_stand_in_one_column():
    assert labelled([("a", "one"), ("longer", "two")], 80) == "a       one\nlonger  two"
    assert labelled([], 80) == ""


def test_columns_of_any_script():
    assert columns_of("e\u0301") == 1
    lines = table(["class", "n"], [["猫", "1"], ["cat", "22"]], "lr").splitlines()
    assert [columns_of(line) for line in lines] == [9, 9, 9]


def test_printable_keeps_letters_of_any_script():
    assert printable("наше фото 猫.png") == "наше фото 猫.png"
    assert printable("a\tb\r") == "a\\tb\\r"


HEAD = ["RUN", "STATUS", "TEST ACCURACY"]
ROWS = [
    ["runs/mnist-linear", "finished, 2 of 2 seeds", "0.8671 (0.8603 to 0.8736)"],
    ["runs/b", "failed", "–"],
]


@pytest.mark.parametrize("columns", range(30, 90, 5))
def test_no_line_of_a_table_is_wider_than_the_terminal(columns):
    lines = table(HEAD, ROWS, columns=columns).splitlines()
    assert max(map(columns_of, lines)) <= columns
    assert all(word in " ".join(lines) for row in ROWS for cell in row for word in cell.split())


def test_a_table_too_wide_even_with_wrapped_cells_is_a_list_of_each_row():
    assert table(HEAD, ROWS[:1], columns=30) == (
        "runs/mnist-linear\n"
        "  STATUS         finished, 2\n"
        "                 of 2 seeds\n"
        "  TEST ACCURACY  0.8671\n"
        "                 (0.8603 to\n"
        "                 0.8736)"
    )


def test_a_style_ends_at_the_end_of_each_line_of_a_cell(monkeypatch):
    monkeypatch.setattr("pellucid.core.styling.is_terminal", lambda _: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    verdict = styled("cannot be guaranteed", "yellow")
    *_, first, second = table(["USE", "VERDICT"], [["a postal code", verdict]], columns=20).splitlines()
    assert first.endswith("\x1b[0m")
    assert second.count("\x1b[33m") == second.count("\x1b[0m") == 1


def test_an_estimate_is_bold_and_its_interval_dim(monkeypatch):
    monkeypatch.setattr("pellucid.core.styling.is_terminal", lambda _: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert emphasised("0.9 (0.8 to 1.0)") == "\x1b[1m0.9\x1b[0m\x1b[2m (0.8 to 1.0)\x1b[0m"


def test_a_hint_goes_to_standard_error(capsys):
    hint("one\ntwo")
    assert capsys.readouterr() == ("", "one\ntwo\n")
