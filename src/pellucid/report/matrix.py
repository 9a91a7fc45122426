"""The confusion matrix as an HTML table: coloured cells with their numbers, which link to the images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation.confusion import most_confused, normalize_rows
from pellucid.figures.confusion import CELLS, FULL_FROM, cell_text, colouring
from pellucid.figures.style import all_shortened
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

MOST_NUMBERED = 15  # with more classes the pairs are listed, and there is one matrix with small cells
MOST_DRAWN = 60  # with more classes there is no matrix
MOST_PAIRS = 50
MOST_ACROSS = 36  # letters of all names above the columns, if they are written across
LONGEST = 18  # letters of a class name beside the matrix


@dataclass(frozen=True)
class Cell:
    """A cell: its number, its opacity in percent, whether the number is white, what it says, and its link."""

    text: str
    opacity: int
    is_full: bool
    title: str
    link: str


@dataclass(frozen=True)
class Header:
    """The name of a class, and the whole name if it had to be cut."""

    text: str
    title: str


@dataclass(frozen=True)
class Matrix:
    """A matrix: what its numbers are, the classes, and the rows of cells."""

    caption: str
    headers: list[Header]
    rows: list[list[Cell]]

    @property
    def is_dense(self) -> bool:
        """Whether it has so many classes that the cells are small."""
        return len(self.rows) > MOST_NUMBERED

    @property
    def is_long(self) -> bool:
        """Whether the names above the columns are so long that they stand upright."""
        return sum(len(header.text) for header in self.headers) > MOST_ACROSS


@dataclass(frozen=True)
class Pair:
    """Two classes that were confused, how often, and the link to the images."""

    true: str
    predicted: str
    times: str
    share: str
    link: str


def matrices(counts: NDArray[np.int64], classes: Sequence[str], links: Collection[str]) -> list[Matrix]:
    """Return the matrix as counts, and in percent of each true class where there is room for both.

    Parameters
    ----------
    counts
        (U, U), row i for true class i.
    classes
        The names of the U classes.
    links
        The ids on the page of the images of each cell, as ``mistakes-3-8``, where there are images.
    """
    if len(classes) > MOST_DRAWN:
        return []
    of_counts = _matrix("Counts of images.", counts, counts, classes, links)
    if len(classes) > MOST_NUMBERED:
        return [of_counts]
    shares = 100 * normalize_rows(counts)
    caption = "Percent of each true class: a row adds up to 100."
    return [of_counts, _matrix(caption, shares, counts, classes, links, in_percent=True)]


def confused_pairs(
    counts: NDArray[np.int64], classes: Sequence[str], links: Collection[str], most: int = MOST_PAIRS
) -> list[Pair]:
    """Return the pairs of classes that were confused most often, most often first."""
    of_class = counts.sum(axis=1)
    return [
        Pair(
            true=classes[one.true],
            predicted=classes[one.predicted],
            times=f"{count(one.count)} of {count(of_class[one.true])}",
            share=percent(one.count / of_class[one.true], 1),
            link=_link(one.true, one.predicted, links),
        )
        for one in most_confused(counts, most)
    ]


def _matrix(
    caption: str,
    values: NDArray[np.floating | np.integer],
    counts: NDArray[np.int64],
    classes: Sequence[str],
    links: Collection[str],
    *,
    in_percent: bool = False,
) -> Matrix:
    places = np.asarray(colouring(values, in_percent=in_percent)(values))
    of_class = counts.sum(axis=1)

    def cell(true: int, predicted: int) -> Cell:
        if not counts[true, predicted]:
            return Cell("·", 0, is_full=False, title="", link="")
        images = counted(int(counts[true, predicted]), "image")
        return Cell(
            text=cell_text(values[true, predicted], in_percent=in_percent),
            opacity=round(100 * float(CELLS(places[true, predicted])[3])),
            is_full=bool(places[true, predicted] >= FULL_FROM),
            title=(
                f"{classes[true]} read as {classes[predicted]}: {images} of {count(of_class[true])} "
                f"({percent(counts[true, predicted] / of_class[true], 1)})"
            ),
            link=_link(true, predicted, links),
        )

    numbers = range(len(classes))
    headers = [
        Header(short, "" if short == name else name)
        for short, name in zip(all_shortened(classes, LONGEST), classes, strict=True)
    ]
    return Matrix(caption, headers, [[cell(true, predicted) for predicted in numbers] for true in numbers])


def _link(true: int, predicted: int, links: Collection[str]) -> str:
    name = f"mistakes-{true}-{predicted}"
    return name if name in links else ""
