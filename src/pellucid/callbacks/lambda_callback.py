"""A callback made of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.callbacks.callback import HOOKS, Callback
from pellucid.core.old_spellings import reject_unknown
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable


class LambdaCallback(Callback):
    """Calls the functions it is given, each at its moment.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end
        Functions with the arguments of the hook of that name: ``(epoch, logs)``, ``(logs)`` or
        ``(batch, logs)``.
    **hooks
        The same for every other hook of :class:`~pellucid.callbacks.callback.Callback`.

    Raises
    ------
    UnknownNameError
        For a hook that there is not.
    ArgumentError
        For something that cannot be called.

    Examples
    --------
    >>> callback = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
    >>> callback.on_epoch_end(0, {"loss": 0.5})
    0 0.5
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **hooks: Callable[..., Any] | None,
    ) -> None:
        reject_unknown(
            "LambdaCallback", {name: hook for name, hook in hooks.items() if name not in HOOKS}, HOOKS
        )
        hooks |= {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        }
        for name, hook in hooks.items():
            if hook is None:
                continue
            if not callable(hook):
                raise ArgumentError(f"LambdaCallback takes functions. Received: {name}={hook!r}")
            setattr(self, name, hook)
