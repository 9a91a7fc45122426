"""What was measured so far, in one JSON file that is whole at every moment."""

from __future__ import annotations

import json
import os
import platform
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from pellucid.bench.machine import slowing_variables
from pellucid.core.files import write_text
from pellucid.errors import ArgumentError
from pellucid.runs.environment import describe


class Results:
    """The file of results; opened anew it goes on with what it has.

    Raises ArgumentError where what it has was measured with other threads or seconds: they must not be mixed.
    """

    def __init__(self, path: Path, *, threads: int, seconds: float) -> None:
        self.path = path
        settings = {"threads": threads, "seconds": seconds}
        if path.exists():
            self.data = json.loads(path.read_text())
            if self.data["settings"] != settings:
                raise ArgumentError(
                    f"{path} was measured with {self.data['settings']} and cannot be gone on with otherwise: "
                    f"choose another --out. Received: {settings}"
                )
            return
        cpu = describe(threads).cpu
        self.data = {
            "settings": settings,
            "machine": {
                "cpu": None if cpu is None else asdict(cpu),
                "system": platform.platform(),
                "python": platform.python_version(),
                "variables": slowing_variables(),
            },
            "environments": {},
            "measurements": {},
        }

    def has(self, key: str) -> bool:
        """Return whether that is measured; what failed is not."""
        return "failed" not in self.data["measurements"].get(key, {"failed": ""})

    def keep(self, key: str, found: dict[str, Any]) -> None:
        self.data["measurements"][key] = found
        self._write()

    def forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.data["measurements"].pop(key, None)

    def environment(self, name: str, made: dict[str, Any]) -> None:
        self.data["environments"][name] = made
        self._write()

    def _write(self) -> None:
        write_text(self.path, json.dumps(self.data, indent=1, allow_nan=False) + os.linesep)


Figures = dict[str, dict[str, list[Any]]]  # network → contender → what each round found


def by_kind(data: Mapping[str, Any], kind: str) -> Figures:
    """Return what was found of one kind, without what failed."""
    found: Figures = defaultdict(lambda: defaultdict(list))
    for key, value in data["measurements"].items():
        of_kind, network, contender, _ = key.split("/")
        if of_kind == kind and "failed" not in value:
            found[network][contender].append(value)
    return {network: dict(of_network) for network, of_network in found.items()}


def training(data: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return images per second: network → contender → the median over rounds of each round's median."""
    return {
        network: {
            name: median(median(one["images_per_second"]) for one in rounds) for name, rounds in entry.items()
        }
        for network, entry in by_kind(data, "training").items()
    }


def failures(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what failed, by kind, network and contender, and why."""
    return {
        key.rpartition("/")[0]: value["failed"]
        for key, value in data["measurements"].items()
        if "failed" in value
    }
