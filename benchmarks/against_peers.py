"""pellucid beside its peers on this machine: training, prediction, memory, imports, sizes.

    python benchmarks/against_peers.py --out comparison

Makes virtual environments of the peers' own, once (some 5 GB), then measures everyone in turn, round by
round, each time in a fresh process. Writes FOLDER/results.json as it goes, and from that a table (results.md)
and a plot (results.svg). Started again it goes on where it was; what failed is tried again. Takes an hour and
a half with the defaults. Use an otherwise idle machine.

    --only 'training/mnist-cnn/*'      some of it: kind/network/contender, with wildcards
    --only '*/pellucid*' --again       measure those anew
    --only nothing                     table and plot anew, from what there is
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comparison.contenders import contenders
from comparison.environments import Environments, requirements
from comparison.plan import NETWORKS, measurements
from comparison.plot import plot
from comparison.results import Results
from comparison.tables import markdown

from pellucid.bench.machine import slowing_variables
from pellucid.core.files import write_text
from pellucid.engine.workers import checked_threads
from pellucid.errors import PellucidError


def main() -> None:
    options = parse(sys.argv[1:])
    threads = checked_threads(options.threads)
    environments = Environments(options.environments, requirements(options))
    taking_part = contenders(threads, environments.names, slowing_variables())
    plan = measurements(taking_part, options.networks, options.rounds, options.seconds, options.only)
    options.out.mkdir(parents=True, exist_ok=True)
    results = Results(options.out / "results.json", threads=threads, seconds=options.seconds)
    if options.again:
        results.forget(one.key for one in plan)
    to_do = [one for one in plan if not results.has(one.key)]
    for name in dict.fromkeys(one.contender.environment for one in to_do):
        results.environment(name, environments.made(name))
    for number, one in enumerate(to_do, 1):
        print(f"{number}/{len(to_do)}  {one.key}", file=sys.stderr, flush=True)
        found = one.measure(environments.python(one.contender.environment))
        if "failed" in found:
            print(f"    failed: {found['failed']}", file=sys.stderr, flush=True)
        results.keep(one.key, found)
    write_text(options.out / "results.md", markdown(results.data))
    plot(results.data, options.out / "results.svg")
    print(options.out / "results.md")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("comparison"), metavar="FOLDER")
    parser.add_argument("--environments", type=Path, default=default_folder(), metavar="FOLDER")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), metavar="NAME")
    parser.add_argument("--threads", type=int, default=None, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument(
        "--seconds", type=float, default=6.0, metavar="S", help="of timed steps in each process"
    )
    parser.add_argument("--only", nargs="+", default=["*"], metavar="PATTERN")
    parser.add_argument("--again", action="store_true", help="measure anew what --only selects")
    for package, default in {
        "tensorflow": "tensorflow-cpu",
        "torch": "torch",
        "jax": "jax",
        "keras": "keras",
        "mygrad": "mygrad",
    }.items():
        parser.add_argument(
            f"--{package}",
            default=default,
            metavar="REQUIREMENT",
            help=f"what pip installs for it, such as {default}==1.2.3; {default} when missing",
        )
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.seconds <= 0:
        parser.error(
            f"--rounds is at least 1 and --seconds above 0. Received: --rounds {options.rounds} "
            f"--seconds {options.seconds:g}"
        )
    return options


def default_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("pellucid")) / "peers"


if __name__ == "__main__":
    try:
        main()
    except PellucidError as error:
        sys.exit(f"against_peers: {error}")
