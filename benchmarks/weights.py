"""sha256 of the weights after an epoch of every lab network, by each engine: whether a change keeps the bits.

    python benchmarks/weights.py [--out FILE] [--against FILE] [--networks NAME,…]
                                 [--engines plain,numpy,compiled] [--images N] [--src FOLDER]

Run it before a change with ``--out before.json`` and after it with ``--against before.json``: every digest
that differs is marked, and the exit code is 1. ``--src`` measures another checkout's ``src`` folder. Each
network trains in a process of its own, on the first N training images (default 4,000; 0: all of them), with
seed 0. The bits depend on the processor, NumPy's BLAS and Numba: compare only what the same machine wrote.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from safetensors.numpy import load_file

from pellucid.experiments import EXPERIMENTS

ENGINES = {
    "plain": {"PELLUCID_ENGINE": "plain", "PELLUCID_PLAIN": "1", "PELLUCID_COMPILED": "0"},
    "numpy": {"PELLUCID_ENGINE": "numpy", "PELLUCID_COMPILED": "0"},
    "compiled": {"PELLUCID_ENGINE": "compiled"},
}
VARIABLES = {name for variables in ENGINES.values() for name in variables}


def main() -> int:
    options = _options()
    before = json.loads(options.against.read_text()) if options.against else {}
    digests, differing = {}, 0
    for name, engine, digest in measured(options):
        key = f"{name} {engine}"
        digests[key] = digest
        differs = before.get(key, digest) != digest
        differing += differs
        print(
            f"{name:20} {engine:9} {digest}{'  DIFFERS from ' + before[key] if differs else ''}", flush=True
        )
    if options.out:
        options.out.write_text(json.dumps(digests, indent=1) + "\n")
    return 1 if differing else 0


def measured(options: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """Train every network by every engine; yield name, engine and digest of the weights."""
    for name in options.networks:
        for engine in options.engines:
            yield name, engine, weights_digest(name, engine, options.images, options.src)


def weights_digest(name: str, engine: str, images: int, src: Path | None) -> str:
    """Train one network for an epoch in a process of its own; return the sha256 of its weights."""
    environment = {key: value for key, value in os.environ.items() if key not in VARIABLES} | ENGINES[engine]
    if src:
        environment["PYTHONPATH"] = str(src.resolve())
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pellucid", "run", name, "--epochs", "1", "--seed", "0"]
        command += ["--limit", str(images)] if images else []
        done = subprocess.run(
            [*command, "--out", "run"],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{name} on {engine} failed:\n{done.stderr[-2000:]}")
        return digest_of(next(Path(folder).rglob("model.safetensors")))


def digest_of(file: Path) -> str:
    """Return the sha256 of a model file's weights in the order of their names, without the optimizer's."""
    tensors = load_file(file)
    digest = hashlib.sha256()
    for name in sorted(name for name in tensors if not name.startswith("optimizer")):
        digest.update(tensors[name].tobytes())
    return digest.hexdigest()


def _options() -> argparse.Namespace:
    known = [experiment.name for experiment in EXPERIMENTS]
    parser = argparse.ArgumentParser(description="sha256 of the weights after an epoch of every lab network")
    parser.add_argument("--out", type=Path, help="write the digests to this JSON file")
    parser.add_argument("--against", type=Path, help="compare with the digests in this JSON file")
    parser.add_argument("--networks", type=_names, default=known, help="names, joined by commas")
    parser.add_argument("--engines", type=_names, default=list(ENGINES), help="plain, numpy, compiled")
    parser.add_argument("--images", type=int, default=4000, help="training images; 0: all of them")
    parser.add_argument("--src", type=Path, help="the src folder of the pellucid to measure")
    options = parser.parse_args()
    for given, allowed in ((options.networks, known), (options.engines, list(ENGINES))):
        if unknown := set(given) - set(allowed):
            parser.error(f"choose from {', '.join(allowed)}. Received: {', '.join(sorted(unknown))}")
    return options


def _names(text: str) -> list[str]:
    return text.split(",")


if __name__ == "__main__":
    sys.exit(main())
