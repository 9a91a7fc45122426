"""Which of the networks found is meant by which question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pellucid.examiner.written.comparing import distance
from pellucid.examiner.written.values import Data, Network
from pellucid.experiments import find

EXPERIMENTS = (
    *("mnist-linear", "mnist-relu", "mnist-cnn", "mnist-cnn-dropout", "cifar10-cnn"),
    *("digits-cnn", "digits-cnn-64", "digits-perceptron"),
)
FARTHEST = 0.6  # of an experiment's layers: a network that differs more is another one
UNDER_ITS_HEADING = 1.5  # layers that a network may differ more where it stands under its question


def assign(networks: Sequence[Network], hints: Mapping[int, str]) -> dict[str, Network]:
    """Return the network meant for each experiment: the nearest first, each network for one experiment.

    A network is meant only for the experiment that it is nearest to. ``hints`` names, for the place of a
    network in the list, the experiment of the question under whose heading it stands.
    """
    pairs = []
    for order, network in enumerate(networks):
        off = {name: _distance(network, name, hints.get(order, "")) for name in EXPERIMENTS}
        near = {name: one for name, one in off.items() if one is not None}
        least = min(near.values(), default=0.0)
        for name, one in near.items():
            if one == least:
                pairs.append((one, -len(network.fits), EXPERIMENTS.index(name), order, name))
    found: dict[str, Network] = {}
    taken: set[int] = set()
    for *_, order, name in sorted(pairs):
        if name not in found and order not in taken:
            found[name] = networks[order]
            taken.add(order)
    return found


def dataset_of(network: Network) -> str:
    """Return the dataset that a network is trained on, or tested on; "" where the text does not tell."""
    images = [fit.arguments.get("x") for fit in network.fits]
    images += [one.images for one in network.evaluations]
    return next((one.dataset for one in images if isinstance(one, Data)), "")


def _distance(network: Network, name: str, hint: str) -> float | None:
    """Return how far a network is from an experiment; None where it cannot be meant."""
    experiment = find(name)
    dataset = dataset_of(network)
    if not network.layers or (dataset and dataset != experiment.dataset):
        return None
    off = distance(network, experiment)
    hinted = hint == name
    farthest = FARTHEST * len(experiment.layers) + (UNDER_ITS_HEADING if hinted else 0)
    if off > farthest or (not dataset and name.startswith("digits") and not hinted and off > 0):
        return None
    return off - (UNDER_ITS_HEADING if hinted else 0)
