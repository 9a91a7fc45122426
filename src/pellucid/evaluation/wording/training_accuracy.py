"""Why two training accuracies cannot be compared, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.evaluation.training_accuracy import training_measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEASURED = {
    "running mean": "is a running mean over the epoch, with dropout on and the weights still moving",
    "after the epoch": "was measured after the epoch",
    None: "was not recorded",
}


def training_accuracies_differ_in_kind(
    a: str, history_a: Mapping[str, Sequence[float]], b: str, history_b: Mapping[str, Sequence[float]]
) -> str | None:
    """Say why the training accuracies of two histories are not comparable; None where they are.

    Examples
    --------
    >>> training_accuracies_differ_in_kind("A", {"accuracy": [0.9]}, "B", {"train_accuracy": [0.94]})
    'The training accuracies of A and B are not comparable: that of A is a running mean over the epoch, with
    dropout on and the weights still moving; that of B was measured after the epoch.'
    """
    kind_a, kind_b = training_measure(history_a), training_measure(history_b)
    if kind_a == kind_b and kind_a is not None:
        return None
    return (
        f"The training accuracies of {a} and {b} are not comparable: that of {a} {MEASURED[kind_a]}; "
        f"that of {b} {MEASURED[kind_b]}."
    )
