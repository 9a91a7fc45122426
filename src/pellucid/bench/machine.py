"""What is measured on: versions, BLAS, threads, and what the environment does to them."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from pellucid.bench.ceiling import products_per_second
from pellucid.bench.ours import compiled_kernels
from pellucid.engine.workers import blas_info

# They hold OpenBLAS to one kind of kernels. No peer reads them but those on NumPy.
CRIPPLING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
PACKAGES = ("pellucid", "numpy", "numba", "keras", "tensorflow", "tensorflow-cpu", "torch", "jax", "mygrad")


def describe(threads: int) -> dict[str, Any]:
    """Return what the machine is and what its matrix product reaches."""
    ceiling = products_per_second(threads)
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": versions(),
        "blas": [
            {name: entry.get(name) for name in ("internal_api", "version", "architecture", "num_threads")}
            for entry in blas_info()
        ],
        "compiled_kernels": compiled_kernels(),
        "threads": threads,
        "ceiling": ceiling,
    }


def versions() -> dict[str, str]:
    """Return the versions of those packages that are installed and bear on speed.

    >>> "numpy" in versions()
    True
    """
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def crippling() -> dict[str, str]:
    """Return those variables of the environment that may hold NumPy's matrix product back."""
    return {name: os.environ[name] for name in CRIPPLING if name in os.environ}


def hold_to(threads: int) -> None:
    """Hold this process to ``threads`` processors, of different cores where that many are, if it has more.

    For libraries that take as many threads as there are processors and have no setting.
    """
    if not hasattr(os, "sched_setaffinity"):
        print("This system cannot hold a process to some processors", file=sys.stderr)
        return
    allowed = sorted(os.sched_getaffinity(0), key=lambda cpu: (_number_on_core(cpu), cpu))
    if threads < len(allowed):
        os.sched_setaffinity(0, allowed[:threads])


def _number_on_core(cpu: int) -> int:
    """Return which of the processors of its core this one is, from 0."""
    try:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return 0
    return int(cpu != int(siblings.replace("-", ",").split(",")[0]))
