"""What ``compile`` is given, beside what a recipe asks for: optimizer, loss and metrics."""

from __future__ import annotations

from typing import Any

from pellucid import optimizers
from pellucid.examiner.written import layer_lists
from pellucid.examiner.written.findings import Finding, agrees, differs, note
from pellucid.examiner.written.keras_names import OPTIMIZERS, optimizer_name
from pellucid.examiner.written.values import Data, Made, Name, Network, Unknown
from pellucid.experiments import Experiment

ADADELTA = (
    "Adadelta without a learning rate means 0.001 in Keras since TensorFlow 2, at which it learns almost "
    "nothing in 6 epochs; the recipe needs learning_rate=1.0."
)


def compare_compilation(network: Network, experiment: Experiment) -> list[Finding]:
    """Return how a network's optimizer, loss and metrics compare with an experiment's."""
    return [*_optimizer(network, experiment), *_loss(network)]


def _optimizer(network: Network, experiment: Experiment) -> list[Finding]:
    wanted = optimizers.get(experiment.optimizer)
    name, rate = type(wanted).__name__, _plain_rate(wanted.get_config()["learning_rate"])
    has, line = (network.compilation or {}).get("optimizer", "rmsprop"), network.compiled_in
    kind, own_rate = _kind_and_rate(has)
    asked = f"{name} with a learning rate of {rate:g}"
    if kind == "":
        return [note(f"The optimizer cannot be read from the text: {asked} asked for.", line)]
    if kind != name:
        return [differs(f"The optimizer is {kind}, where {asked} is asked for.", line)]
    if isinstance(own_rate, Unknown):
        return [note(f"The learning rate of {kind} cannot be read: {rate:g} asked for.", line)]
    if own_rate is None:
        own_rate = OPTIMIZERS[kind]
        if kind == "Adadelta" and rate != own_rate:
            return [differs(ADADELTA, line)]
    if own_rate != rate:
        words = f"{kind} has a learning rate of {own_rate:g}, where {rate:g} is asked for."
        return [differs(words, line)]
    return [agrees(f"The optimizer is {asked}.", line)]


def _kind_and_rate(value: Any) -> tuple[str, Any]:
    """Return an optimizer's class and its learning rate; None where none is given."""
    if isinstance(value, str):
        return optimizer_name(value), None
    if isinstance(value, Name):
        return optimizer_name(value.last), None
    if not isinstance(value, Made):
        return "", None
    rate = value.settings.get("learning_rate", value.settings.get("lr"))
    if isinstance(rate, Made):
        rate = rate.settings.get("initial_learning_rate", Unknown())
    return value.kind, rate if rate is None or isinstance(rate, int | float) else Unknown()


def _plain_rate(rate: Any) -> float:
    return float(rate["config"]["initial_learning_rate"] if isinstance(rate, dict) else rate)


def _loss(network: Network) -> list[Finding]:
    compilation, line = network.compilation or {}, network.compiled_in
    loss, found = _plain_name(compilation.get("loss")), []
    labels = network.fits[0].arguments.get("y") if network.fits else None
    one_hot = labels.one_hot if isinstance(labels, Data) else None
    if loss == "":
        found.append(note("The loss cannot be read from the text.", line))
    elif loss not in ("categoricalcrossentropy", "sparsecategoricalcrossentropy"):
        shown = compilation.get("loss") if isinstance(compilation.get("loss"), str) else loss
        words = f"The loss is {shown}, where categorical cross-entropy is asked for."
        found.append(differs(words, line))
    elif one_hot is not None and one_hot == loss.startswith("sparse"):
        labels_are = "one-hot" if one_hot else "class numbers"
        words = f"The labels are {labels_are}, which does not go with {compilation.get('loss')}."
        found.append(differs(words, line))
    else:
        found.append(agrees("The loss is categorical cross-entropy.", line))
    if _from_logits(compilation.get("loss")) and _ends_in_softmax(network):
        words = "from_logits=True goes with a last layer without softmax; this network has one."
        found.append(differs(words, line))
    if "acc" not in str(compilation.get("metrics", "")).lower():
        found.append(differs("Accuracy is not among the metrics of compile.", line))
    return found


def _plain_name(value: Any) -> str:
    text = value.kind if isinstance(value, Made) else value.last if isinstance(value, Name) else value
    return text.lower().replace("_", "") if isinstance(text, str) else ""


def _from_logits(loss: Any) -> bool:
    return isinstance(loss, Made) and loss.settings.get("from_logits") is True


def _ends_in_softmax(network: Network) -> bool:
    layers = layer_lists.found(network)
    return bool(layers) and layers[-1].settings.get("activation") == "softmax"
