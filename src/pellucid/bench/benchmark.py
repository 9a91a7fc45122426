"""``pellucid bench``: takes the measurements one after another and collects them in one dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pellucid.bench.machine import slowing_variables
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.process import MeasurementError, measure
from pellucid.bench.task import Task, What
from pellucid.bench.variants import INSTALL, OURS, Variant, of_family
from pellucid.core.wording.plurals import counted
from pellucid.engine.workers import checked_threads
from pellucid.experiments import find
from pellucid.runs.environment import describe

NETWORKS = (
    "mnist-linear",
    "mnist-relu",
    "mnist-cnn",
    "mnist-cnn-dropout",
    "cifar10-cnn",
    "digits-cnn",
    "digits-cnn-64",
)
PREDICTS = "mnist-cnn"  # the network whose prediction is measured too

Announce = Callable[[str], None]


@dataclass(frozen=True)
class BenchOptions:
    """What to measure: networks, threads, rounds of ``seconds`` each, libraries to compare with."""

    names: Sequence[str] = ()
    threads: int | None = None
    rounds: int = 5
    seconds: float = 1.0
    against: Sequence[str] = ()
    keep_environment: bool = False


def bench(options: BenchOptions, announce: Announce) -> dict[str, Any]:
    """Measure, and return all results as JSON-able data; ``announce`` is called before each measurement.

    Raises
    ------
    UnknownNameError, ArgumentError
        For an unknown network or library, before anything is measured.
    MeasurementError
        When pellucid itself cannot be measured; when a peer cannot be, the results say so.
    """
    specs = [NetworkSpec.of(find(name)) for name in options.names or NETWORKS]
    peers = [variant for family in options.against for variant in of_family(family)]
    bench = _Bench(options, checked_threads(options.threads), announce)
    variants = [OURS, *(variant for variant in peers if not variant.missing())]
    return {
        "variables": slowing_variables(),
        "kept": options.keep_environment,
        **bench.machine(),
        "absent": absent(peers),
        **bench.networks(specs, variants),
    }


@dataclass(frozen=True)
class _Bench:
    options: BenchOptions
    threads: int
    announce: Announce

    def machine(self) -> dict[str, Any]:
        """Describe the machine, with the speed of its matrix product."""
        self.announce("the ceiling: NumPy's matrix product")
        task = Task("machine", OURS.name, None, self.threads)
        machine = measure(task, keep_environment=self.options.keep_environment)
        found: dict[str, Any] = {"machine": {**machine, "cpu": asdict(describe(self.threads))["cpu"]}}
        if slowing_variables() and not self.options.keep_environment:
            found["ceiling_with_variables"] = measure(task, keep_environment=True)["ceiling"]
        return found

    def networks(self, specs: Sequence[NetworkSpec], variants: Sequence[Variant]) -> dict[str, Any]:
        """Measure each network, trained by each variant that suits it, and the prediction of one of them."""
        training, prediction = {}, {}
        for spec in specs:
            suitable = [variant for variant in variants if variant.suits(spec)]
            training[spec.name] = self._training(spec, suitable)
            if spec.name == PREDICTS:
                prediction = self._prediction(spec, suitable)
        return {"training": training, "prediction": prediction}

    def _training(self, spec: NetworkSpec, variants: Sequence[Variant]) -> dict[str, Any]:
        measured = {}
        for variant in variants:
            self.announce(f"{spec.name}: {variant.name}, {counted(self.threads, 'thread')}")
            measured[variant.name] = self._measured("training", variant, spec, self.threads)
        entry: dict[str, Any] = {"variants": measured}
        if self.threads > 1:
            self.announce(f"{spec.name}: {OURS.name}, 1 thread")
            entry["one_thread"] = self._measured("training", OURS, spec, 1)
        return entry

    def _prediction(self, spec: NetworkSpec, variants: Sequence[Variant]) -> dict[str, Any]:
        measured = {}
        for variant in (one for one in variants if one.predicts):
            self.announce(f"{spec.name}: {variant.name}, prediction")
            measured[variant.name] = self._measured("prediction", variant, spec, self.threads)
        return measured

    def _measured(self, what: What, variant: Variant, spec: NetworkSpec, threads: int) -> dict[str, Any]:
        """Return what was measured; for a peer that cannot be, why."""
        task = Task(what, variant.name, spec, threads, self.options.rounds, self.options.seconds)
        try:
            return measure(task, keep_environment=self.options.keep_environment)
        except MeasurementError as error:
            if variant is OURS:
                raise
            return {"failed": str(error)}


def absent(peers: Sequence[Variant]) -> list[dict[str, Any]]:
    """Return for each library what cannot be measured for lack of packages, and how to install them."""
    found: dict[str, dict[str, Any]] = {}
    for one in peers:
        if missing := one.missing():
            entry = found.setdefault(
                one.family,
                {"library": one.family, "packages": [], "variants": [], "install": INSTALL[one.family]},
            )
            entry["variants"].append(one.name)
            entry["packages"] += [package for package in missing if package not in entry["packages"]]
    return list(found.values())
