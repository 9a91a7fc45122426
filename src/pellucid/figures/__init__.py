"""Plots of training and evaluation: each ``plot_…`` takes data and returns a matplotlib ``Figure``.

They need no screen and do not change matplotlib's settings. Save one by ``figure.savefig("history.svg")``, or
display it in a notebook. Each has a ``…_text`` that says the same in words and numbers, for terminals and
screen readers. Functions that draw one panel take ``ax=`` to draw on given axes.

Examples
--------
>>> figure = plot_history({"loss": [0.5, 0.25], "val_loss": [0.3, 0.2]})
>>> print(history_text({"loss": [0.5, 0.25], "val_loss": [0.3, 0.2]}).splitlines()[-1])
    2  0.2500    0.2000
"""

from __future__ import annotations

from pellucid.figures.bands import bands_text, plot_bands
from pellucid.figures.confusion import confusion_matrix_text, plot_confusion_matrix
from pellucid.figures.cycles import cycles_text, plot_cycles
from pellucid.figures.history import history_text, plot_history, plot_history_panel
from pellucid.figures.images import images_text, mistakes_text, plot_images, plot_mistakes
from pellucid.figures.maps import kernels_text, maps_text, plot_kernels, plot_maps
from pellucid.figures.overlay import histories_text, plot_histories
from pellucid.figures.reliability import plot_reliability, reliability_text
from pellucid.figures.risk_coverage import plot_risk_coverage, risk_coverage_text
from pellucid.figures.seconds import plot_seconds, seconds_text
from pellucid.figures.seeds import plot_seeds, seeds_text

__all__ = [
    "bands_text",
    "confusion_matrix_text",
    "cycles_text",
    "histories_text",
    "history_text",
    "images_text",
    "kernels_text",
    "maps_text",
    "mistakes_text",
    "plot_bands",
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
    "plot_seeds",
    "reliability_text",
    "risk_coverage_text",
    "seconds_text",
    "seeds_text",
]
