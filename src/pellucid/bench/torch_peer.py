"""The network in PyTorch, with a training loop as a user writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.translation import (
    border,
    channels_first_weights,
    graph_of_logits,
    is_scheduled,
    rate_at,
)
from pellucid.graph.graph import Graph, rule_for
from pellucid.layers.layer import Array
from pellucid.optimizers import Adadelta, Optimizer, RMSprop


class TorchPeer:
    """PyTorch; see :class:`~pellucid.bench.timing.Peer`.

    Parameters
    ----------
    channels_last
        Whether maps lie in memory as (N, H, W, C), which PyTorch advises for processors.
    compiled
        Whether network and loss go through ``torch.compile``. The optimizer does not: its step is no faster
        so, and a learning rate that changes has it compiled again and again.
    bfloat16
        Whether to compute in bfloat16 where ``torch.autocast`` deems it safe: less precision than all others.
    """

    steps_at_a_time = 1

    def __init__(
        self,
        spec: NetworkSpec,
        x: Array,
        classes: Array,
        threads: int,
        *,
        channels_last: bool = False,
        compiled: bool = False,
        bfloat16: bool = False,
    ) -> None:
        import torch

        torch.set_num_threads(threads)
        torch.manual_seed(0)
        network: Any = spec.network()
        graph = graph_of_logits(spec, network)
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.model = torch_model(graph).to(memory_format=self.format)
        self.batch_size = spec.batch_size
        self.x, self.y = self._laid_out(x), torch.from_numpy(classes)
        self.parameters = sum(parameter.numel() for parameter in self.model.parameters())
        self.pattern: Any = network.optimizer
        self.optimizer = torch_optimizer(self.pattern, self.model.parameters())
        self.steps = 0
        self.autocast: Any = lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16)
        self.loss, self.forward = self._loss, self.model
        if compiled:
            self.loss = torch.compile(self._loss, dynamic=False)
            self.forward = torch.compile(self.model, dynamic=False)
        self.ways: dict[str, Callable[[Array, int], Array]] = {"call": self._predict}

    def train(self, images: int, epochs: int) -> float:
        """Train step by step; the losses are added up where they are and looked at once, at the end."""
        import torch

        self.model.train()
        total = torch.zeros(())
        for _ in range(epochs):
            order = torch.randperm(images)
            total.zero_()
            for start in range(0, images, self.batch_size):
                rows = order[start : start + self.batch_size]
                self._set_rate()
                self.optimizer.zero_grad(set_to_none=True)
                with self.autocast():
                    loss = self.loss(self._rows(rows), self.y[rows])
                loss.backward()
                self.optimizer.step()
                total += loss.detach() * len(rows)
        return float(total) / images

    def _loss(self, images: Any, classes: Any) -> Any:
        import torch

        return torch.nn.functional.cross_entropy(self.model(images), classes)

    def _set_rate(self) -> None:
        if is_scheduled(self.pattern):
            for group in self.optimizer.param_groups:
                group["lr"] = rate_at(self.pattern, self.steps)
        self.steps += 1

    def _rows(self, rows: Any) -> Any:
        images = self.x[rows]
        return images.contiguous(memory_format=self.format) if images.ndim == 4 else images

    def _laid_out(self, images: Array) -> Any:
        """(N, H, W, C) as PyTorch has it: (N, C, H, W), in memory as chosen."""
        import torch

        tensor = torch.from_numpy(images)
        return (
            tensor.permute(0, 3, 1, 2).contiguous(memory_format=self.format) if tensor.ndim == 4 else tensor
        )

    def _predict(self, images: Array, batch_size: int) -> Array:
        import torch

        self.model.eval()
        with torch.inference_mode(), self.autocast():
            outputs = [
                torch.softmax(self.forward(self._laid_out(images[start : start + batch_size])), dim=1)
                for start in range(0, len(images), batch_size)
            ]
            found: Array = (outputs[0] if len(outputs) == 1 else torch.cat(outputs)).float().numpy()
        return found


def torch_model(graph: Graph) -> Any:
    """Return the graph of a network as a ``torch.nn.Sequential`` with its weights.

    Maps are (N, C, H, W) in PyTorch, so what follows a Flatten has its weights in another order.
    """
    import torch

    modules: list[Any] = []
    for step, weights in zip(graph, channels_first_weights(graph), strict=True):
        modules += rule_for(step, RULES, "form in PyTorch")(step.operation, weights)
    return torch.nn.Sequential(*modules)


def _convolution(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    (top, bottom), (left, right) = border(layer)
    even = top == bottom and left == right
    module = torch.nn.Conv2d(
        layer.input_shape[-1],
        layer.filters,
        layer.kernel_size,
        stride=layer.strides,
        padding=(top, left) if even else 0,
        bias=layer.use_bias,
    )
    padding = [] if even else [torch.nn.ZeroPad2d((left, right, top, bottom))]
    return [*padding, _filled(module, weights)]


def _dense(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    module = torch.nn.Linear(layer.input_shape[0], layer.units, bias=layer.use_bias)
    return [_filled(module, {**weights, "kernel": weights["kernel"].T})]


def _dropout(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    return [torch.nn.Dropout(layer.rate)]


def _flatten(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    return [torch.nn.Flatten()]


def _relu(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    return [torch.nn.ReLU()]


def _max_pooling(layer: Any, weights: dict[str, Array]) -> list[Any]:
    import torch

    (top, bottom), (left, right) = border(layer)
    pooling = torch.nn.MaxPool2d(layer.pool_size, stride=layer.strides)
    if top or bottom or left or right:
        return [torch.nn.ConstantPad2d((left, right, top, bottom), -float("inf")), pooling]
    return [pooling]


RULES: dict[str, Callable[..., list[Any]]] = {
    "convolution": _convolution,
    "dense": _dense,
    "dropout": _dropout,
    "flatten": _flatten,
    "max_pooling": _max_pooling,
    "relu": _relu,
}


def _filled(module: Any, weights: dict[str, Array]) -> Any:
    import torch

    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(weights["kernel"]))
        if "bias" in weights:
            module.bias.copy_(torch.from_numpy(weights["bias"]))
    return module


def torch_optimizer(pattern: Optimizer, parameters: Any) -> Any:
    """Return PyTorch's optimizer of that name with the same numbers.

    RMSprop adds its epsilon outside the root, Keras inside; the root of Keras's does the same to a weight
    whose gradients are 0.
    """
    import torch

    rate: Any = rate_at(pattern, 0)
    if isinstance(pattern, RMSprop):
        return torch.optim.RMSprop(parameters, rate, alpha=pattern.rho, eps=pattern.epsilon**0.5)
    if isinstance(pattern, Adadelta):
        return torch.optim.Adadelta(parameters, rate, rho=pattern.rho, eps=pattern.epsilon)
    betas = (pattern.beta_1, pattern.beta_2)  # type: ignore[attr-defined]  # the pattern's class was checked
    return torch.optim.Adam(parameters, rate, betas=betas, eps=pattern.epsilon, fused=True)  # type: ignore[attr-defined]  # the pattern's class was checked
