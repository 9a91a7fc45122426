"""The confusion matrix: rows are the TRUE class, columns the predicted one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap, PowerNorm, to_rgb
from matplotlib.ticker import MaxNLocator

from pellucid.core.wording.percents import percent
from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.confusion import most_confused, normalize_rows
from pellucid.figures.style import LIGHT, all_shortened, axes_or_new, figure_of, plain, styled
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

# One colour from almost transparent to opaque, for light and dark paper. Zeros are not coloured. Between pale
# and full cells the opacity jumps: on the colours between, neither black nor white numbers are easy to read.
STEPS, FULL = 32, 24
FULL_FROM = FULL / (STEPS + 1)  # from here on numbers are white
OPACITIES = np.concatenate([np.linspace(0.08, 0.5, FULL), np.linspace(0.88, 1, STEPS + 1 - FULL)])
CELLS = ListedColormap([(*to_rgb(LIGHT["cell"]), opacity) for opacity in OPACITIES.tolist()])
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])  # corners of a cell, as (x, y)
MOST_BESIDE = 12  # with more classes two matrices side by side would be too small to read
MOST_NUMBERED = 20  # with more classes the numbers would not fit their cells


def plot_confusion_matrix(
    matrix: ArrayLike,
    classes: Sequence[str] | None = None,
    *,
    normalize: Literal["true"] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Figure:
    """Return a confusion matrix as coloured, numbered cells with a colour bar.

    The colour follows the square root, so that a few mistakes are visible beside many correct answers; the
    colour bar says so.

    Parameters
    ----------
    matrix
        Counts (U, U), row i for true class i, as ``pellucid.evaluation.confusion_matrix`` gives them.
    classes
        The names of the U classes; by default their numbers.
    normalize
        "true" divides each row by its sum, to percentages of each true class (the word is scikit-learn's).
    title
        Written above the matrix.

    Examples
    --------
    >>> figure = plot_confusion_matrix([[9, 1], [0, 10]], ["cat", "dog"], normalize="true")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['90.0', '10.0', '·', '100']
    """
    counts, names = _checked(matrix, classes)
    U = len(counts)
    values = counts if normalize is None else 100 * normalize_rows(counts)
    norm = colouring(values, in_percent=normalize is not None)
    with styled():
        size = 4.8 if U <= MOST_BESIDE else 7.2
        ax = axes_or_new(ax, width=size, height=size * 1.08)
        cells = ax.add_collection(_cells(values, norm))
        ax.vlines(range(U + 1), 0, U, color=LIGHT["rule"], linewidth=0.5)
        ax.hlines(range(U + 1), 0, U, color=LIGHT["rule"], linewidth=0.5)
        if U <= MOST_NUMBERED:
            _number(ax, values, norm, in_percent=normalize is not None)
        ax.set(aspect="equal", xlim=(-0.02, U + 0.02), ylim=(U + 0.02, -0.02))  # row 0 is at the top
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        at = range(0, U, max(1, U // 40))
        centres = [place + 0.5 for place in at]
        cut = all_shortened(names)
        short = [plain(cut[place]) for place in at]
        upright = max(map(len, short)) * len(short) <= 24
        ax.set_xticks(centres, short, rotation=0 if upright else 90)
        ax.set_yticks(centres, short)
        ax.set_xlabel("predicted class")
        ax.set_ylabel("true class")
        bar = figure_of(ax).colorbar(cells, ax=ax, location="bottom", fraction=0.03, pad=0.02, aspect=40)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0)
        bar.set_ticks([0, 10, 25, 50, 100] if normalize else MaxNLocator(4, integer=True))
        unit = "percent of the true class" if normalize else "images"
        bar.set_label(f"{unit}; the colour follows the square root")
        ax.set_title(title)
    return figure_of(ax)


def confusion_matrix_text(
    matrix: ArrayLike, classes: Sequence[str] | None = None, *, normalize: Literal["true"] | None = None
) -> str:
    """Return the confusion matrix in words, the most frequent confusions first, and as a table.

    Examples
    --------
    >>> print(confusion_matrix_text([[9, 1], [0, 10]], ["cat", "dog"]))
    19 of 20 right. Most often confused: cat taken for dog (1 of 10).
    Rows: true class. Columns: predicted class. Counts of images.
    <BLANKLINE>
         cat  dog
    cat    9    1
    dog    0   10
    """
    counts, names = _checked(matrix, classes)
    pairs = [
        f"{names[one.true]} taken for {names[one.predicted]} ({one.count:,} of {counts[one.true].sum():,})"
        for one in most_confused(counts, 5)
    ]
    confused = f" Most often confused: {', '.join(pairs)}." if pairs else ""
    if normalize is None:
        cells = [[f"{count}" for count in row] for row in counts]
    else:
        empty = counts.sum(axis=1) == 0
        shares = normalize_rows(counts)
        cells = [["–" if empty[i] else percent(share, 1) for share in row] for i, row in enumerate(shares)]
    unit = "Counts of images." if normalize is None else "Percentages of the true class."
    rows = [[name, *row] for name, row in zip(names, cells, strict=True)]
    return (
        f"{np.trace(counts):,} of {counts.sum():,} right.{confused}\n"
        f"Rows: true class. Columns: predicted class. {unit}\n\n{text_table(['', *names], rows)}"
    )


def _cells(values: NDArray[np.floating | np.integer], norm: PowerNorm) -> PolyCollection:
    """Return a coloured square for each non-zero value, row by row."""
    rows, columns = np.nonzero(values)
    squares = np.stack([columns, rows], axis=-1)[:, np.newaxis] + CORNERS  # (n, 1, 2) + (4, 2) -> (n, 4, 2)
    return PolyCollection(list(squares), array=values[rows, columns], cmap=CELLS, norm=norm, linewidth=0)


def _number(
    ax: Axes, values: NDArray[np.floating | np.integer], norm: PowerNorm, *, in_percent: bool
) -> None:
    """Write each cell's number; a zero is a dot, so that mistakes stand out."""
    for (row, column), value in np.ndenumerate(values):
        colour = LIGHT["on-cell" if norm(value) >= FULL_FROM else "on-pale-cell"]
        ax.text(
            column + 0.5,
            row + 0.5,
            cell_text(value, in_percent=in_percent),
            ha="center",
            va="center",
            color=colour,
            fontsize=min(13, 90 / len(values)),
            in_layout=False,  # it lies inside its cell: including it only costs time
        )


def cell_text(value: float, *, in_percent: bool = False) -> str:
    """Return the number in a cell.

    Examples
    --------
    >>> cell_text(0), cell_text(12), cell_text(4.32, in_percent=True), cell_text(100, in_percent=True)
    ('·', '12', '4.3', '100')
    """
    if value == 0:
        return "·"
    return f"{value:.1f}" if in_percent and value < 100 else f"{value:.0f}"


def colouring(values: ArrayLike, *, in_percent: bool = False) -> PowerNorm:
    """Return what gives each value its place on the colour scale, from 0 to 1.

    Examples
    --------
    >>> float(colouring([[1, 3], [0, 4]])(1))
    0.5
    """
    return PowerNorm(0.5, vmin=0, vmax=100 if in_percent else max(1, np.max(values)))


def _checked(matrix: ArrayLike, classes: Sequence[str] | None) -> tuple[NDArray[np.int64], list[str]]:
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.size == 0:
        raise ShapeError(f"A confusion matrix has shape (U, U). Received: shape={counts.shape}")
    if not np.issubdtype(counts.dtype, np.integer) or counts.min() < 0:
        raise ArgumentError(
            "A confusion matrix holds counts, integers from 0; for shares of each true class pass the counts "
            f"and normalize='true'. Received: dtype={counts.dtype}, min={counts.min()}"
        )
    names = (
        [str(number) for number in range(len(counts))] if classes is None else [str(name) for name in classes]
    )
    if len(names) != len(counts):
        raise ShapeError(
            f"A confusion matrix of {len(counts)} classes has as many names. "
            f"Received: len(names)={len(names)}"
        )
    return counts.astype(np.int64), names
