"""Pictures as PNG: small ones inside the report's page, the plots as files in the run folder."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pellucid.core.files import write_bytes
from pellucid.errors import OutputError
from pellucid.figures.plot import png
from pellucid.report.panels import PAGE_ONLY, PANELS
from pellucid.report.rundata import RunData

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from numpy.typing import NDArray


def data_uri(picture: NDArray[np.uint8], *, largest: int = 112, photograph: bool = False) -> str:
    """Return a picture (H, W, 3) of 0 to 255 as a data URI, at most ``largest`` pixels a side.

    It is a PNG, and grey if the picture is; a ``photograph`` that had to be reduced is a JPEG, as that is
    smaller.

    Examples
    --------
    >>> import numpy as np
    >>> data_uri(np.zeros((8, 8, 3), np.uint8))[:22]
    'data:image/png;base64,'
    """
    is_grey = (picture == picture[..., :1]).all()
    image = Image.fromarray(np.ascontiguousarray(picture[..., 0]) if is_grey else picture)
    is_reduced = max(image.size) > largest
    if is_reduced:
        image.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    kind = "jpeg" if photograph and is_reduced else "png"
    file = io.BytesIO()
    image.save(file, format=kind, optimize=True)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"


def write_figures(run_path: str | os.PathLike[str]) -> list[Path]:
    """Draw a run's plots into its ``figures`` folder as PNG files, and return their paths.

    Raises
    ------
    FileFormatError
        When it is not a run folder, or is damaged.
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
    for name, declaration in PANELS.items():
        panel = None if name in PAGE_ONLY else declaration(data)
        if panel is not None:
            paths.append(folder / f"{name}.png")
            write_bytes(paths[-1], png(panel.plot()))
    return paths
