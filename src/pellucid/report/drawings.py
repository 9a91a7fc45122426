"""What the report shows: drawings with their captions and texts, and small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.core.wording.percents import confidence_percent
from pellucid.figures.confusion import confusion_matrix_text, plot_confusion_matrix
from pellucid.figures.cycles import cycles_text, plot_cycles
from pellucid.figures.history import history_text, plot_history_panel
from pellucid.figures.images import class_names
from pellucid.figures.maps import kernels_text, maps_text
from pellucid.figures.reliability import plot_reliability, reliability_text
from pellucid.figures.risk_coverage import plot_risk_coverage, risk_coverage_text
from pellucid.figures.seconds import plot_seconds, seconds_text
from pellucid.figures.tiles import image_colours, kernel_colours, map_colours
from pellucid.report.judgement import reliability, risk_curves
from pellucid.report.png import data_uri
from pellucid.report.svg import inline_svg

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

    from pellucid.report.rundata import RunData

SMALL = 64  # pixels of a side of a kernel or a feature map at the most
MOST_KERNELS = 64  # shown of a layer that has more


@dataclass(frozen=True)
class Plot:
    """A drawing, its caption, and the same in words and numbers."""

    svg: Markup
    caption: str
    text: str


@dataclass(frozen=True)
class Tile:
    """A small picture as a data URI, what is said where it cannot be seen, and the (word, value) below it."""

    uri: str
    alt: str
    lines: tuple[tuple[str, str], ...] = ()


def history_plots(data: RunData) -> list[Plot]:
    """Return loss and accuracy over the epochs; the accuracy over cycles with its interval."""
    columns = data.history.columns()
    text = history_text(columns, unit=data.unit) if data.history else ""
    plots = []
    if data.measured("loss"):
        plots.append(_plot(plot_history_panel(columns, "loss", unit=data.unit), "loss", "", text))
    if data.cycle_accuracy:
        n = data.configuration.dataset.counts.validation
        per_cycle = data.images_per_cycle
        figure = plot_cycles(data.cycle_accuracy, n=n, images_per_cycle=per_cycle)
        words = cycles_text(data.cycle_accuracy, n=n, images_per_cycle=per_cycle)
        plots.append(_plot(figure, "cycles", "", f"{words}\n\n{text}"))
    elif data.measured("accuracy"):
        plots.append(_plot(plot_history_panel(columns, "accuracy", unit=data.unit), "accuracy", "", text))
    return plots


def seconds_plot(data: RunData) -> Plot | None:
    """Return the seconds per epoch, where they were measured."""
    if not data.history.measured("seconds"):
        return None
    figure = plot_seconds(data.history.columns(), unit=data.unit)
    caption = (
        f"What is done only once, such as reserving memory, falls into the first {data.unit}: "
        "to compare speeds, compare the later ones."
    )
    return _plot(figure, "seconds", caption, seconds_text(data.history.columns(), unit=data.unit))


def confusion_plots(data: RunData) -> list[Plot]:
    """Return the confusion matrix of the test images, as counts and as shares of each true class."""
    if data.matrix is None:
        return []
    counts = plot_confusion_matrix(data.matrix, data.classes)
    shares = plot_confusion_matrix(data.matrix, data.classes, normalize="true")
    return [
        _plot(
            counts,
            "confusion",
            "Counts of images.",
            confusion_matrix_text(data.matrix, data.classes),
        ),
        _plot(
            shares,
            "confusion-rows",
            "Percent of each true class: a row adds up to 100.",
            confusion_matrix_text(data.matrix, data.classes, normalize="true"),
        ),
    ]


def reliability_plot(data: RunData) -> Plot | None:
    """Return the reliability diagram, where the run has kept its calibration."""
    curves = reliability(data)
    if curves is None:
        return None
    caption = "Bars are 95 % intervals: where few images are so unsure, they are long."
    return _plot(plot_reliability(*curves), "reliability", caption, reliability_text(*curves))


def risk_plot(data: RunData) -> Plot | None:
    """Return the error of accepted fields over the share accepted, where uses were judged."""
    curves = risk_curves(data)
    if not curves:
        return None
    caption = "Test images strung together by chance. No line where no error was seen."
    return _plot(plot_risk_coverage(curves), "risk", caption, risk_coverage_text(curves))


def mistake_tiles(data: RunData) -> list[Tile]:
    """Return the most confident mistakes with what was predicted and what is true."""
    mistakes = data.mistakes
    if mistakes is None:
        return []
    rows = zip(
        image_colours(mistakes.images),
        class_names(mistakes.labels, data.classes),
        class_names(mistakes.predicted, data.classes),
        mistakes.confidence.tolist(),
        strict=True,
    )
    return [
        Tile(
            data_uri(image),
            f"Test image of class {true}, predicted {predicted}",
            (("predicted", predicted), ("", confidence_percent(confidence)), ("true", true)),
        )
        for image, true, predicted, confidence in rows
    ]


def image_tiles(data: RunData) -> list[Tile]:
    """Return the first images of the data with their labels."""
    if "first_images" not in data.pictures:
        return []
    images = image_colours(data.pictures["first_images"])
    names = class_names(data.pictures["first_labels"], data.classes)
    return [
        Tile(data_uri(image), f"Image of class {name}", (("", name),))
        for image, name in zip(images, names, strict=True)
    ]


def kernel_tiles(data: RunData) -> list[Tile]:
    """Return the kernels of the first convolution."""
    if "kernels" not in data.pictures:
        return []
    return [
        Tile(data_uri(picture, largest=SMALL), f"Kernel {number}")
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
    largest = abs(kernels).max()
    which = f"The {K} kernels" if K <= MOST_KERNELS else f"The first {MOST_KERNELS} of {K} kernels"
    return (
        f"{which} of the first convolution, {R} × {S} × {C} weights each, all on one scale from "
        f"−{largest:.2f} to {largest:.2f}; {colours}."
    )


def kernels_in_words(data: RunData) -> str:
    """Return the kernels in words and numbers."""
    return kernels_text(data.pictures["kernels"])


def maps_in_words(data: RunData) -> str:
    """Return the feature maps in words and numbers."""
    return maps_text(data.pictures["maps"])


def map_tiles(data: RunData) -> list[Tile]:
    """Return what each kernel makes of the first image."""
    if "maps" not in data.pictures:
        return []
    return [
        Tile(data_uri(picture, largest=SMALL), f"Feature map {number}")
        for number, picture in enumerate(map_colours(data.pictures["maps"])[:MOST_KERNELS], start=1)
    ]


def _plot(figure: Figure, name: str, caption: str, text: str) -> Plot:
    label = text.partition("\n\n")[0].replace("\n", " ")
    return Plot(inline_svg(figure, name=name, label=label), caption, text)
