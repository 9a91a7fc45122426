"""Images with their labels: the first of a dataset, and a network's most confident mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import confidence_percent
from pellucid.core.wording.plurals import counted
from pellucid.errors import ShapeError
from pellucid.figures.style import shortened
from pellucid.figures.table import text_table
from pellucid.figures.tiles import image_colours, plot_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def plot_images(
    images: ArrayLike, labels: ArrayLike, classes: Sequence[str] | None = None, *, title: str = ""
) -> Figure:
    """Return images (N, H, W[, C]) in rows of five, each above its label or class name, below a ``title``.

    Examples
    --------
    >>> figure = plot_images(np.zeros((2, 8, 8)), [0, 1], ["cat", "dog"])
    >>> [ax.texts[0].get_text() for ax in figure.axes]
    ['cat', 'dog']
    """
    tiles = image_colours(images)
    names = class_names(labels, classes)
    _check_lengths(images=tiles, labels=names)
    return plot_tiles(tiles, [shortened(name, 18) for name in names], columns=5, title=title)


def images_text(images: ArrayLike, labels: ArrayLike, classes: Sequence[str] | None = None) -> str:
    """Return the images in words: their number and size, and the label of each.

    Examples
    --------
    >>> print(images_text(np.zeros((2, 8, 8)), [0, 1], ["cat", "dog"]))
    2 images of 8 × 8 pixels, grey. Their labels: cat, dog.
    """
    shape = np.shape(images)
    names = class_names(labels, classes)
    _check_lengths(images=image_colours(images), labels=names)
    colour = "in colour" if len(shape) == 4 and shape[-1] == 3 else "grey"
    return (
        f"{counted(shape[0], 'image')} of {shape[1]} × {shape[2]} pixels, {colour}. "
        f"Their labels: {', '.join(names)}."
    )


def plot_mistakes(
    images: ArrayLike,
    labels: ArrayLike,
    predicted: ArrayLike,
    confidence: ArrayLike,
    classes: Sequence[str] | None = None,
) -> Figure:
    """Return misclassified images with predicted class, confidence and true class.

    Parameters
    ----------
    images
        (N, H, W) or (N, H, W, C).
    labels, predicted
        The true and the predicted class of each image, (N,).
    confidence
        The probability of the predicted class, (N,).
    classes
        The names of the classes; by default their numbers.

    Examples
    --------
    >>> figure = plot_mistakes(np.zeros((1, 8, 8)), [4], [9], [0.998])
    >>> print(figure.axes[0].texts[0].get_text())
    predicted 9
    99.8 %
    true 4
    """
    tiles = image_colours(images)
    true, guess, sure = _mistakes(tiles, labels, predicted, confidence, classes)
    captions = [
        f"predicted {shortened(no)}\n{p}\ntrue {shortened(yes)}"
        for yes, no, p in zip(true, guess, sure, strict=True)
    ]
    return plot_tiles(tiles, captions, columns=5)


def mistakes_text(
    images: ArrayLike,
    labels: ArrayLike,
    predicted: ArrayLike,
    confidence: ArrayLike,
    classes: Sequence[str] | None = None,
) -> str:
    """Return the mistakes as a table; takes the arguments of :func:`plot_mistakes`.

    Examples
    --------
    >>> print(mistakes_text(np.zeros((1, 8, 8)), [4], [9], [0.998]))
    The 1 most confident mistake.
    <BLANKLINE>
    predicted  probability  true
            9       99.8 %     4
    """
    true, guess, sure = _mistakes(image_colours(images), labels, predicted, confidence, classes)
    rows = [[no, p, yes] for yes, no, p in zip(true, guess, sure, strict=True)]
    head = f"The {counted(len(rows), 'most confident mistake')}."
    return f"{head}\n\n{text_table(['predicted', 'probability', 'true'], rows)}"


def class_names(labels: ArrayLike, classes: Sequence[str] | None) -> list[str]:
    """Return the class name of each label, or the label itself if there are no names.

    Examples
    --------
    >>> class_names([1, 0], ["cat", "dog"])
    ['dog', 'cat']
    """
    return [str(label) if classes is None else str(classes[label]) for label in np.asarray(labels).tolist()]


def _mistakes(
    tiles: ArrayLike,
    labels: ArrayLike,
    predicted: ArrayLike,
    confidence: ArrayLike,
    classes: Sequence[str] | None,
) -> tuple[list[str], list[str], list[str]]:
    true, guess = class_names(labels, classes), class_names(predicted, classes)
    sure = [confidence_percent(share) for share in np.asarray(confidence, dtype=np.float64).tolist()]
    _check_lengths(images=tiles, labels=true, predicted=guess, confidence=sure)
    return true, guess, sure


def _check_lengths(**columns: ArrayLike) -> None:
    lengths = {name: len(np.asarray(column)) for name, column in columns.items()}
    if len(set(lengths.values())) > 1 or not min(lengths.values()):
        raise ShapeError(
            f"To show images, give one or more, and one of each for every image. Received: lengths={lengths}"
        )
