"""Networks and model files: ``from pellucid.models import Sequential, load_model``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.keras.modules import lacking
from pellucid.models.loading import load_model
from pellucid.models.saving import save_model
from pellucid.models.sequential import Sequential

__all__ = ["Sequential", "load_model", "save_model"]

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
