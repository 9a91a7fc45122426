"""Every library configuration that is measured, by name: pellucid and its peers."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.timing import Peer
from pellucid.errors import UnknownNameError, nearest
from pellucid.layers.layer import Array

STEPS_AT_A_TIME = 32


@dataclass(frozen=True)
class Variant:
    """One library in one configuration.

    Attributes
    ----------
    name
        Its name in tables.
    family
        The name that a user asks for it by: ``--against torch``.
    made_by
        Module and class of its :class:`~pellucid.bench.timing.Peer`, and ``options`` to it.
    needs
        The packages that it imports.
    environment
        Variables that its process is started with.
    for_images
        Whether it is only for networks that take images, not flat rows.
    for_rows
        Whether it is only for networks that take flat rows, without convolutions.
    lower_precision
        Whether it computes with less precision than float32; it is then listed, but not compared with.
    """

    name: str
    family: str
    made_by: tuple[str, str]
    needs: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    for_images: bool = False
    for_rows: bool = False
    lower_precision: bool = False

    def peer(self, spec: NetworkSpec, x: Array, classes: Array, threads: int) -> Peer:
        """Return the network of ``spec`` in this library, with images (N, …) and classes (N,)."""
        module, name = self.made_by
        made: Peer = getattr(import_module(module), name)(spec, x, classes, threads, **self.options)
        return made

    def missing(self) -> list[str]:
        """Return which of the packages that it needs are not installed here."""
        return [package for package in self.needs if find_spec(package) is None]

    def suits(self, spec: NetworkSpec) -> bool:
        """Return whether this configuration is meant for the network."""
        rows = len(spec.input_shape) == 1
        return not (self.for_images if rows else self.for_rows)

    @property
    def predicts(self) -> bool:
        """Whether prediction is measured: the options of some variants change training only."""
        return "steps_at_a_time" not in self.options


def _keras(backend: str, **options: Any) -> dict[str, Any]:
    return {
        "family": backend,
        "made_by": ("pellucid.bench.keras_peer", "KerasPeer"),
        "needs": ("keras", backend),
        "environment": {"KERAS_BACKEND": backend},
        "options": options,
    }


def _torch(**options: Any) -> dict[str, Any]:
    return {
        "family": "torch",
        "made_by": ("pellucid.bench.torch_peer", "TorchPeer"),
        "needs": ("torch",),
        "options": options,
        "for_images": "channels_last" in options,
        "lower_precision": "bfloat16" in options,
    }


def _jax(**options: Any) -> dict[str, Any]:
    made_by = ("pellucid.bench.jax_peer", "JaxPeer")
    # XLA's convolutions are slow within a loop on a processor (jax-ml/jax#12868): seconds a step
    scan = "steps_at_a_time" in options
    return {"family": "jax", "made_by": made_by, "needs": ("jax",), "options": options, "for_rows": scan}


OURS = Variant("pellucid", "pellucid", ("pellucid.bench.ours", "Ours"))
PEERS = (
    Variant("keras-tensorflow", **_keras("tensorflow")),
    Variant("keras-tensorflow-steps", **_keras("tensorflow", steps_at_a_time=STEPS_AT_A_TIME)),
    Variant("torch", **_torch()),
    Variant("torch-channels-last", **_torch(channels_last=True)),
    Variant("torch-compile", **_torch(compiled=True)),
    Variant("torch-compile-channels-last", **_torch(compiled=True, channels_last=True)),
    Variant("torch-bfloat16", **_torch(bfloat16=True)),
    Variant("torch-bfloat16-channels-last", **_torch(bfloat16=True, channels_last=True)),
    Variant("keras-torch", **_keras("torch")),
    Variant("jax", **_jax()),
    Variant("jax-scan", **_jax(steps_at_a_time=STEPS_AT_A_TIME)),
    Variant("keras-jax", **_keras("jax")),
    Variant("keras-jax-steps", **_keras("jax", steps_at_a_time=STEPS_AT_A_TIME)),
    Variant("mygrad", "mygrad", ("pellucid.bench.mygrad_peer", "MyGradPeer"), ("mygrad",)),
)
VARIANTS = {variant.name: variant for variant in (OURS, *PEERS)}

# How to install each family.
INSTALL = {
    "tensorflow": "pip install tensorflow-cpu",
    "torch": "pip install torch keras",
    "jax": "pip install jax keras",
    "mygrad": "pip install mygrad",
}


def of_family(name: str) -> list[Variant]:
    """Return the variants of one family of peers.

    Raises
    ------
    UnknownNameError
        For an unknown name; the nearest known one is offered.

    Examples
    --------
    >>> [variant.name for variant in of_family("mygrad")]
    ['mygrad']
    """
    if name not in INSTALL:
        raise UnknownNameError(f"There is no library {name!r} to compare with: {nearest(name, INSTALL)}")
    return [variant for variant in PEERS if variant.family == name]
