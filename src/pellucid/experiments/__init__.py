"""Experiments: declarations of what is trained on what, and the one function that runs them.

>>> from pellucid.experiments import find
>>> find("digits-cnn-64").dataset
'digits'
"""

from __future__ import annotations

from pellucid.experiments.catalogue import EXPERIMENTS, find, names
from pellucid.experiments.experiment import Experiment, Reported, Split
from pellucid.experiments.running import resume, run
from pellucid.experiments.seeds import run_seeds
from pellucid.experiments.settings import Settings

__all__ = [
    "EXPERIMENTS",
    "Experiment",
    "Reported",
    "Settings",
    "Split",
    "find",
    "names",
    "resume",
    "run",
    "run_seeds",
]
