"""Where a run ran, so that its results can be understood elsewhere."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from pellucid.core import settings
from pellucid.engine import engines
from pellucid.engine.workers import blas_info
from pellucid.runs.record.environment import Blas, Environment, GitState, Processor

PACKAGES = (
    "pellucid",
    "numpy",
    "scipy",
    "scikit-learn",
    "matplotlib",
    "pillow",
    "safetensors",
    "threadpoolctl",
    "numba",
)


def describe(threads: int) -> Environment:
    """Return versions, platform, processor, BLAS and its core type, compiler, threads and git state.

    Examples
    --------
    >>> describe(1).threads
    1
    """
    packages = {name: version for name in PACKAGES if (version := _version(name)) is not None}
    return Environment(
        python=sys.version.split()[0],
        platform=platform.platform(),
        cpu=Processor(name=_cpu_name(), count=os.cpu_count()),
        packages=packages,
        blas=_blas(),
        compiled_kernels=f"numba {packages['numba']}" if engines.choose().name == "compiled" else None,
        threads=threads,
        variables=_variables("OPENBLAS_", *settings.kept_in_runs()),
        git=_git_state(),
    )


def _variables(*beginnings: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(beginnings)}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _blas() -> Blas | None:
    import numpy as np

    np.ones((1, 1)) @ np.ones((1, 1))  # makes sure that the library is loaded
    loaded = sorted(blas_info(), key=lambda entry: "numpy" not in str(entry.get("filepath")))
    for entry in loaded:  # NumPy's own first: SciPy may load another
        return Blas(
            name=entry.get("internal_api"),
            version=entry.get("version"),
            architecture=entry.get("architecture"),
            threads=entry.get("num_threads"),
        )
    return None


def _cpu_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _git_state() -> GitState | None:
    """Return the commit of the working directory, and whether files differ from it; None without git.

    The working directory may have been deleted: there is no commit then.
    """

    def git(*arguments: str) -> str:
        answer = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=5, check=True)
        return answer.stdout.strip()

    try:
        return GitState(commit=git("rev-parse", "HEAD"), dirty=bool(git("status", "--porcelain")))
    except (OSError, subprocess.SubprocessError):
        return None
