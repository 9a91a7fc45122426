import math

import pytest

from pellucid.figures.table import decimal, text_table, two_digits


def test_columns_line_up_whatever_is_in_them():
    lines = text_table(["a", "long head"], [["1000", "2"], ["3", "a long value"]]).splitlines()
    assert lines == ["   a     long head", "1000             2", "   3  a long value"]


def test_a_table_may_be_empty():
    assert text_table(["a", "b"], []) == "a  b"


@pytest.mark.parametrize(
    ("value", "places", "text"), [(0.98765, 4, "0.9877"), (1, 2, "1.00"), (math.nan, 4, "–")]
)
def test_decimals(value, places, text):
    assert decimal(value, places) == text


def test_times_have_two_significant_digits():
    numbers = (0.0683, 0.4, 1.234, 14.6, 231.4, math.nan)
    assert [two_digits(one) for one in numbers] == ["0.068", "0.40", "1.2", "15", "231", "–"]
