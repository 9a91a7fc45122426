"""The errors that pellucid raises on purpose, all of one family.

    PellucidError
    ├── ArgumentError (ValueError)     a value that the call cannot use
    │   ├── ShapeError                 an array of the wrong rank or extent
    │   └── UnknownNameError           a name that is not known; the nearest one is offered
    ├── DataError (ValueError)         images or labels that cannot be trained on or judged
    │   └── DatasetError               a dataset that cannot be found, fetched or read
    ├── NotBuiltError (RuntimeError, AttributeError)   a layer or network used before its shapes are known
    ├── UnknownOperationError (TypeError)   an operation for which a visitor of networks has no rule
    ├── NonFiniteLossError (ArithmeticError)   training whose loss became NaN or infinite
    ├── FileFormatError (ValueError)   a model, checkpoint or run folder that is not one, or is damaged
    ├── OutputError (OSError)          a place that cannot be written to
    └── MissingExtraError (ImportError)        an optional package that is not installed

Catch ``PellucidError`` for all of them. Each also is the built-in error that a Python programmer would
expect. A message says what would be right and what is wrong, and ends with what arrived,
``Received: name=value``; the remedy may follow.

``PellucidNote`` is the one warning: filter it to silence what pellucid explains about a script that works.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PellucidError(Exception):
    """The family of all errors that pellucid raises on purpose."""


class ArgumentError(PellucidError, ValueError):
    """A value that the call cannot use."""


class ShapeError(ArgumentError):
    """An array of the wrong rank or extent."""


class UnknownNameError(ArgumentError):
    """A name that is not known; the message offers the nearest one that is."""


class DataError(PellucidError, ValueError):
    """Images or labels that cannot be trained on or judged."""


class DatasetError(DataError):
    """A dataset that cannot be found, fetched or read."""


class NotBuiltError(PellucidError, RuntimeError, AttributeError):
    """A layer or network used before its shapes are known; ``hasattr`` then says that they are not there."""


class UnknownOperationError(PellucidError, TypeError):
    """An operation, such as a layer of your own, for which a visitor of networks has no rule."""


class NonFiniteLossError(PellucidError, ArithmeticError):
    """Training whose loss became NaN or infinite."""


class FileFormatError(PellucidError, ValueError):
    """A model, checkpoint or run folder that is not one, or is damaged."""


class OutputError(PellucidError, OSError):
    """A place that cannot be written to."""


class MissingExtraError(PellucidError, ImportError):
    """An optional package that is not installed; the message says how to install it."""


class PellucidNote(UserWarning):
    """A note about a script that works, such as an old spelling; filter it as any warning.

    Examples
    --------
    >>> import warnings
    >>> warnings.simplefilter("ignore", PellucidNote)
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a half-sentence that offers the known name nearest to ``name``, or lists them all.

    Examples
    --------
    >>> nearest("mnist-cn", ["mnist-cnn", "mnist-relu"])
    "did you mean 'mnist-cnn'?"
    >>> nearest("MNIST-CNN", ["mnist-cnn", "mnist-relu"])
    "did you mean 'mnist-cnn'?"
    >>> nearest("horse", ["mnist-cnn", "mnist-relu"])
    "known are 'mnist-cnn', 'mnist-relu'"
    """
    names = sorted(known)
    lower = {known_name.lower(): known_name for known_name in names}
    close = [lower[name.lower()]] if name.lower() in lower else difflib.get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known are " + ", ".join(repr(known_name) for known_name in names)
