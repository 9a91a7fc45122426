from pellucid.evaluation.comparison import paired_difference
from pellucid.evaluation.wording.values import points_text


def test_small_differences_are_told_with_more_places():
    assert points_text(paired_difference(15, 6, 100000)) == "0.01 points (0.00 to 0.02)"
