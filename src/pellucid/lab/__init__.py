"""The whole lab in one document: each question, what was run, the figures, and an answer made from them.

What the cells of its notebook import from here is below; :func:`pellucid.lab.writing.write_lab` makes it all.
"""

from __future__ import annotations

from pellucid.lab.reading import generalisation as generalisation
from pellucid.lab.reading import halves as halves
from pellucid.lab.reading import predictions as predictions
from pellucid.lab.runs import training as training

__all__ = ["generalisation", "halves", "predictions", "training"]
