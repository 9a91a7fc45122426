"""The mistakes in a report: each with its picture and two guesses, sorted and filtered without a script.

A link to ``#mistakes-3-8`` shows the images of class 3 read as 8 alone, ``#mistakes-of-3`` those of class 3.
The page has a paragraph of that id above the list, and a CSS rule that hides the others while the paragraph
is the target of the address.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import confidence_percent
from pellucid.core.wording.plurals import counted
from pellucid.figures.images import class_names
from pellucid.figures.tiles import image_colours
from pellucid.report.png import data_uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pellucid.report.rundata import Mistakes, RunData

MOST_BYTES = 1_500_000  # of all pictures of mistakes together: the page stays easy to load and to send
SIDE = 96  # maximal side of a picture, in pixels


@dataclass(frozen=True)
class Mistake:
    """A misclassified image: its picture, true class, and two guesses; classes as numbers and as names."""

    uri: str
    label: int
    predicted: int
    true: str
    first: str
    first_share: str
    second: str
    second_share: str


@dataclass(frozen=True)
class Filter:
    """A choice of mistakes: the id for links, its words, and the CSS selector of its mistakes."""

    name: str
    words: str
    selector: str


@dataclass(frozen=True)
class MistakeList:
    """The mistakes shown, the most confident first, their number in words, and the choices among them."""

    shown: list[Mistake]
    words: str
    filters: list[Filter]

    @property
    def css(self) -> str:
        """The rules that hide the mistakes that were not chosen."""
        return "\n".join(
            f"#{one.name}:target~.mistakes>li:not({one.selector}){{display:none}}" for one in self.filters
        )

    @property
    def names(self) -> set[str]:
        """The names of the filters."""
        return {one.name for one in self.filters}


def mistake_list(data: RunData) -> MistakeList:
    """Return the mistakes of a run, as many as a page may hold."""
    mistakes = data.mistakes
    if mistakes is None or data.matrix is None or not len(mistakes.images):
        return MistakeList([], "", [])
    shown = list(_shown(mistakes, data.classes))
    wrong = data.matrix * (1 - np.eye(len(data.classes), dtype=np.int64))
    return MistakeList(shown, _words(len(shown), mistakes), _filters(shown, wrong))


def _shown(mistakes: Mistakes, classes: list[str]) -> Iterator[Mistake]:
    names = [class_names(them, classes) for them in (mistakes.labels, mistakes.predicted, mistakes.second)]
    spent = 0
    for place, uri in enumerate(_pictures(mistakes.images)):
        spent += len(uri)
        if spent > MOST_BYTES:
            return
        true, first, second = (of_all[place] for of_all in names)
        yield Mistake(
            uri=uri,
            label=int(mistakes.labels[place]),
            predicted=int(mistakes.predicted[place]),
            true=true,
            first=first,
            first_share=confidence_percent(float(mistakes.confidence[place])),
            second=second,
            second_share=confidence_percent(float(mistakes.second_confidence[place])),
        )


def _pictures(images: NDArray[np.uint8]) -> Iterator[str]:
    for image in images:
        [picture] = image_colours(image[np.newaxis])
        yield data_uri(picture, largest=SIDE, photograph=True)


def _words(shown: int, mistakes: Mistakes) -> str:
    if shown == mistakes.total:
        return (
            f"All {counted(shown, 'misclassified test image')}"
            if shown > 1
            else "The one misclassified test image"
        )
    return f"The {shown:,} most confident of {mistakes.total:,} misclassified test images"


def _filters(shown: list[Mistake], wrong: NDArray[np.int64]) -> list[Filter]:
    """Return the choices; ``wrong`` (U, U) holds the number of mistakes in each cell, shown or not."""
    names = {one.label: one.true for one in shown} | {one.predicted: one.first for one in shown}
    cells = Counter((one.label, one.predicted) for one in shown)
    labels, predicted = Counter(one.label for one in shown), Counter(one.predicted for one in shown)
    return [
        *(
            Filter(f"mistakes-of-{i}", _of(n, int(wrong[i].sum()), f"of class {names[i]}"), f".t{i}")
            for i, n in sorted(labels.items())
        ),
        *(
            Filter(f"mistakes-as-{j}", _of(n, int(wrong[:, j].sum()), f"read as {names[j]}"), f".p{j}")
            for j, n in sorted(predicted.items())
        ),
        *(
            Filter(
                f"mistakes-{i}-{j}",
                _of(n, int(wrong[i, j]), f"of class {names[i]} read as {names[j]}"),
                f".t{i}.p{j}",
            )
            for (i, j), n in sorted(cells.items())
        ),
    ]


def _of(shown: int, total: int, which: str) -> str:
    if shown < total:
        return f"The {shown:,} most confident of {total:,} misclassified images {which}."
    return f"{counted(shown, 'misclassified image')} {which}."
