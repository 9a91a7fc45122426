"""What is measured, in which order: all contenders one after another, and that again in every round."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from comparison.contenders import Contender
from pellucid.bench.measured import KINDS
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.process import MeasurementError, environment_for, import_seconds, measure
from pellucid.bench.task import Task
from pellucid.bench.variants import OURS
from pellucid.experiments import find
from pellucid.runs.record.json_form import to_json

NETWORKS = ("mnist-cnn", "mnist-cnn-dropout", "cifar10-cnn", "mnist-relu", "digits-cnn")
PREDICTS = ("mnist-cnn",)
MEMORY = ("mnist-cnn", "cifar10-cnn")
PARTS = 3  # of the seconds that a process is timed for; the median of them is its figure
IMPORTS = {
    "pellucid": "import numpy; from pellucid import Sequential, layers",
    "torch": "import torch",
    "jax": "import jax, jax.numpy",
    "mygrad": "import mygrad",
}


@dataclass(frozen=True)
class Measurement:
    """One process: a kind of measurement of one contender on one network (``-`` where there is none)."""

    kind: str
    network: str
    contender: Contender
    round: int
    seconds: float = 6.0

    @property
    def subject(self) -> str:
        return f"{self.kind}/{self.network}/{self.contender.name}"

    @property
    def key(self) -> str:
        return f"{self.subject}/{self.round}"

    def measure(self, python: Path) -> dict[str, Any]:
        """Return what was measured, or what went wrong."""
        contender = self.contender
        try:
            if self.kind == "import":
                return {"seconds": imports(contender, python)}
            spec = None if self.network == "-" else NetworkSpec.of(find(self.network))
            rounds, seconds = (
                (PARTS, self.seconds / PARTS) if self.kind == "training" else (1, self.seconds / 2)
            )
            task = Task(self.kind, contender.variant.name, spec, contender.threads, rounds, seconds)
            kind, keep = KINDS[self.kind], contender.keep_environment
            return to_json(measure(kind, task, python=python, keep_environment=keep))
        except (MeasurementError, subprocess.CalledProcessError) as error:
            return {"failed": str(error)}


def imports(contender: Contender, python: Path) -> list[float]:
    """Return the seconds that an import takes, with the variables that the contender is started with."""
    task = Task("training", contender.variant.name, None, contender.threads)
    variables = environment_for(task, dict(os.environ), keep_environment=False)
    statement = "import keras" if "keras" in contender.name else IMPORTS[contender.variant.family]
    return import_seconds(statement, python=python, rounds=3, environment=variables)


def measurements(
    contenders: Sequence[Contender],
    networks: Sequence[str],
    rounds: int,
    seconds: float,
    only: Sequence[str] = ("*",),
) -> list[Measurement]:
    """Return all measurements that a pattern of ``only`` selects, in order.

    The order is such that each round has everyone, so that whatever changes on the machine with time comes
    to all alike.
    """
    found = []
    for number in range(rounds):
        found += _of_round(contenders, networks, number, seconds)
    return [one for one in found if any(fnmatchcase(one.key.rpartition("/")[0], pattern) for pattern in only)]


def _of_round(
    contenders: Sequence[Contender], networks: Sequence[str], number: int, seconds: float
) -> list[Measurement]:
    found = []
    abreast = [one for one in contenders if not one.alone]
    for one in contenders:
        if one.variant is OURS and "1 thread" not in one.name:
            found.append(Measurement("machine", "-", one, number, seconds))
    for network in networks:
        spec = NetworkSpec.of(find(network))
        suitable = [one for one in contenders if one.variant.suits(spec)]
        found += [Measurement("training", network, one, number, seconds) for one in suitable]
        if network in PREDICTS:
            predicting = [one for one in abreast if one.variant.predicts]
            found += [Measurement("prediction", network, one, number, seconds) for one in predicting]
        if network in MEMORY and number == 0:  # it hardly differs from time to time
            found += [
                Measurement("memory", network, one, number, seconds) for one in abreast if one in suitable
            ]
    imported: set[tuple[str, bool]] = set()
    for one in abreast:
        form = (one.environment, "keras" in one.name)
        if number == 0 and form not in imported:
            imported.add(form)
            found.append(Measurement("import", "-", one, number, seconds))
    return found
