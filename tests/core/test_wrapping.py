import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.wrapping import columns_of, unstyled, wrapped

TEXT = "The first loss is 5.02; guessing among 10 classes loses ln 10 = 2.30. Inputs reach 16."


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
@pytest.mark.parametrize("indent", [0, 4])
def test_it_wraps_as_textwrap_does(columns, indent):
    options = {"break_long_words": False, "break_on_hyphens": False}
    lines = textwrap.wrap(TEXT, columns, subsequent_indent=" " * indent, **options)
    assert wrapped(TEXT, columns, indent) == "\n".join(lines)


def test_calls_inside_a_call_longer_than_a_line_break_inside():
    text = "optimizer RMSprop(learning_rate=InverseTimeDecay(initial_learning_rate=0.0001, decay_rate=1e-06))"
    lines = wrapped(text, 40, 2).split("\n")
    assert max(map(columns_of, lines)) <= 40
    assert "".join(line.strip() for line in lines).replace(" ", "") == text.replace(" ", "")
    assert wrapped("Adadelta(learning_rate=1.0) and more", 10) == "Adadelta(learning_rate=1.0)\nand more"


def test_the_first_line_keeps_its_own_indent():
    assert wrapped("  - one two three", 10, 4) == "  - one\n    two\n    three"


def test_styles_take_no_room():
    styled = TEXT.replace("5.02", "\x1b[1m5.02\x1b[0m")
    assert columns_of(styled) == len(TEXT)
    assert unstyled(wrapped(styled, 30)) == wrapped(TEXT, 30)


def test_a_long_word_stays_whole():
    assert wrapped("see runs/a-rather-long-name now", 10) == "see\nruns/a-rather-long-name\nnow"


@given(st.lists(st.text("ab猫", min_size=1, max_size=8), min_size=1), st.integers(16, 30))
def test_no_line_is_wider_than_the_columns(words, columns):
    lines = wrapped(" ".join(words), columns).splitlines()
    assert max(map(columns_of, lines)) <= columns
    assert " ".join(lines) == " ".join(words)
