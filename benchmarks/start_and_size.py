"""How soon pellucid is there, and how much room it takes: seconds to start, memory in training, megabytes.

    python benchmarks/start_and_size.py [--rounds N] [--images N] [--installed]

- ``import pellucid``; the same with what a network needs of it, NumPy included; and ``pellucid --help``.
- From the start of the process to the end of the first training step of mnist-cnn, on one batch. The seconds
  that making its random images takes are taken off.
- The most memory that a process has which trains mnist-cnn, or cifar10-cnn, for an epoch: with the images as
  bytes, scaled in the network, and as floats.
- With ``--installed``: the files of pellucid and of all it needs, in a fresh environment, as pip lists them.
  That installs from this folder and from where pip finds packages.

Each figure is the median of processes of their own, without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE; the first
of each, which brings files into the system's cache, is left out. Memory is as getrusage says, which Windows
does not have. Use an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from statistics import median

from pellucid.bench.machine import SLOWING_VARIABLES

ROOT = Path(__file__).resolve().parent.parent
SHAPES = {"mnist-cnn": (28, 28, 1), "cifar10-cnn": (32, 32, 3)}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in SLOWING_VARIABLES}

IMPORT = """
import time
began = time.perf_counter()
import pellucid
{more}
print(time.perf_counter() - began)
"""
NETWORK = """
import sys, time
from pellucid import Sequential, layers, losses, optimizers
declared = {declared!r}
network = Sequential.from_config(declared["network"])
network.compile(optimizers.get(declared["optimizer"]), losses.get(declared["loss"]), ["accuracy"])
began = time.time()
import numpy as np
generator = np.random.default_rng(0)
shape, count = declared["shape"], {count} or declared["batch_size"]
x = generator.integers(0, 256, (count, *shape), dtype=np.uint8)
if not declared["scaling"]:
    x = np.divide(x, np.float32(255))
y = np.eye(10, dtype=np.float32)[generator.integers(0, 10, count)]
making = time.time() - began
network.fit(x, y, batch_size=declared["batch_size"], verbose=0)
"""
ENDS = """
print(time.time() - making)
"""
MOST = """
import resource
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(most * (1 if sys.platform == "darwin" else 1024))
"""
SIZES = """
import json
from importlib.metadata import distributions
print(json.dumps({one.metadata["Name"]: sum(file.locate().stat().st_size for file in one.files or ()
                                            if file.locate().exists()) for one in distributions()}))
"""


def main() -> None:
    options = _options()
    for what, more in (("import pellucid", ""), ("… with networks", "pellucid.Sequential, pellucid.layers")):
        report(what, [said(IMPORT.format(more=more)) for _ in range(options.rounds + 1)])
    report("pellucid --help", [seconds_of("-m", "pellucid", "--help") for _ in range(options.rounds + 1)])
    first = NETWORK.format(declared=declared("mnist-cnn", scaling=False), count=0) + ENDS
    report("first step of mnist-cnn", [since(first) for _ in range(options.rounds + 1)])
    for name in SHAPES:
        for scaling in (True, False):
            code = NETWORK.format(declared=declared(name, scaling=scaling), count=options.images) + MOST
            what = f"{name}, {options.images:,} images as {'bytes' if scaling else 'floats'}"
            report(what, [said(code) / 1e6 for _ in range(options.rounds // 2 + 1)], "MB")
    if options.installed:
        installed()


def declared(name: str, *, scaling: bool) -> dict:
    """Return the experiment as plain data: what needs it loads no experiments, and what these need."""
    from pellucid import Sequential, layers
    from pellucid.experiments import find

    experiment = find(name).with_recipe()
    first = [layers.Input(SHAPES[name]), *([layers.Rescaling(1 / 255)] if scaling else [])]
    config = experiment.to_config()
    return {
        "network": Sequential([*first, *experiment.fresh_layers()], seed=0).get_config(),
        "optimizer": config["optimizer"],
        "loss": config["loss"],
        "shape": SHAPES[name],
        "batch_size": experiment.batch_size,
        "scaling": scaling,
    }


def report(what: str, figures: list[float], unit: str = "s") -> None:
    """Print the median, the smallest and the largest but for the first."""
    rest = figures[1:] or figures
    digits = 3 if unit == "s" else 0
    low, middle, high = (f"{one:,.{digits}f}" for one in (min(rest), median(rest), max(rest)))
    print(f"{what:<44}{middle:>8} {unit:<3} ({low} to {high}, {len(rest)} times)", flush=True)


def output_of(*arguments: str, python: str = sys.executable) -> str:
    command = [python, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=True).stdout


def said(code: str) -> float:
    return float(output_of("-c", code))


def since(code: str) -> float:
    """Return the seconds from just before the process starts to when it says it was done."""
    began = time.time()
    return said(code) - began


def seconds_of(*arguments: str) -> float:
    began = time.perf_counter()
    output_of(*arguments)
    return time.perf_counter() - began


def installed() -> None:
    import json

    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        before = set(json.loads(output_of("-c", SIZES, python=python)))
        output_of("-m", "pip", "install", "--quiet", str(ROOT), python=python)
        sizes = json.loads(output_of("-c", SIZES, python=python))
    ours = {name: size for name, size in sizes.items() if name not in before}
    for name, size in sorted(ours.items(), key=lambda one: -one[1]):
        print(f"  {name:<42}{size / 1e6:>8,.1f} MB")
    print(f"{'pellucid and all it needs, installed':<44}{sum(ours.values()) / 1e6:>8,.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="processes for each time; half for memory")
    parser.add_argument("--images", type=int, default=10_000, help="trained on where memory is measured")
    parser.add_argument("--installed", action="store_true", help="install into a fresh environment as well")
    return parser.parse_args()


if __name__ == "__main__":
    main()
