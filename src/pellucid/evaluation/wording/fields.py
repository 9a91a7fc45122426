"""How often whole fields are read right, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.evaluation.wording.values import points_text

if TYPE_CHECKING:
    from pellucid.evaluation.fields import FieldAccuracy


def field_sentence(field: FieldAccuracy) -> str:
    """Say how often a field is right by arithmetic and as measured, and how far the two are apart.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid.evaluation import field_accuracy
    >>> field_sentence(field_accuracy(np.arange(1000) < 990, 4))
    'If errors were independent, a field of 4 is right in 96.1 % (92.9 to 97.8); whether they are cannot be
    told without knowing who wrote what.'
    """
    arithmetic = (
        f"If errors were independent, a field of {field.digits} is right in {field.independent.percent()}"
    )
    if field.measured is None or field.difference is None:
        return f"{arithmetic}; whether they are cannot be told without knowing who wrote what."
    both = f"{arithmetic}; on fields by one writer it is {field.measured.percent()}"
    difference = points_text(field.difference)
    if field.difference.low > 0:
        return f"{both}: more by {difference}: errors depend on who wrote."
    if field.difference.high < 0:
        return f"{both}: different by {difference}."
    return f"{both}: a difference of {difference}, which may be noise."
