"""The history of a training: every metric of every epoch."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.epoch_table import number
from pellucid.callbacks.logs import Logs
from pellucid.core.html_output import Html, history_curves, html_table, paragraph, titled
from pellucid.core.wording.plurals import counted


class History(Callback):
    """What ``fit`` returns: every metric that was measured, a list over the epochs for each.

    As in Keras, ``loss`` and ``accuracy`` are running means over the batches of the epoch, while the weights
    move and dropout is on; ``val_…`` metrics are measured after the epoch with the weights at rest. So the
    two are not measured alike, and validation may well look better than training.

    Attributes
    ----------
    history : dict of str to list
        The metrics by Keras's names; ``history["acc"]`` finds ``"accuracy"`` too, and the reverse.
    epoch : list of int
        The epochs done, counted from 0.
    seconds, validation_seconds : list of float
        Wall seconds of each epoch spent training and spent measuring. The first epoch carries what is done
        only once, so compare later ones.
    params, model
        What ``fit`` was asked for, and the network.

    Examples
    --------
    >>> history = History()
    >>> history.on_epoch_end(0, {"loss": 0.5, "accuracy": 0.75})
    >>> history.on_epoch_end(1, {"loss": 0.25, "accuracy": 0.875})
    >>> history.history["loss"], history.epoch
    ([0.5, 0.25], [0, 1])
    """

    def __init__(self) -> None:
        self.history: Logs[list[Any]] = Logs()
        self.epoch: list[int] = []
        self.seconds: list[float] = []
        self.validation_seconds: list[float] = []

    def __repr__(self) -> str:
        """Return the history in a line: its epochs and the metrics of the last one."""
        last = [f"{name} {number(values[-1])}" for name, values in self.history.items() if values]
        epochs = counted(len(self.epoch), "epoch")
        return f"<{', '.join([f'History of {epochs}', *last])}>"

    def _repr_html_(self) -> str:
        """Return the curves and the metrics of the last and the best epoch, as a notebook shows them."""
        columns = {
            name: values
            for name, values in self.history.items()
            if values and all(isinstance(value, (int, float)) for value in values)
        }
        names = [name for name in self.history if not name.startswith(("val_", "train_"))]
        plots = [history_curves(name, columns) for name in names if name != "learning_rate"]
        rows = [
            [name, number(values[-1]), number(min(values)), number(max(values))]
            for name, values in columns.items()
        ]
        more = "Larger: pellucid.figures.plot_history(history)"
        return titled(
            f"{counted(len(self.epoch), 'epoch')}",
            Html(f"<div>{''.join(plots)}</div>"),
            html_table(["metric", "last", "lowest", "highest"], rows, "lrrr"),
            paragraph(more),
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Record the metrics and the seconds of this epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(_plain(value))
        if self.clock is not None:
            self.seconds.append(self.clock.training)
            self.validation_seconds.append(self.clock.validation)


def _plain(value: Any) -> Any:
    """Return a NumPy number as the Python one, which can be written to JSON."""
    return value.item() if isinstance(value, np.generic) else value
