"""Pictures as PNG: small ones inside the report's page, the figures as files in the run folder."""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image

from pellucid.core.files import write_bytes
from pellucid.errors import OutputError
from pellucid.figures.confusion import plot_confusion_matrix
from pellucid.figures.cycles import plot_cycles
from pellucid.figures.history import plot_history
from pellucid.figures.images import plot_images, plot_mistakes
from pellucid.figures.maps import plot_kernels, plot_maps
from pellucid.figures.reliability import plot_reliability
from pellucid.figures.risk_coverage import plot_risk_coverage
from pellucid.figures.seconds import plot_seconds
from pellucid.report.judgement import reliability, risk_curves
from pellucid.report.rundata import RunData

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

RESOLUTION = 150  # dots per inch of the figures


def data_uri(picture: NDArray[np.uint8], *, largest: int = 112) -> str:
    """Return a picture (H, W, 3) of 0 to 255 as a PNG inside a URI, so many pixels a side at the most.

    Examples
    --------
    >>> import numpy as np
    >>> data_uri(np.zeros((8, 8, 3), np.uint8))[:22]
    'data:image/png;base64,'
    """
    image = Image.fromarray(picture)
    if max(image.size) > largest:
        image.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def write_figures(run_path: str | os.PathLike[str]) -> list[Path]:
    """Draw the plots of a run folder into its ``figures`` folder as PNG, and return their paths.

    Raises
    ------
    FileFormatError
        When it is no run folder, or damaged.
    OutputError
        When the plots cannot be written.
    """
    data = RunData.read(run_path)
    folder = data.folder.path / "figures"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error
    paths = []
    for name, figure in _figures(data):
        paths.append(folder / f"{name}.png")
        write_bytes(paths[-1], png(figure))
    return paths


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file.

    Examples
    --------
    >>> png(plot_seconds({"seconds": [1, 2]}))[1:4]
    b'PNG'
    """
    file = io.BytesIO()
    with warnings.catch_warnings():
        # A class name in a script that no installed typeface has is drawn as boxes; the report shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(file, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return file.getvalue()


def _figures(data: RunData) -> Iterator[tuple[str, Figure]]:
    """Yield each figure that the run has the data for, with the name of its file."""
    classes, pictures, mistakes = data.classes, data.pictures, data.mistakes
    if data.history:
        yield "history", plot_history(data.history.columns(), unit=data.unit)
        if data.history.measured("seconds"):
            yield "seconds", plot_seconds(data.history.columns(), unit=data.unit)
    if data.cycle_accuracy:
        n = data.configuration.dataset.counts.validation
        yield "cycles", plot_cycles(data.cycle_accuracy, n=n, images_per_cycle=data.images_per_cycle)
    if data.matrix is not None:
        yield "confusion", plot_confusion_matrix(data.matrix, classes)
        yield "confusion-rows", plot_confusion_matrix(data.matrix, classes, normalize="true")
    curves = reliability(data)
    if curves is not None:
        yield "reliability", plot_reliability(*curves)
    risks = risk_curves(data)
    if risks:
        yield "risk-coverage", plot_risk_coverage(risks)
    if mistakes is not None and len(mistakes.images):
        yield (
            "mistakes",
            plot_mistakes(mistakes.images, mistakes.labels, mistakes.predicted, mistakes.confidence, classes),
        )
    if "first_images" in pictures:
        yield "first-images", plot_images(pictures["first_images"], pictures["first_labels"], classes)
    if "kernels" in pictures:
        yield "kernels", plot_kernels(pictures["kernels"])
    if "maps" in pictures:
        yield "maps", plot_maps(pictures["maps"])
