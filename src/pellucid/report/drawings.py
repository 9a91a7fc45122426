"""The report's plots with their captions and texts, and small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.figures.images import class_names
from pellucid.figures.table import two_digits
from pellucid.figures.tiles import image_colours, kernel_colours, map_colours
from pellucid.report.panels import FILE_ONLY, PANELS, PLACED
from pellucid.report.png import data_uri
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from markupsafe import Markup

    from pellucid.report.rundata import RunData

SMALL = 64  # maximal side of a kernel or a feature map, in pixels
MOST_KERNELS = 64  # maximal number of kernels shown


@dataclass(frozen=True)
class Plot:
    """A plot, its caption, its content in words and numbers, and the heading of its section, if any."""

    svg: Markup
    caption: str
    text: str
    heading: str = ""


@dataclass(frozen=True)
class Tile:
    """A small picture as a data URI, its alternative text, and the (label, value) pairs below it."""

    uri: str
    alt: str
    lines: tuple[tuple[str, str], ...] = ()


def history_plots(data: RunData) -> list[Plot]:
    """Return loss and accuracy over the epochs; accuracy over cycles has its interval."""
    return _plots(data, "loss", "cycles", "accuracy")


def further_plots(data: RunData) -> list[Plot]:
    """Return the panels that the page does not place by name."""
    return _plots(data, *(name for name in PANELS if name not in (*PLACED, *FILE_ONLY)))


def plot(data: RunData, name: str) -> Plot | None:
    """Return a panel as a plot; None if the run lacks its data."""
    panel = PANELS[name](data)
    if panel is None:
        return None
    text = panel.text()
    label = text.partition("\n\n")[0].replace("\n", " ")
    return Plot(inline_svg(panel.plot(), name=name, label=label), panel.caption, text, panel.heading)


def _plots(data: RunData, *names: str) -> list[Plot]:
    return [drawn for name in names if (drawn := plot(data, name)) is not None]


def has(data: RunData, name: str) -> bool:
    """Return whether the run has what the panel called ``name`` shows."""
    return PANELS[name](data) is not None


def image_tiles(data: RunData) -> list[Tile]:
    """Return the first images of the data with their labels."""
    if not has(data, "first-images"):
        return []
    images = image_colours(data.pictures["first_images"])
    names = class_names(data.pictures["first_labels"], data.classes)
    return [
        Tile(data_uri(image), f"Image of class {name}", (("", name),))
        for image, name in zip(images, names, strict=True)
    ]


def kernel_tiles(data: RunData) -> list[Tile]:
    """Return the kernels of the first convolution."""
    if not has(data, "kernels"):
        return []
    return [
        Tile(data_uri(picture, largest=SMALL), f"Kernel {number}", ((f"{number}", ""),))
        for number, picture in enumerate(kernel_colours(data.pictures["kernels"])[:MOST_KERNELS], start=1)
    ]


def kernels_legend(data: RunData) -> str:
    """Return what the colours of the kernels mean, and their scale."""
    kernels = data.pictures["kernels"]
    R, S, C, K = kernels.shape
    colours = (
        "shown as colours: grey is a weight of 0 in all three channels"
        if C == 3
        else "orange for negative weights, purple for positive ones, white for 0"
    )
    which = f"The {K} kernels" if K <= MOST_KERNELS else f"The first {MOST_KERNELS} of {K} kernels"
    return (
        f"{which} of the first convolution, {R} × {S} × {C} weights each; {colours}. Each has its own scale: "
        "the strongest colour is its largest weight."
    )


def in_words(data: RunData, name: str) -> str:
    """Return the content of a panel in words and numbers; "" if the run lacks its data."""
    panel = PANELS[name](data)
    return "" if panel is None else panel.text()


def map_tiles(data: RunData) -> list[Tile]:
    """Return the feature map of each kernel for the first image."""
    if not has(data, "maps"):
        return []
    maps = data.pictures["maps"]
    return [
        Tile(data_uri(picture, largest=SMALL), f"Feature map {number}", ((f"{number}", two_digits(highest)),))
        for number, (picture, highest) in enumerate(
            zip(map_colours(maps)[:MOST_KERNELS], maps.max(axis=(0, 1)).tolist(), strict=False), start=1
        )
    ]
