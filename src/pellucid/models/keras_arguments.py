"""Unknown arguments are an error, unless they are Keras's and have no effect."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pellucid.core.old_spellings import ANYTHING, AnyOf, reject_unknown

_IN_PROCESSES = dict.fromkeys(("workers", "use_multiprocessing", "max_queue_size"), ANYTHING)

# Keras's arguments that pellucid lacks, each with the value at which it has no effect
NEUTRAL: dict[str, dict[str, Any]] = {
    "compile": {
        "loss_weights": None,
        "weighted_metrics": None,
        "run_eagerly": ANYTHING,
        "steps_per_execution": ANYTHING,
        "jit_compile": ANYTHING,
        "auto_scale_loss": True,
    },
    "fit": {
        "steps_per_epoch": None,
        "validation_steps": None,
        "validation_batch_size": ANYTHING,
        "validation_freq": 1,
        **_IN_PROCESSES,
    },
    "evaluate": {"steps": None, **_IN_PROCESSES},
    "predict": {"steps": None, **_IN_PROCESSES},
}

# Of save and save_weights: what is written is the same at every value
PASSED_OVER: dict[str, Any] = {
    "overwrite": AnyOf([True, False]),
    "save_format": AnyOf([None, "tf", "h5", "keras"]),
    "zipped": AnyOf([None, True, False]),
    "save_traces": AnyOf([True, False]),
    "signatures": None,
    "options": None,
}


def reject_unknown_arguments(method: Callable[..., Any], unknown: Mapping[str, Any]) -> None:
    """Raise :class:`~pellucid.errors.UnknownNameError` for an argument that ``method`` does not have.

    Examples
    --------
    >>> from pellucid import Sequential
    >>> reject_unknown_arguments(Sequential.fit, {"validation_freq": 1})
    >>> reject_unknown_arguments(Sequential.fit, {"epoch": 3})
    Traceback (most recent call last):
    ...
    pellucid.errors.UnknownNameError: fit has no argument epoch=3: did you mean 'epochs'?
    """
    if unknown:
        parameters = inspect.signature(method).parameters.values()
        known = [one.name for one in parameters if one.kind is not one.VAR_KEYWORD and one.name != "self"]
        reject_unknown(method.__name__, unknown, known, NEUTRAL[method.__name__])
