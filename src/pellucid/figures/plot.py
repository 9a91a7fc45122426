"""The figure that plots are drawn on: a notebook shows it, although pyplot is not used."""

from __future__ import annotations

import io
import warnings

from matplotlib.figure import Figure

RESOLUTION = 150  # dots per inch


class Plot(Figure):
    """A figure that a notebook shows as a picture where it is a cell's last value."""

    def _repr_png_(self) -> bytes:
        return png(self)


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file.

    Examples
    --------
    >>> from pellucid.figures import plot_seconds
    >>> png(plot_seconds({"seconds": [1, 2]}))[1:4]
    b'PNG'
    """
    file = io.BytesIO()
    with warnings.catch_warnings():
        # Glyphs that no installed font has are drawn as boxes; the HTML report shows them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(file, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return file.getvalue()
