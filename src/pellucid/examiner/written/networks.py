"""Finds the Keras networks in a student's code: layers, compilation, training, evaluation, drawn curves."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from pellucid.examiner.written import arrays
from pellucid.examiner.written.following import Follower
from pellucid.examiner.written.keras_names import (
    COMPILE,
    FIT,
    LAYER_ALIASES,
    LAYERS,
    OPTIMIZERS,
    SCHEDULES,
    by_name,
    optimizer_name,
)
from pellucid.examiner.written.objects import Function, Instance
from pellucid.examiner.written.values import (
    Curve,
    Evaluation,
    Fit,
    HistoryOf,
    Made,
    Name,
    Network,
    Predicted,
    Remark,
    Tensor,
    Unknown,
    known,
)

EVALUATING = ("evaluate", "predict", "predict_classes", "predict_on_batch", "test_on_batch")
MOST_LAYERS = 200
DRAWING = ("plot", "semilogy", "semilogx", "loglog", "lineplot", "scatter", "step")


def find_networks(tree: ast.Module) -> Reader:
    r"""Return a reader that has followed the whole code.

    Examples
    --------
    >>> source = "from keras import layers, Sequential\nm = Sequential([layers.Dense(10, 'softmax')])"
    >>> reader = find_networks(ast.parse(source))
    >>> reader.networks[0].name, reader.networks[0].layers[0].settings
    ('m', {'units': 10, 'activation': 'softmax'})
    """
    reader = Reader()
    reader.follow(tree)
    return reader


class Reader(Follower):
    """Follows code that builds and trains networks; keeps them, and what there is to remark."""

    def __init__(self) -> None:
        super().__init__()
        self.networks: list[Network] = []
        self.remarks: list[Remark] = []
        self.time = 0

    def named(self, name: str, value: Any) -> None:
        """Give a network the name that it is assigned to."""
        if isinstance(value, Network) and (not value.name or len(self.scopes) == 1):
            value.name = name

    def made(self, node: ast.Call, made: Instance) -> Any:
        """Return an object of the student's own class; one of a Keras model as the network that it is."""
        forward = made.get("call")
        if not (made.made_by.is_keras_model and isinstance(forward, Function)):
            return made
        output = self.called(forward, [Tensor()], {})
        return self._network(node, list(output.layers) if isinstance(output, Tensor) else [])

    def attribute(self, node: ast.Attribute, value: Any) -> Any:
        """Return an attribute: the history of what ``fit`` returns, or what an array has."""
        if isinstance(value, HistoryOf) and node.attr == "history":
            return value
        return arrays.attribute(node, value)

    def item(self, node: ast.Subscript, value: Any, index: Any) -> Any:
        """Return an item: a curve of a history, or a part of an array."""
        if isinstance(value, HistoryOf) and isinstance(index, str):
            return Curve(value.fit, index)
        return arrays.item(node, value, index)

    def operation(self, node: ast.AST, sign: ast.operator, left: Any, right: Any) -> Any:
        """Return the result of an operation on arrays."""
        return arrays.operation(node, sign, left, right, self.remarks)

    def call(
        self, node: ast.Call, owner: Any, function: Any, arguments: list[Any], keywords: dict[str, Any]
    ) -> Any:
        """Return what a call gives, and keep what it says of a network."""
        self.time += 1
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        self._draw(node, method, [owner, *arguments, *keywords.values()])
        if isinstance(owner, Network):
            return self._of_network(node, owner, method, arguments, keywords)
        if isinstance(owner, list) and method in ("append", "extend"):
            owner += (arguments if method == "append" else _listed(arguments))[:MOST_LAYERS]
            return None
        if isinstance(function, Made):
            return self._applied(function, arguments)
        if isinstance(function, Network):
            return Tensor(tuple(function.layers))
        if isinstance(function, Name) and function.is_keras:
            made = self._keras(node, function, arguments, keywords)
            if made is not None:
                return made
        return arrays.call(node, owner, function, arguments, keywords, self.remarks)

    # --- Keras ----------------------------------------------------------------------------------------------

    def _keras(
        self, node: ast.Call, function: Name, arguments: list[Any], keywords: dict[str, Any]
    ) -> Any | None:
        last = LAYER_ALIASES.get(function.last, function.last)
        if last in LAYERS:
            return Made(last, by_name(LAYERS[last], arguments, keywords), node.lineno)
        if ".optimizers." in function.path:
            last = optimizer_name(last) or last
        if last in OPTIMIZERS:
            return Made(last, by_name(("learning_rate",), arguments, keywords), node.lineno)
        if last in SCHEDULES:
            return Made(last, by_name(("initial_learning_rate",), arguments, keywords), node.lineno)
        if last in ("Input", "InputLayer"):
            return Tensor()
        if last == "Sequential":
            layers = [*arguments, *(keywords[key] for key in ("layers",) if key in keywords)]
            return self._network(node, _layers(_listed(layers)))
        if last in ("Model", "Functional"):
            outputs = keywords.get("outputs", arguments[1] if len(arguments) > 1 else None)
            return self._network(node, list(outputs.layers) if isinstance(outputs, Tensor) else [])
        if last in ("clone_model", "deepcopy") and arguments and isinstance(arguments[0], Network):
            return self._network(node, list(arguments[0].layers))
        if function.path.split(".")[-2:-1] in (["losses"], ["metrics"]):
            return Made(last, keywords, node.lineno)
        return None

    def _network(self, node: ast.Call, layers: list[Made]) -> Network:
        network = Network("", node.lineno, layers)
        self.networks.append(network)
        return network

    def _applied(self, made: Made, arguments: list[Any]) -> Any:
        """Return what a layer gives when it is called, in the functional way."""
        before = arguments[0] if arguments else None
        if isinstance(before, Network):
            before = Tensor(tuple(before.layers))
        return Tensor((*before.layers, made)) if isinstance(before, Tensor) else Unknown()

    def _of_network(
        self, node: ast.Call, network: Network, method: str, arguments: list[Any], keywords: dict[str, Any]
    ) -> Any:
        if method == "add":
            network.layers = [*network.layers, *_layers(arguments)][:MOST_LAYERS]
        elif method == "pop" and network.layers:
            network.layers.pop()
        elif method == "compile":
            network.compilation = by_name(COMPILE, arguments, keywords)
            network.compiled_in = node.lineno
        elif method in ("fit", "fit_generator"):
            network.fits.append(Fit(node.lineno, by_name(FIT, arguments, keywords), self.time))
            return HistoryOf(network.fits[-1])
        elif method in EVALUATING:
            images = keywords.get("x", arguments[0] if arguments else Unknown())
            network.evaluations.append(Evaluation(node.lineno, images, self.time, method))
            return Predicted(images) if method.startswith("predict") else Unknown()
        return None if method in ("add", "compile", "summary") else Unknown()

    def _draw(self, node: ast.Call, method: str, values: Iterable[Any]) -> None:
        """Keep which curves are drawn: their lists given to plot, or a table of the whole history."""
        for value in values if method in DRAWING else ():
            if isinstance(value, Curve):
                value.fit.drawn.setdefault(_modern(value.key), node.lineno)
            elif isinstance(value, HistoryOf):
                for key in ("loss", "accuracy", "val_loss", "val_accuracy"):
                    value.fit.drawn.setdefault(key, node.lineno)


def _modern(key: str) -> str:
    """Return a curve's name as Keras writes it today."""
    old = {"acc": "accuracy", "val_acc": "val_accuracy"}
    return old.get(key, key.replace("categorical_accuracy", "accuracy").replace("sparse_", ""))


def _listed(values: Iterable[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list | tuple) else [value])]


def _layers(values: Iterable[Any]) -> list[Made]:
    """Return the layers among values; those of a network that is used as a layer too."""
    found: list[Made] = []
    for value in values:
        if isinstance(value, Network):
            found += value.layers
        elif isinstance(value, Made) and value.kind in LAYERS:
            found.append(value)
        elif isinstance(value, Unknown) or known(value):
            found.append(Made("?", {"text": getattr(value, "text", str(value))}, 0))
    return found[:MOST_LAYERS]
