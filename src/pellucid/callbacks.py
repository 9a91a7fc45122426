"""Callbacks by their Keras names: ``from pellucid.callbacks import EarlyStopping``."""

from __future__ import annotations

from pellucid.training.callbacks.callback import Callback
from pellucid.training.callbacks.callback_list import CallbackList
from pellucid.training.callbacks.csv_logger import CSVLogger
from pellucid.training.callbacks.early_stopping import EarlyStopping
from pellucid.training.callbacks.lambda_callback import LambdaCallback
from pellucid.training.callbacks.learning_rate_scheduler import LearningRateScheduler
from pellucid.training.callbacks.model_checkpoint import ModelCheckpoint
from pellucid.training.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from pellucid.training.callbacks.terminate_on_nan import TerminateOnNaN
from pellucid.training.history import History
from pellucid.training.progress import Progress

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
