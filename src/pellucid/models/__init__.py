"""Networks and model files: ``from pellucid.models import Sequential, load_model``."""

from __future__ import annotations

from pellucid.models.loading import load_model
from pellucid.models.saving import save_model
from pellucid.models.sequential import Sequential

__all__ = ["Sequential", "load_model", "save_model"]
