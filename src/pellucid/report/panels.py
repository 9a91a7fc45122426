"""The panels of a report: each declares when it is shown, its plot, its text equivalent and its caption.

The page (``report.html``) and the PNG files in a run's folder ``figures`` are both made from ``PANELS``. A
panel that the ``report.html`` template does not place gets a separate section there, under its heading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from pellucid.figures.confusion import confusion_matrix_text, plot_confusion_matrix
from pellucid.figures.cycles import cycles_text, plot_cycles
from pellucid.figures.history import history_text, plot_history, plot_history_panel
from pellucid.figures.images import images_text, mistakes_text, plot_images, plot_mistakes
from pellucid.figures.maps import kernels_text, maps_text, plot_kernels, plot_maps
from pellucid.figures.reliability import plot_reliability, reliability_text
from pellucid.figures.risk_coverage import plot_risk_coverage, risk_coverage_text
from pellucid.figures.seconds import plot_seconds, seconds_text
from pellucid.report.judgement import reliability, risk_curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from pellucid.report.rundata import RunData


@dataclass(frozen=True)
class Panel:
    """A panel for one run.

    Attributes
    ----------
    plot, text
        Functions that draw it, and that say the same in words and numbers.
    caption
        Text below the plot.
    heading
        Heading of its section, for a panel that ``report.html`` does not place.
    """

    plot: Callable[[], Figure]
    text: Callable[[], str]
    caption: str = ""
    heading: str = ""


Declaration: TypeAlias = "Callable[[RunData], Panel | None]"

PANELS: dict[str, Declaration] = {}  # by name, which is also the name of the PNG file
PAGE_ONLY = ("loss", "accuracy")  # the page shows the two halves of "history" separately
FILE_ONLY = ("history", "mistakes", "first-images", "kernels", "maps")  # the page shows these as tiles
PLACED = (*PAGE_ONLY, "cycles", "seconds", "confusion", "confusion-rows", "reliability", "risk-coverage")

MOST_IN_FILE = 20  # mistakes in the PNG file


def panel(name: str) -> Callable[[Declaration], Declaration]:
    """Add a function to the panels; it returns None for a run that lacks the panel's data."""

    def enter(declaration: Declaration) -> Declaration:
        PANELS[name] = declaration
        return declaration

    return enter


@panel("history")
def _history(data: RunData) -> Panel | None:
    if not data.history:
        return None
    columns = data.history.columns()
    return Panel(
        partial(plot_history, columns, unit=data.unit), partial(history_text, columns, unit=data.unit)
    )


def _half_of_history(data: RunData, metric: Literal["loss", "accuracy"]) -> Panel | None:
    if not data.measured(metric):
        return None
    columns = data.history.columns()
    return Panel(
        partial(plot_history_panel, columns, metric, unit=data.unit),
        partial(history_text, columns, unit=data.unit),
    )


@panel("loss")
def _loss(data: RunData) -> Panel | None:
    return _half_of_history(data, "loss")


@panel("accuracy")
def _accuracy(data: RunData) -> Panel | None:
    return None if data.cycle_accuracy else _half_of_history(data, "accuracy")


@panel("seconds")
def _seconds(data: RunData) -> Panel | None:
    if not data.history.measured("seconds"):
        return None
    columns = data.history.columns()
    caption = (
        f"The first {data.unit} includes one-time work, such as allocating memory: "
        "to compare speeds, compare the later ones."
    )
    return Panel(
        partial(plot_seconds, columns, unit=data.unit),
        partial(seconds_text, columns, unit=data.unit),
        caption,
    )


@panel("cycles")
def _cycles(data: RunData) -> Panel | None:
    if not data.cycle_accuracy:
        return None
    n, per_cycle = data.configuration.dataset.counts.validation, data.images_per_cycle

    def text() -> str:
        words = cycles_text(data.cycle_accuracy, n=n, images_per_cycle=per_cycle)
        return f"{words}\n\n{history_text(data.history.columns(), unit=data.unit)}"

    return Panel(partial(plot_cycles, data.cycle_accuracy, n=n, images_per_cycle=per_cycle), text)


@panel("confusion")
def _confusion(data: RunData) -> Panel | None:
    if data.matrix is None:
        return None
    return Panel(
        partial(plot_confusion_matrix, data.matrix, data.classes),
        partial(confusion_matrix_text, data.matrix, data.classes),
        "Counts of images.",
    )


@panel("confusion-rows")
def _confusion_rows(data: RunData) -> Panel | None:
    if data.matrix is None:
        return None
    return Panel(
        partial(plot_confusion_matrix, data.matrix, data.classes, normalize="true"),
        partial(confusion_matrix_text, data.matrix, data.classes, normalize="true"),
        "Percent of each true class: a row adds up to 100.",
    )


@panel("reliability")
def _reliability(data: RunData) -> Panel | None:
    curves = reliability(data)
    if curves is None:
        return None
    caption = "Bars are 95 % intervals: they are long where few images have that confidence."
    return Panel(partial(plot_reliability, *curves), partial(reliability_text, *curves), caption)


@panel("risk-coverage")
def _risk(data: RunData) -> Panel | None:
    curves = risk_curves(data)
    if not curves:
        return None
    caption = "Fields of randomly combined test images. No line where no errors were seen."
    return Panel(partial(plot_risk_coverage, curves), partial(risk_coverage_text, curves), caption)


@panel("mistakes")
def _mistakes(data: RunData) -> Panel | None:
    found = data.mistakes
    if found is None or not len(found.images):
        return None
    first = slice(MOST_IN_FILE)
    images, labels, predicted, confidence = (
        found.images[first],
        found.labels[first],
        found.predicted[first],
        found.confidence[first],
    )
    arguments = (images, labels, predicted, confidence, data.classes)
    return Panel(partial(plot_mistakes, *arguments), partial(mistakes_text, *arguments))


@panel("first-images")
def _first_images(data: RunData) -> Panel | None:
    if "first_images" not in data.pictures:
        return None
    images, labels = data.pictures["first_images"], data.pictures["first_labels"]
    return Panel(
        partial(plot_images, images, labels, data.classes), partial(images_text, images, labels, data.classes)
    )


@panel("kernels")
def _kernels(data: RunData) -> Panel | None:
    if "kernels" not in data.pictures:
        return None
    kernels = data.pictures["kernels"]
    return Panel(partial(plot_kernels, kernels), partial(kernels_text, kernels))


@panel("maps")
def _maps(data: RunData) -> Panel | None:
    if "maps" not in data.pictures:
        return None
    maps = data.pictures["maps"]
    return Panel(partial(plot_maps, maps), partial(maps_text, maps))
