"""The machine that is measured on: versions, BLAS, threads, environment variables that slow it down."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import fields
from importlib import metadata
from pathlib import Path

from pellucid.bench.ceiling import products_per_second
from pellucid.bench.measured import BlasLibrary, Machine
from pellucid.bench.ours import compiled_kernels
from pellucid.engine.workers import blas_info

# They restrict OpenBLAS to one kind of kernel. Only NumPy and the peers built on it read them.
SLOWING_VARIABLES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
PACKAGES = ("pellucid", "numpy", "numba", "keras", "tensorflow", "tensorflow-cpu", "torch", "jax", "mygrad")


def describe(threads: int) -> Machine:
    """Return what the machine is and how fast its matrix product is."""
    ceiling = products_per_second(threads)
    return Machine(
        python=platform.python_version(),
        system=platform.platform(),
        versions=versions(),
        blas=tuple(
            BlasLibrary(**{field.name: entry.get(field.name) for field in fields(BlasLibrary)})
            for entry in blas_info()
        ),
        compiled_kernels=compiled_kernels(),
        threads=threads,
        ceiling=ceiling,
    )


def versions() -> dict[str, str]:
    """Return the versions of the installed packages that affect speed.

    Examples
    --------
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


def slowing_variables() -> dict[str, str]:
    """Return the environment variables that are set and may slow NumPy's matrix product down."""
    return {name: os.environ[name] for name in SLOWING_VARIABLES if name in os.environ}


def hold_to(threads: int) -> None:
    """Restrict this process to ``threads`` processors, on different cores where possible.

    For libraries that use as many threads as there are processors and have no setting for it.
    """
    if not hasattr(os, "sched_setaffinity"):
        print("This system cannot restrict a process to some processors", file=sys.stderr)
        return
    allowed = sorted(os.sched_getaffinity(0), key=lambda cpu: (_number_on_core(cpu), cpu))
    if threads < len(allowed):
        os.sched_setaffinity(0, allowed[:threads])


def _number_on_core(cpu: int) -> int:
    """Return 0 for the first processor of a core, 1 for the others."""
    try:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return 0
    return int(cpu != int(siblings.replace("-", ",").split(",")[0]))
