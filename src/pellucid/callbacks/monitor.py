"""The base of the callbacks that watch one metric."""

from __future__ import annotations

import math
import warnings
from typing import Any

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.logs import Logs, missing
from pellucid.core.arguments import real_number
from pellucid.errors import ArgumentError, UnknownNameError, nearest

_MODES = ("auto", "min", "max")
_FALLING = ("loss", "crossentropy", "error", "mse", "mae")
_RISING = ("acc", "accuracy", "precision", "recall", "auc", "f1_score")


class Monitor(Callback):
    """Watches one metric and knows when it has become better.

    Parameters
    ----------
    monitor
        The name of the metric, such as ``"val_loss"``.
    mode
        ``"min"`` where lower is better, ``"max"`` where higher is; ``"auto"`` goes by the name: a loss or an
        error should fall, an accuracy rise.
    min_delta
        The least change that counts as better.

    Raises
    ------
    UnknownNameError
        For another mode.
    ArgumentError
        Where the mode is ``"auto"`` and the name says neither.

    Examples
    --------
    >>> monitor = Monitor("val_accuracy", min_delta=0.01)
    >>> monitor.improves(0.905, on=0.9), monitor.improves(0.92, on=0.9), monitor.improves(0.5, on=None)
    (False, True, True)
    """

    def __init__(self, monitor: str = "val_loss", mode: str = "auto", min_delta: float = 0.0) -> None:
        if mode not in _MODES:
            raise UnknownNameError(f"{type(self).__name__} has no mode {mode!r}: {nearest(mode, _MODES)}")
        self.monitor = monitor
        self.mode = mode
        self.min_delta = abs(real_number(type(self).__name__, "min_delta", min_delta))
        self._rising = self._should_rise()

    def improves(self, metric: float, on: float | None) -> bool:
        """Return whether ``metric`` is better than ``on`` by more than ``min_delta``.

        Anything is better than nothing (None) and than NaN; NaN is never better.
        """
        if math.isnan(metric):
            return False
        if on is None or math.isnan(on):
            return True
        return metric - self.min_delta > on if self._rising else metric + self.min_delta < on

    def watched(self, logs: dict[str, Any] | None, consequence: str) -> float | None:
        """Return the watched metric, or None with a warning of the ``consequence`` where it is missing."""
        metrics: Logs[float] = Logs(logs or {})
        metric = metrics.get(self.monitor)
        if metric is None:
            warnings.warn(
                f"{type(self).__name__} {consequence}: {missing(self.monitor, metrics)}.", stacklevel=2
            )
        return metric

    def _should_rise(self) -> bool:
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_").removeprefix("train_")
        if name in _RISING or name.endswith("_accuracy"):
            return True
        if name.endswith(_FALLING):
            return False
        raise ArgumentError(
            f"{type(self).__name__} cannot know from its name whether the metric should fall or rise: "
            f"say mode='min' or mode='max'. Received: monitor={self.monitor!r}"
        )
