import numpy as np
import pytest

from pellucid.examiner.student_process import unchanged


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (np.ones(4), np.ones(4), True),
        (np.ones(4), np.ones((2, 2)), False),
        ([np.ones(4), np.zeros(1)], [np.ones(4), np.ones(1)], False),
        ([np.ones(4)], [], False),
        (3, 3, True),
    ],
)
def test_whether_an_argument_was_changed(before, after, same):
    assert unchanged(before, after) == same
