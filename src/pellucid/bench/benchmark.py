"""``pellucid bench``: takes the measurements one after another and collects them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pellucid.bench.machine import slowing_variables
from pellucid.bench.measured import Machine, PredictionSpeed, TrainingSpeed
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.process import MeasurementError, T, measure
from pellucid.bench.results import Absent, BenchMachine, BenchResults, Failed, NetworkTraining
from pellucid.bench.task import Task
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


def bench(options: BenchOptions, announce: Announce) -> BenchResults:
    """Measure, and return all results; ``announce`` is called before each measurement.

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
    machine, ceiling_with_variables = bench.machine()
    training, prediction = bench.networks(specs, variants)
    return BenchResults(
        variables=slowing_variables(),
        kept=options.keep_environment,
        machine=machine,
        ceiling_with_variables=ceiling_with_variables,
        absent=absent(peers),
        training=training,
        prediction=prediction,
    )


@dataclass(frozen=True)
class _Bench:
    options: BenchOptions
    threads: int
    announce: Announce

    def machine(self) -> tuple[BenchMachine, float | None]:
        """Describe the machine; where variables slow it down, return its ceiling with them too."""
        self.announce("the ceiling: NumPy's matrix product")
        task = Task(Machine.what, OURS.name, None, self.threads)
        found = measure(Machine, task, keep_environment=self.options.keep_environment)
        machine = BenchMachine(**vars(found), cpu=describe(self.threads).cpu)
        if not slowing_variables() or self.options.keep_environment:
            return machine, None
        return machine, measure(Machine, task, keep_environment=True).ceiling

    def networks(
        self, specs: Sequence[NetworkSpec], variants: Sequence[Variant]
    ) -> tuple[dict[str, NetworkTraining], dict[str, PredictionSpeed | Failed]]:
        """Measure each network, trained by each variant that suits it, and the prediction of one of them."""
        training: dict[str, NetworkTraining] = {}
        prediction: dict[str, PredictionSpeed | Failed] = {}
        for spec in specs:
            suitable = [variant for variant in variants if variant.suits(spec)]
            training[spec.name] = self._training(spec, suitable)
            if spec.name == PREDICTS:
                prediction = self._prediction(spec, suitable)
        return training, prediction

    def _training(self, spec: NetworkSpec, variants: Sequence[Variant]) -> NetworkTraining:
        measured = {}
        for variant in variants:
            self.announce(f"{spec.name}: {variant.name}, {counted(self.threads, 'thread')}")
            measured[variant.name] = self._tried(TrainingSpeed, variant, spec)
        if self.threads == 1:
            return NetworkTraining(variants=measured)
        self.announce(f"{spec.name}: {OURS.name}, 1 thread")
        alone = self._measured(TrainingSpeed, OURS, spec, 1)
        return NetworkTraining(variants=measured, one_thread=alone)

    def _prediction(
        self, spec: NetworkSpec, variants: Sequence[Variant]
    ) -> dict[str, PredictionSpeed | Failed]:
        measured = {}
        for variant in (one for one in variants if one.predicts):
            self.announce(f"{spec.name}: {variant.name}, prediction")
            measured[variant.name] = self._tried(PredictionSpeed, variant, spec)
        return measured

    def _tried(self, kind: type[T], variant: Variant, spec: NetworkSpec) -> T | Failed:
        """Return what was measured; for a peer that cannot be, why."""
        try:
            return self._measured(kind, variant, spec, self.threads)
        except MeasurementError as error:
            if variant is OURS:
                raise
            return Failed(str(error))

    def _measured(self, kind: type[T], variant: Variant, spec: NetworkSpec, threads: int) -> T:
        task = Task(kind.what, variant.name, spec, threads, self.options.rounds, self.options.seconds)
        return measure(kind, task, keep_environment=self.options.keep_environment)


def absent(peers: Sequence[Variant]) -> tuple[Absent, ...]:
    """Return for each library what cannot be measured for lack of packages, and how to install them."""
    lacking: dict[str, list[Variant]] = {}
    for one in peers:
        if one.missing():
            lacking.setdefault(one.family, []).append(one)
    return tuple(
        Absent(
            library=family,
            packages=tuple(dict.fromkeys(package for one in variants for package in one.missing())),
            variants=tuple(one.name for one in variants),
            install=INSTALL[family],
        )
        for family, variants in lacking.items()
    )
