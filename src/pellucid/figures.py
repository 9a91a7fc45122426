"""Figures of training and evaluation: each ``plot_…`` takes data and returns a matplotlib ``Figure``.

They need no screen and leave matplotlib's own settings alone. Save one by ``figure.savefig("history.svg")``,
or see it in a notebook as it is. Beside each stands a ``…_text`` that says the same in words and numbers, for
terminals and screen readers. Where one panel is drawn, ``ax=`` draws it on axes of your own.

>>> figure = plot_history({"loss": [0.5, 0.25], "val_loss": [0.3, 0.2]})
>>> print(history_text({"loss": [0.5, 0.25], "val_loss": [0.3, 0.2]}).splitlines()[-1])
    2  0.2500    0.2000
"""

from __future__ import annotations

from pellucid.report.figures.confusion import confusion_matrix_text as confusion_matrix_text
from pellucid.report.figures.confusion import plot_confusion_matrix as plot_confusion_matrix
from pellucid.report.figures.cycles import cycles_text as cycles_text
from pellucid.report.figures.cycles import plot_cycles as plot_cycles
from pellucid.report.figures.history import history_text as history_text
from pellucid.report.figures.history import plot_history as plot_history
from pellucid.report.figures.history import plot_history_panel as plot_history_panel
from pellucid.report.figures.images import images_text as images_text
from pellucid.report.figures.images import mistakes_text as mistakes_text
from pellucid.report.figures.images import plot_images as plot_images
from pellucid.report.figures.images import plot_mistakes as plot_mistakes
from pellucid.report.figures.maps import kernels_text as kernels_text
from pellucid.report.figures.maps import maps_text as maps_text
from pellucid.report.figures.maps import plot_kernels as plot_kernels
from pellucid.report.figures.maps import plot_maps as plot_maps
from pellucid.report.figures.overlay import histories_text as histories_text
from pellucid.report.figures.overlay import plot_histories as plot_histories
from pellucid.report.figures.reliability import plot_reliability as plot_reliability
from pellucid.report.figures.reliability import reliability_text as reliability_text
from pellucid.report.figures.risk_coverage import plot_risk_coverage as plot_risk_coverage
from pellucid.report.figures.risk_coverage import risk_coverage_text as risk_coverage_text
from pellucid.report.figures.seconds import plot_seconds as plot_seconds
from pellucid.report.figures.seconds import seconds_text as seconds_text

__all__ = [
    "confusion_matrix_text",
    "cycles_text",
    "histories_text",
    "history_text",
    "images_text",
    "kernels_text",
    "maps_text",
    "mistakes_text",
    "plot_confusion_matrix",
    "plot_cycles",
    "plot_histories",
    "plot_history",
    "plot_history_panel",
    "plot_images",
    "plot_kernels",
    "plot_maps",
    "plot_mistakes",
    "plot_reliability",
    "plot_risk_coverage",
    "plot_seconds",
    "reliability_text",
    "risk_coverage_text",
    "seconds_text",
]
