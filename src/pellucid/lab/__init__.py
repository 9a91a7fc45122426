"""The whole lab in one document: each question, its code, its plots, and an answer made from its results.

:func:`pellucid.lab.writing.write_lab` writes it. The names below are those that the notebook's cells import.
"""

from __future__ import annotations

from pellucid.lab.adapters import generalisation, halves, network_inputs, one_layer, predictions
from pellucid.lab.figures import plot_compared, plot_landscape, plot_receptive_fields, plot_slope
from pellucid.lab.filter_curve import plot_filters
from pellucid.lab.networks import multiplications, receptive_fields
from pellucid.lab.panels import plot_histograms, plot_panels
from pellucid.lab.recipes import console_text
from pellucid.lab.trainings import training

__all__ = [
    "console_text",
    "generalisation",
    "halves",
    "multiplications",
    "network_inputs",
    "one_layer",
    "plot_compared",
    "plot_filters",
    "plot_histograms",
    "plot_landscape",
    "plot_panels",
    "plot_receptive_fields",
    "plot_slope",
    "predictions",
    "receptive_fields",
    "training",
]
