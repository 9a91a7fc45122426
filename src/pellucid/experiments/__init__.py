"""Experiments: declarations of networks, data and training; :mod:`pellucid.runs` runs them.

>>> from pellucid.experiments import find
>>> find("digits-cnn-64").dataset
'digits'
"""

from __future__ import annotations

from pellucid.experiments.catalogue import EXPERIMENTS, find, names
from pellucid.experiments.experiment import Experiment, Reported, Split

__all__ = [
    "EXPERIMENTS",
    "Experiment",
    "Reported",
    "Split",
    "find",
    "names",
]
