"""The layers of a network found, beside those of the network that a question asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.examiner.written.values import Made, Name, Network, Unknown
from pellucid.layers import Layer

SETTINGS: Mapping[str, Mapping[str, Any]] = {  # what is compared, with the values where none are given
    "Dense": {"units": None, "activation": "linear"},
    "Conv2D": {
        "filters": None,
        "kernel_size": None,
        "strides": (1, 1),
        "padding": "valid",
        "activation": "linear",
    },
    "MaxPooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "AveragePooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "Dropout": {"rate": None},
}
SIDES = ("kernel_size", "strides", "pool_size")
WORDS = {
    "units": "units",
    "filters": "filters",
    "kernel_size": "kernel size",
    "strides": "strides",
    "padding": "padding",
    "activation": "activation",
    "pool_size": "pool size",
    "rate": "rate",
}
ACTIVATIONS = {"Activation": None, "ReLU": "relu", "Softmax": "softmax"}
WITHOUT_EFFECT = ("InputLayer", "Rescaling", "Reshape")


@dataclass(frozen=True)
class Listed:
    """A layer with the settings that are compared; ``line`` is 0 for one that is asked for."""

    kind: str
    settings: Mapping[str, Any]
    line: int = 0

    def __str__(self) -> str:
        shown = [_shown(self.settings[key]) for key in self.settings if _is_worth_showing(self, key)]
        return f"{self.kind}({', '.join(shown)})" if shown else self.kind


@dataclass(frozen=True)
class LayerDifference:
    """How a network differs in one layer: in words, where, and how much that counts."""

    text: str
    line: int
    weight: float = 1.0


def asked(layers: Sequence[Layer]) -> list[Listed]:
    """Return the layers of an experiment.

    Examples
    --------
    >>> from pellucid.experiments import find
    >>> [str(layer) for layer in asked(find("mnist-linear").layers)]
    ['Dense(256, linear)', 'Dense(10, softmax)']
    """
    return [_listed(type(layer).__name__, layer.get_config(), 0) for layer in layers]


def found(network: Network) -> list[Listed]:
    """Return the layers of a network found; activations are joined to the layers before them."""
    listed: list[Listed] = []
    for made in network.layers:
        if made.kind in WITHOUT_EFFECT or (made.kind == "Flatten" and not listed):
            continue
        if made.kind in ACTIVATIONS and listed and listed[-1].settings.get("activation") == "linear":
            activation = ACTIVATIONS[made.kind] or activation_name(made.settings.get("activation"))
            joined = {**listed[-1].settings, "activation": activation}
            listed[-1] = Listed(listed[-1].kind, joined, listed[-1].line)
            continue
        listed.append(_listed(made.kind, made.settings, made.line))
    return listed


def differences(has: Sequence[Listed], wants: Sequence[Listed]) -> list[LayerDifference]:
    """Return how layers differ from those asked for, with the fewest differences that explain it.

    Examples
    --------
    >>> dense = Listed("Dense", {"units": 128, "activation": "relu"}, 4)
    >>> wanted = Listed("Dense", {"units": 256, "activation": "relu"})
    >>> differences([dense], [wanted])[0].text
    'Dense has 128 units, where 256 are asked for.'
    """
    best: dict[tuple[int, int], tuple[float, list[LayerDifference]]] = {(0, 0): (0.0, [])}
    for i in range(len(has) + 1):
        for j in range(len(wants) + 1):
            ways = []
            if i and j and has[i - 1].kind == wants[j - 1].kind:
                ways.append(_with(best[i - 1, j - 1], _settings(has[i - 1], wants[j - 1])))
            if i:
                ways.append(_with(best[i - 1, j], [_extra(has[i - 1])]))
            if j:
                ways.append(_with(best[i, j - 1], [_missing(wants, j - 1, has, i)]))
            if ways:
                best[i, j] = min(ways, key=lambda way: way[0])
    return best[len(has), len(wants)][1]


def activation_name(value: Any) -> Any:
    """Return the name of an activation, however it is given.

    Examples
    --------
    >>> activation_name(None), activation_name("ReLU"), activation_name(Name("tensorflow.nn.relu"))
    ('linear', 'relu', 'relu')
    """
    if value is None:
        return "linear"
    if isinstance(value, Name):
        return value.last.lower()
    if isinstance(value, Made):
        return value.kind.lower()
    return value.lower() if isinstance(value, str) else value


def _with(
    before: tuple[float, list[LayerDifference]], more: list[LayerDifference]
) -> tuple[float, list[LayerDifference]]:
    return before[0] + sum(one.weight for one in more), [*before[1], *more]


def _settings(has: Listed, wants: Listed) -> list[LayerDifference]:
    return [
        _of_setting(has, key, wants.settings[key])
        for key in wants.settings
        if has.settings.get(key) != wants.settings[key]
    ]


def _of_setting(has: Listed, key: str, wanted: Any) -> LayerDifference:
    value = has.settings.get(key)
    if isinstance(value, Unknown) or value is None:
        where = f" ({value.text[:60]})" if isinstance(value, Unknown) and value.text else ""
        text = f"The {WORDS[key]} of {has.kind} cannot be read{where}: {_shown(wanted)} asked for."
        return LayerDifference(text, has.line, 0.25)
    if key in ("units", "filters"):
        text = f"{has.kind} has {_shown(value)} {WORDS[key]}, where {_shown(wanted)} are asked for."
    else:
        text = f"{has.kind} has the {WORDS[key]} {_shown(value)}, where {_shown(wanted)} is asked for."
    return LayerDifference(text, has.line, 0.5)


def _extra(layer: Listed) -> LayerDifference:
    if layer.kind == "?":
        return LayerDifference(f"A layer cannot be read from the text: {layer.settings['text']}.", 0, 0.5)
    return LayerDifference(f"{layer} is not in the network that is asked for.", layer.line)


def _missing(wants: Sequence[Listed], at: int, has: Sequence[Listed], i: int) -> LayerDifference:
    after = f" after {wants[at - 1]}" if at else " at the beginning"
    return LayerDifference(f"{wants[at]}{after} is missing.", has[i - 1].line if i else 0)


def _listed(kind: str, settings: Mapping[str, Any], line: int) -> Listed:
    if kind == "?":
        return Listed(kind, settings, line)
    values = {key: _plain(key, settings.get(key, default)) for key, default in SETTINGS.get(kind, {}).items()}
    if values.get("strides", 0) is None:
        values["strides"] = values["pool_size"]
    return Listed(kind, values, line)


def _plain(key: str, value: Any) -> Any:
    if key == "activation":
        return activation_name(value)
    if key == "padding" and isinstance(value, str):
        return value.lower()
    if key in SIDES and value is not None:
        return (value, value) if isinstance(value, int) else tuple(value) if _is_pair(value) else value
    return value


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_worth_showing(layer: Listed, key: str) -> bool:
    default = SETTINGS[layer.kind].get(key) if layer.kind in SETTINGS else None
    if key == "strides":
        return layer.settings[key] not in ((1, 1), layer.settings.get("pool_size"))
    return key in ("activation", "pool_size") or layer.settings[key] != default


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "×".join(_shown(one) for one in value)
    if isinstance(value, Unknown):
        return value.text[:60] or "?"
    return f"{value:g}" if isinstance(value, float) else str(value)
