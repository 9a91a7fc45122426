"""``pellucid bench``: the measurements a user asks for, one after another, into one plain dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.bench.machine import crippling
from pellucid.bench.process import MeasurementError, measure
from pellucid.bench.recipe import Recipe
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
PREDICTS = "mnist-cnn"


@dataclass(frozen=True)
class Wanted:
    """What to measure: networks, threads, rounds of ``seconds`` each, libraries to measure against."""

    names: Sequence[str] = ()
    threads: int | None = None
    rounds: int = 5
    seconds: float = 1.0
    against: Sequence[str] = ()
    keep_environment: bool = False


def bench(wanted: Wanted, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure; return all results as JSON-able data. ``tell`` is told what is being measured.

    Raises
    ------
    UnknownNameError, ArgumentError
        For a network or library that is not known, before anything is measured.
    MeasurementError
        When pellucid itself cannot be measured; a peer that cannot be is noted instead.
    """
    recipes = [Recipe.of(find(name)) for name in wanted.names or NETWORKS]
    peers = [variant for family in wanted.against for variant in of_family(family)]
    threads = checked_threads(wanted.threads)
    found = {"variables": crippling(), "kept": wanted.keep_environment, **_machine(wanted, threads, tell)}
    variants = [OURS, *(variant for variant in peers if not variant.missing())]
    found["absent"] = absent(peers)
    found["training"], found["prediction"] = {}, {}
    for recipe in recipes:
        suitable = [variant for variant in variants if variant.suits(recipe)]
        entry: dict[str, Any] = {"variants": {}}
        for variant in suitable:
            tell(f"{recipe.name}: {variant.name}, {counted(threads, 'thread')}")
            entry["variants"][variant.name] = _measured(wanted, "training", variant, recipe, threads)
        if threads > 1:
            tell(f"{recipe.name}: {OURS.name}, 1 thread")
            entry["one_thread"] = _measured(wanted, "training", OURS, recipe, 1)
        found["training"][recipe.name] = entry
        if recipe.name == PREDICTS:
            for variant in (one for one in suitable if one.predicts):
                tell(f"{recipe.name}: {variant.name}, prediction")
                found["prediction"][variant.name] = _measured(wanted, "prediction", variant, recipe, threads)
    return found


def _machine(wanted: Wanted, threads: int, tell: Callable[[str], None]) -> dict[str, Any]:
    tell("the ceiling: NumPy's matrix product")
    task = Task("machine", OURS.name, None, threads)
    machine = measure(task, keep_environment=wanted.keep_environment)
    found: dict[str, Any] = {"machine": {**machine, "cpu": describe(threads)["cpu"]}}
    if crippling() and not wanted.keep_environment:
        found["ceiling_with_variables"] = measure(task, keep_environment=True)["ceiling"]
    return found


def _measured(wanted: Wanted, what: What, variant: Variant, recipe: Recipe, threads: int) -> dict[str, Any]:
    """Return what was measured, or for a peer what went wrong."""
    task = Task(what, variant.name, recipe, threads, wanted.rounds, wanted.seconds)
    try:
        return measure(task, keep_environment=wanted.keep_environment)
    except MeasurementError as error:
        if variant is OURS:
            raise
        return {"failed": str(error)}


def absent(peers: Sequence[Variant]) -> list[dict[str, Any]]:
    """Return, library by library, what cannot be measured for want of packages, and how to install them."""
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
