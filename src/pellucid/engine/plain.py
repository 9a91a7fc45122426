"""The plain engine: the textbook functions of :mod:`pellucid.functions`, unchanged."""

from __future__ import annotations

from functools import partial

from pellucid.engine.staged import StagedEngine
from pellucid.fast.forms import forms_for

PLAIN = StagedEngine(
    "plain",
    "The functions of pellucid.functions, as they stand there to be read.",
    "The same bits every time, on any number of threads. The reference for the other engines.",
    forms=partial(forms_for, "plain"),
)
