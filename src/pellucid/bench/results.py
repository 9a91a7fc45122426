"""The results of ``pellucid bench``; as JSON, a key a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pellucid.bench.measured import Machine, PredictionSpeed, TrainingSpeed
from pellucid.runs.record.environment import Processor


@dataclass(frozen=True)
class Failed:
    """Why something could not be measured."""

    failed: str


@dataclass(frozen=True, kw_only=True)
class Absent:
    """The variants of a library that cannot be measured for lack of packages, and how to install them."""

    library: str
    packages: tuple[str, ...]
    variants: tuple[str, ...]
    install: str


@dataclass(frozen=True, kw_only=True)
class NetworkTraining:
    """How fast one network trains: in each variant, and in pellucid's with one thread."""

    variants: Mapping[str, TrainingSpeed | Failed]
    one_thread: TrainingSpeed | None = None

    @property
    def speeds(self) -> dict[str, TrainingSpeed]:
        """Of the variants that did not fail."""
        return {name: one for name, one in self.variants.items() if isinstance(one, TrainingSpeed)}

    @property
    def failures(self) -> dict[str, str]:
        """Why the others did."""
        return {name: one.failed for name, one in self.variants.items() if isinstance(one, Failed)}


@dataclass(frozen=True, kw_only=True)
class BenchMachine(Machine):
    """The machine with its processor."""

    cpu: Processor | None


@dataclass(frozen=True, kw_only=True)
class BenchResults:
    """Everything that ``pellucid bench`` measured.

    Attributes
    ----------
    variables, kept
        The environment variables that slow OpenBLAS down, where set, and whether they stayed so.
    ceiling_with_variables
        The ceiling with them; None where that was not measured.
    absent
        What could not be measured for lack of packages.
    training
        By network.
    prediction
        By variant, of one network.
    """

    variables: dict[str, str]
    kept: bool
    machine: BenchMachine
    ceiling_with_variables: float | None = None
    absent: tuple[Absent, ...] = ()
    training: Mapping[str, NetworkTraining] = field(default_factory=dict)
    prediction: Mapping[str, PredictionSpeed | Failed] = field(default_factory=dict)
