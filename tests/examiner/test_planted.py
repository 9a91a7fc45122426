"""Whole submissions in the styles of students, each with the points that a teacher would give.

``submissions/points.txt`` is the table: a file, then for each question its points, or the least and the most.
r: right. w: wrong. p: a form that examiners stumble on. group: the style of a group.
"""

import shutil
from pathlib import Path

import pytest

from pellucid.examiner import examine

FOLDER = Path(__file__).parent / "submissions"


def intended():
    """Each submission with the range of points of each question."""
    for line in (FOLDER / "points.txt").read_text("utf-8").splitlines():
        name, _, points = line.partition(" | ")
        ranges = {}
        for one in points.split(", "):
            number, _, span = one.partition(": ")
            least, _, most = span.partition(" to ")
            ranges[int(number)] = float(least), float(most or least)
        yield name, ranges


INTENDED = dict(intended())


@pytest.mark.parametrize("name", INTENDED)
def test_a_submission_gets_the_points_that_are_meant(name, host, tmp_path):
    path = tmp_path / name.replace(".txt", ".py")
    shutil.copy(FOLDER / name, path)
    ranges = INTENDED[name]
    marks = examine(path, questions=list(ranges), host=host)
    given = {number: marks.of(number).points for number in ranges}
    lost = {number: [(one.criterion, one.message) for one in marks.of(number).lost] for number in ranges}
    wrong = [number for number, (least, most) in ranges.items() if not least <= given[number] <= most]
    assert not wrong, [(n, given[n], ranges[n], marks.of(n).message, lost[n]) for n in wrong]


def test_every_submission_is_in_the_table():
    files = {path.name for path in FOLDER.iterdir()} - {"points.txt"}
    assert files == set(INTENDED)
