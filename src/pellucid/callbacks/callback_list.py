"""All callbacks of one training, called together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.callbacks.callback import Callback, overrides
from pellucid.callbacks.clock import EpochClock
from pellucid.callbacks.history import History
from pellucid.callbacks.logs import Logs
from pellucid.callbacks.progress import Progress
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable


class CallbackList:
    """Passes each event of training on to every callback, in order.

    Callbacks run in the order given, with two exceptions: a :class:`~pellucid.callbacks.progress.Progress`
    comes first, so that whatever others print stands below a finished line, and a
    :class:`~pellucid.callbacks.history.History` last, so that it records what others add.

    Parameters
    ----------
    callbacks
        One callback or a (nested) list of them.
    add_history, add_progbar
        Whether to add a ``History`` and a ``Progress`` where there is none.
    model
        The network that is going to be trained.
    **params
        What ``fit`` was asked for: ``epochs``, ``steps``, ``images``, ``verbose``.

    Attributes
    ----------
    clock : EpochClock
        The wall seconds of the epoch.
    wants_batches, wants_test_batches, wants_predict_batches : bool
        Whether any callback has something to do at a batch, so that a loop need not compute logs for nothing.

    Raises
    ------
    ArgumentError
        For something that is not a callback.

    Examples
    --------
    >>> callbacks = CallbackList(add_history=True, epochs=1)
    >>> callbacks.on_train_begin()
    >>> callbacks.on_epoch_begin(0)
    >>> callbacks.on_epoch_end(0, {"loss": 0.25})
    >>> callbacks.wants_batches, callbacks.history.history
    (False, {'loss': [0.25]})
    """

    def __init__(
        self,
        callbacks: Callback | Iterable[Any] | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks: list[Callback] = []
        self.clock = EpochClock()
        self.model: Any = None
        self.params = params
        for callback in _flattened(callbacks):
            self.append(callback)
        if add_history and self.history is None:
            self.append(History())
        if add_progbar and not any(isinstance(callback, Progress) for callback in self.callbacks):
            self.append(Progress(params.get("verbose", "auto")))
        self.set_model(model)
        self.set_params(params)
        self._find_who_wants_batches()

    def append(self, callback: Callback) -> None:
        """Add one more callback."""
        callback.clock = self.clock
        if self.model is not None:
            callback.set_model(self.model)
        if self.params:
            callback.set_params(self.params)
        self.callbacks.append(callback)
        self.callbacks.sort(key=lambda other: isinstance(other, History) - isinstance(other, Progress))
        self._find_who_wants_batches()

    @property
    def history(self) -> History | None:
        """The callback that records the history, if there is one."""
        return next((callback for callback in self.callbacks if isinstance(callback, History)), None)

    @property
    def shown(self) -> bool:
        """Whether any progress is shown."""
        return any(isinstance(callback, Progress) and callback.verbose for callback in self.callbacks)

    def set_model(self, model: Any) -> None:
        """Give every callback the network that is going to be trained."""
        if model is None:
            return
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params: dict[str, Any]) -> None:
        """Give every callback what ``fit`` was asked for."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def _find_who_wants_batches(self) -> None:
        self._at_train_batch = [callback for callback in self.callbacks if callback.wants_batches]
        self._at_test_batch = self._overriding("on_test_batch_begin", "on_test_batch_end")
        self._at_predict_batch = self._overriding("on_predict_batch_begin", "on_predict_batch_end")
        self.wants_batches = bool(self._at_train_batch)
        self.wants_test_batches = bool(self._at_test_batch)
        self.wants_predict_batches = bool(self._at_predict_batch)

    def _overriding(self, *hooks: str) -> list[Callback]:
        return [callback for callback in self.callbacks if overrides(callback, *hooks)]

    # Training

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback before the first epoch."""
        for callback in self.callbacks:
            callback.on_train_begin(Logs(logs or {}))
        self._find_who_wants_batches()  # a callback may know only now, as the progress line does

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback after the last epoch, with its metrics."""
        for callback in self.callbacks:
            callback.on_train_end(Logs(logs or {}))

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Call every callback before an epoch."""
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, Logs(logs or {}))
        self.clock.epoch_begins()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Call every callback after an epoch; what they add to the metrics is added to ``logs``."""
        self.clock.epoch_ends()
        shared = Logs(logs or {})
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, shared)
        if logs is not None:
            logs.update(shared)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook before a training batch."""
        for callback in self._at_train_batch:
            callback.on_train_batch_begin(batch, Logs(logs or {}))

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook after a training batch, with the running means."""
        for callback in self._at_train_batch:
            callback.on_train_batch_end(batch, Logs(logs or {}))

    # Validation and evaluation

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback before validation or ``evaluate``."""
        self.clock.test_begins()
        for callback in self.callbacks:
            callback.on_test_begin(Logs(logs or {}))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback after validation or ``evaluate``, with what was measured."""
        self.clock.test_ends()
        for callback in self.callbacks:
            callback.on_test_end(Logs(logs or {}))

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook before a batch of validation or ``evaluate``."""
        for callback in self._at_test_batch:
            callback.on_test_batch_begin(batch, Logs(logs or {}))

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook after a batch of validation or ``evaluate``."""
        for callback in self._at_test_batch:
            callback.on_test_batch_end(batch, Logs(logs or {}))

    # Prediction

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback before ``predict``."""
        for callback in self.callbacks:
            callback.on_predict_begin(Logs(logs or {}))

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Call every callback after ``predict``."""
        for callback in self.callbacks:
            callback.on_predict_end(Logs(logs or {}))

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook before a batch of ``predict``."""
        for callback in self._at_predict_batch:
            callback.on_predict_batch_begin(batch, Logs(logs or {}))

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Call those with a batch hook after a batch of ``predict``."""
        for callback in self._at_predict_batch:
            callback.on_predict_batch_end(batch, Logs(logs or {}))


def _flattened(callbacks: Callback | Iterable[Any] | None) -> list[Callback]:
    """Return the callbacks of a (nested) list in order; refuse what is not one."""
    if callbacks is None:
        return []
    if isinstance(callbacks, Callback):
        return [callbacks]
    if isinstance(callbacks, (list, tuple)):
        return [callback for part in callbacks for callback in _flattened(part)]
    kind = callbacks if isinstance(callbacks, type) else type(callbacks)
    where = f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(callbacks, type) and issubclass(callbacks, Callback):
        raise ArgumentError(f"callbacks has the class {where} itself; make one of it: {kind.__name__}(...).")
    raise ArgumentError(
        f"callbacks has an object of {where}, which is not a callback: "
        "take one of pellucid.callbacks, or a subclass of pellucid.callbacks.Callback."
    )
