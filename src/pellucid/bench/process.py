"""Starting a measuring process and reading its answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TypeVar

from pellucid.bench.machine import SLOWING_VARIABLES
from pellucid.bench.measured import Measured
from pellucid.bench.task import Task
from pellucid.bench.variants import OURS, VARIANTS
from pellucid.errors import PellucidError
from pellucid.runs.record.json_form import from_json

T = TypeVar("T", bound=Measured)

LIMIT = 900.0  # seconds that one measurement may take, compiling included


class MeasurementError(PellucidError, RuntimeError):
    """A measurement that could not be made."""


def measure(
    kind: type[T],
    task: Task,
    *,
    python: str | Path = sys.executable,
    keep_environment: bool = False,
    limit: float = LIMIT,
) -> T:
    """Run the task in a separate process of ``python``, and return what it measured, of that ``kind``.

    Raises
    ------
    MeasurementError
        When the process fails or takes longer than ``limit`` seconds; the message has its last error.
    """
    try:
        answer = subprocess.run(
            [str(python), "-m", "pellucid.bench.child"],
            input=json.dumps(task.to_config()),
            env=environment_for(task, dict(os.environ), keep_environment=keep_environment),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MeasurementError(f"not done after {limit:.0f} s") from None
    if answer.returncode:
        raise MeasurementError(last_error(answer.stderr) or f"exit code {answer.returncode}")
    return from_json(kind, json.loads(answer.stdout))


def environment_for(task: Task, environment: dict[str, str], *, keep_environment: bool) -> dict[str, str]:
    """Return the environment variables for the process of ``task``, made from those of this one.

    Examples
    --------
    >>> task = Task("training", "pellucid", None, threads=2)
    >>> environment_for(task, {"OPENBLAS_CORETYPE": "Haswell", "HOME": "/home/me"}, keep_environment=False)
    {'HOME': '/home/me'}
    """
    found = dict(environment)
    if not keep_environment:
        for name in SLOWING_VARIABLES:
            found.pop(name, None)
    variant = VARIANTS.get(task.variant)
    if variant is None or variant is OURS:
        return found
    threads = str(task.threads)
    return {
        **found,
        **variant.environment,
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads),
        "CUDA_VISIBLE_DEVICES": "",  # processors are compared, not GPUs
        "JAX_PLATFORMS": "cpu",
        "KERAS_TORCH_DEVICE": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


def last_error(stderr: str) -> str:
    r"""Return the last line that names an error.

    Examples
    --------
    >>> last_error("Traceback\n  File x\nValueError: no\n")
    'ValueError: no'
    """
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line.split(":")[0]]
    return (errors or lines or [""])[-1]


def import_seconds(
    statement: str,
    *,
    python: str | Path = sys.executable,
    rounds: int = 3,
    environment: dict[str, str] | None = None,
) -> list[float]:
    """Return the seconds that ``statement`` adds to starting and ending Python, once for each round.

    A first start, which reads the files from the disk, is not counted.
    """

    def seconds(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([str(python), "-c", code], check=True, capture_output=True, env=environment)
        return time.perf_counter() - began

    seconds(statement)
    bare = min(seconds("pass") for _ in range(3))
    return [max(0.0, seconds(statement) - bare) for _ in range(rounds)]
