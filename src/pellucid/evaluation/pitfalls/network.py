"""Pitfalls in the network: no non-linearity, softmax twice or not at all, units that are always zero.

Networks are read from their configuration, a list of ``{"class_name": …, "config": {…}}`` as Keras writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.errors import UnknownOperationError
from pellucid.evaluation.pitfalls.finding import Finding
from pellucid.graph.configuration import described_operations
from pellucid.graph.facts.linearity import Linearity, all_linear, linearity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from pellucid.graph.configuration import DescribedOperation

CROSS_ENTROPIES = {"categoricalcrossentropy", "sparsecategoricalcrossentropy"}

# Sound training leaves up to a quarter of a rectified layer at zero (digits, Adam); half of it is a fault.
DEAD_SHARE, LEAST_IMAGES = 0.5, 100


def only_linear(layers: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Find a network whose hidden layers are all linear: together they are one linear layer.

    :mod:`pellucid.evaluation.pitfalls.collapse` works that layer out. Where this depends on a layer of the
    user's own, the finding says that it is not known.

    Examples
    --------
    >>> hidden = {"class_name": "Dense", "config": {"units": 256, "activation": "linear"}}
    >>> output = {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}
    >>> [finding] = only_linear([hidden, output])
    >>> print(finding.evidence)
    All 2 layers with weights are linear up to the output's softmax: Dense, Dense.
    """
    operations = _up_to_the_softmax(described_operations(layers))
    try:
        if not all_linear(operations):
            return []
    except UnknownOperationError as error:
        return [_linearity_not_known(str(error))] if len(operations) > 1 else []
    weighted = [one.class_name for one in operations if linearity(one) is Linearity.WEIGHTED]
    if len(weighted) < 2:
        return []
    return [
        Finding(
            "only-linear",
            "All hidden layers are linear, so the network can do no more than a single linear layer.",
            f"All {len(weighted)} layers with weights are linear up to the output's softmax: "
            f"{', '.join(weighted)}.",
            "Give the hidden layers a non-linear activation, such as activation='relu'.",
        )
    ]


def _up_to_the_softmax(operations: list[DescribedOperation]) -> list[DescribedOperation]:
    """Return the operations without those that only bring the last weighted sums into form."""
    kept = list(operations)
    while kept and (kept[-1].kind == "softmax" or _is_plainly_linear(kept[-1])):
        kept.pop()
    return kept


def _is_plainly_linear(operation: DescribedOperation) -> bool:
    try:
        return linearity(operation) is Linearity.LINEAR
    except UnknownOperationError:
        return False  # then all_linear says so


def _linearity_not_known(reason: str) -> Finding:
    return Finding(
        "linearity-not-known",
        "All other layers are linear; whether the network can do more than a single linear layer depends on "
        "a layer of your own.",
        f"{reason}.",
        "If your layer computes what one of pellucid's does, name its kind in your class: kind = Dense.kind.",
    )


def softmax_and_loss(layers: Sequence[Mapping[str, Any]], loss: str | Mapping[str, Any]) -> list[Finding]:
    """Find softmax applied twice, or not at all, on the way to a cross-entropy loss.

    ``loss`` is a name, or ``{"class_name": …, "config": {"from_logits": …}}``.

    Examples
    --------
    >>> output = {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}
    >>> loss = {"class_name": "CategoricalCrossentropy", "config": {"from_logits": True}}
    >>> [finding] = softmax_and_loss([output], loss)
    >>> print(finding.code)
    softmax-twice
    """
    name = loss if isinstance(loss, str) else str(loss.get("class_name", ""))
    from_logits = False if isinstance(loss, str) else bool(loss.get("config", {}).get("from_logits", False))
    if name.replace("_", "").lower() not in CROSS_ENTROPIES:
        return []
    operations = described_operations(layers)
    times = sum(operation.kind == "softmax" for operation in operations) + from_logits
    where = (
        f"The network has softmax {_times(times - from_logits)}, and {name} has from_logits={from_logits}."
    )
    if times > 1:
        return [
            Finding(
                "softmax-twice",
                "Softmax is applied more than once, which flattens probabilities and gradients.",
                where,
                "Keep one: softmax as the last activation with from_logits=False, or neither and True.",
            )
        ]
    if times == 0 and operations and operations[-1].kind == "own":
        return [_softmax_not_known(operations[-1])]
    if times == 0:
        return [
            Finding(
                "softmax-missing",
                "The loss takes the network's outputs for probabilities, and nothing makes them such.",
                where,
                "End the network with activation='softmax', or give the loss from_logits=True.",
            )
        ]
    return []


def _softmax_not_known(last: DescribedOperation) -> Finding:
    return Finding(
        "softmax-not-known",
        "The loss takes the network's outputs for probabilities; whether they are is not known.",
        f"The network ends in a layer of your own, {last.name!r} ({last.class_name}).",
        "If your layer does not make probabilities, give the loss from_logits=True.",
    )


def dead_units(activations: Mapping[str, npt.ArrayLike]) -> list[Finding]:
    """Find layers in which half of the units or more are zero whatever image comes in.

    Parameters
    ----------
    activations
        A layer's name to its outputs after rectification, (N, …, U), for 100 images or more.

    Examples
    --------
    >>> outputs = np.ones((200, 8))
    >>> outputs[:, :6] = 0
    >>> [finding] = dead_units({"dense": outputs})
    >>> print(finding.evidence)
    6 of the 8 units of dense are zero on all 200 images.
    """
    findings = []
    for name, of_layer in activations.items():
        outputs = np.asarray(of_layer)
        if outputs.ndim < 2 or len(outputs) < LEAST_IMAGES:
            continue
        dead = int((outputs.reshape(-1, outputs.shape[-1]) <= 0).all(axis=0).sum())  # (N, …, U) -> (N·…, U)
        if dead / outputs.shape[-1] >= DEAD_SHARE:
            findings.append(
                Finding(
                    "dead-units",
                    f"Units of {name} are dead: they give zero, get no gradient, and will not recover.",
                    f"{dead} of the {outputs.shape[-1]} units of {name} are zero on all {len(outputs):,} "
                    "images.",
                    "Lower the learning rate, scale the inputs, or start from other weights.",
                )
            )
    return findings


def _times(times: int) -> str:
    return {0: "nowhere", 1: "once", 2: "twice"}.get(times, f"{times} times")
