"""The NumPy engine: fast forms of convolutions and dense layers in NumPy alone."""

from __future__ import annotations

from functools import partial

from pellucid.engine.staged import StagedEngine
from pellucid.fast.forms import forms_for

NUMPY = StagedEngine(
    "numpy",
    "Fast forms in NumPy, such as Winograd's convolution.",
    "The same bits every time, on any number of threads; the last bits differ from those of other engines.",
    forms=partial(forms_for, "numpy"),
)
