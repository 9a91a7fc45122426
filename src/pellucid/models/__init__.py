"""Networks, under Keras's name for the place: ``from pellucid.models import Sequential``."""

from __future__ import annotations

from pellucid.models.loading import load_model
from pellucid.models.saving import save_model
from pellucid.models.sequential import Sequential

__all__ = ["Sequential", "load_model", "save_model"]
