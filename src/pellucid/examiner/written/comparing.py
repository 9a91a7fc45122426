"""A network found beside the recipe that a question asks for: what agrees, what differs, and where."""

from __future__ import annotations

from collections.abc import Sequence

from pellucid.examiner.written import layer_lists
from pellucid.examiner.written.compilation import compare_compilation
from pellucid.examiner.written.findings import Finding, differs
from pellucid.examiner.written.training import compare_fit
from pellucid.examiner.written.values import Network
from pellucid.experiments import Experiment


def compare(network: Network, experiment: Experiment) -> list[Finding]:
    """Return how a network's layers, compilation and training compare with an experiment's."""
    return [*compare_layers(network, experiment), *compare_training(network, experiment)]


def compare_layers(network: Network, experiment: Experiment) -> list[Finding]:
    """Return how a network's layers compare with an experiment's."""
    wanted = layer_lists.asked(experiment.layers)
    differences = layer_lists.differences(layer_lists.found(network), wanted)
    if not differences:
        return [Finding("layers", f"The layers are those asked for: {_arrow(wanted)}.", network.line)]
    return [
        Finding("layers", one.text, one.line or network.line, None if one.weight < 0.5 else False)
        for one in differences
    ]


def distance(network: Network, experiment: Experiment) -> float:
    """Return how much a network's layers differ from an experiment's: 0 for none, 1 for each layer."""
    wanted = layer_lists.asked(experiment.layers)
    return sum(one.weight for one in layer_lists.differences(layer_lists.found(network), wanted))


def compare_training(network: Network, experiment: Experiment) -> list[Finding]:
    """Return how a network's compilation and training compare with an experiment's."""
    if network.compilation is None:
        return [differs("The network is never compiled.", network.line)]
    found = compare_compilation(network, experiment)
    if not network.fits:
        return [*found, differs("The network is never trained (no fit).", network.line)]
    return [*found, *compare_fit(network, experiment)]


def _arrow(layers: Sequence[layer_lists.Listed]) -> str:
    return " → ".join(map(str, layers))
