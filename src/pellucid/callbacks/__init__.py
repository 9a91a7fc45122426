"""Callbacks: what runs at the beginning and end of training, of an epoch, of a batch. One a file.

Keras's names: ``from pellucid.callbacks import EarlyStopping``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.callback_list import CallbackList
from pellucid.callbacks.csv_logger import CSVLogger
from pellucid.callbacks.early_stopping import EarlyStopping
from pellucid.callbacks.history import History
from pellucid.callbacks.lambda_callback import LambdaCallback
from pellucid.callbacks.learning_rate_scheduler import LearningRateScheduler
from pellucid.callbacks.model_checkpoint import ModelCheckpoint
from pellucid.callbacks.progress import Progress
from pellucid.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from pellucid.callbacks.terminate_on_nan import TerminateOnNaN
from pellucid.core.keras.modules import lacking

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "Progress",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
