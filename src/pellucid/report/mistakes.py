"""The mistakes in a report: each with its picture and two guesses, sorted and filtered without a script.

A link to ``#mistakes-3-8`` shows the images of class 3 read as 8 alone, ``#mistakes-of-3`` those of class 3.
The page has a paragraph of that id above the list, and a CSS rule that hides the others while the paragraph
is the target of the address.
"""

from __future__ import annotations

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
    if mistakes is None or not len(mistakes.images):
        return MistakeList([], "", [])
    shown = list(_shown(mistakes, data.classes))
    return MistakeList(shown, _words(len(shown), mistakes), _filters(shown))


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


def _filters(shown: list[Mistake]) -> list[Filter]:
    names = {one.label: one.true for one in shown} | {one.predicted: one.first for one in shown}
    pairs = sorted({(one.label, one.predicted) for one in shown})
    of_class = [
        Filter(f"mistakes-of-{label}", f"Images of class {names[label]}.", f".t{label}")
        for label in sorted({label for label, _ in pairs})
    ]
    as_class = [
        Filter(f"mistakes-as-{predicted}", f"Images read as {names[predicted]}.", f".p{predicted}")
        for predicted in sorted({predicted for _, predicted in pairs})
    ]
    return [
        *of_class,
        *as_class,
        *(
            Filter(
                f"mistakes-{label}-{predicted}",
                f"Images of class {names[label]} read as {names[predicted]}.",
                f".t{label}.p{predicted}",
            )
            for label, predicted in pairs
        ),
    ]
