"""The metrics of an epoch by name, found under the names of older Keras too."""

from __future__ import annotations

import difflib
from typing import Any, TypeVar, overload

from pellucid.core.old_spellings import explain_once

Value = TypeVar("Value")
Default = TypeVar("Default")

_PREFIXES = ("val_", "train_")
_SPELLINGS = {"acc": "accuracy", "accuracy": "acc", "lr": "learning_rate", "learning_rate": "lr"}


class Logs(dict[str, Value]):
    """A dict of metrics by name that finds them by their other spelling too, and explains that once.

    ``acc`` and ``accuracy`` are one metric, ``lr`` and ``learning_rate`` another, with or without ``val_`` or
    ``train_`` before them: Keras changed its mind about their names in 2019 and in 2023. What is stored,
    listed and counted are the names as they are; only looking up (``logs[name]``, ``logs.get(name)``) is
    lenient.

    Raises
    ------
    KeyError
        For a metric that is not there; the message names the nearest, and those there are.

    Examples
    --------
    >>> logs = Logs(loss=0.5, accuracy=0.75)
    >>> logs["accuracy"], logs.get("val_loss"), sorted(logs)
    (0.75, None, ['accuracy', 'loss'])
    """

    def __missing__(self, name: str) -> Value:
        other = _other_spelling(name)
        if other not in self:
            raise KeyError(missing(name, self))
        explain_once(
            f"metric {name}",
            f"The metric asked for as {name!r} is recorded as {other!r}; both names are understood.",
        )
        return self[other]

    @overload
    def get(self, name: str, default: None = None, /) -> Value | None: ...
    @overload
    def get(self, name: str, default: Value, /) -> Value: ...
    @overload
    def get(self, name: str, default: Default, /) -> Value | Default: ...
    def get(self, name: str, default: Any = None, /) -> Any:
        """Return the metric called ``name``, in either spelling, or ``default``."""
        return self[name] if name in self or _other_spelling(name) in self else default


def missing(name: str, logs: dict[str, Any]) -> str:
    """Return a sentence saying that ``logs`` has no metric ``name``, what it has, and the nearest.

    Examples
    --------
    >>> missing("val_los", {"loss": 0.5, "val_loss": 0.6})
    "there is no metric 'val_los' (did you mean 'val_loss'?) among 'loss', 'val_loss'"
    >>> missing("val_loss", {"loss": 0.5})
    "there is no metric 'val_loss' (nothing was measured on validation data) among 'loss'"
    """
    if not logs:
        return f"there is no metric {name!r}: none was measured"
    close = difflib.get_close_matches(name, logs, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    if name.startswith("val_") and not any(known.startswith("val_") for known in logs):
        hint = " (nothing was measured on validation data)"
    return f"there is no metric {name!r}{hint} among " + ", ".join(repr(known) for known in logs)


def _other_spelling(name: str) -> str:
    """Return what another age of Keras called this metric, or '' for a name that never changed."""
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")
    other = _SPELLINGS.get(name.removeprefix(prefix))
    return prefix + other if other else ""
