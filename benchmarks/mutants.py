"""How many random mutants of the functions and the evaluation the tests notice.

A mutant is the program with one small change: ``<`` for ``<=``, ``+`` for ``-``, ``and`` for ``or``, a number
that is one more, a condition turned round, a check left out. Each is written to a copy of the project, and
the tests of its module (the mirror test file, and its examples) run against it. A mutant that no test notices
is shown as a diff: either a test is missing, or the change is no change in behaviour.

    python benchmarks/mutants.py --count 100 --seed 1
    python benchmarks/mutants.py --count 20 --seed 1 --only evaluation/reject.py

mutmut has no random samples and cosmic-ray changes the working tree itself and runs one test command for all
modules; both also change annotations and texts.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutating.sites import Site, mutated, sites
from mutating.trial import Trial, copy_of_project, start, tests_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "pellucid"
ROOMS = ("functions", "evaluation")
LEAST_SECONDS, TIMES = 10.0, 6.0  # of the processor: a mutant may take so many times as long as the original
TRUSTED_SECONDS = 20.0


@dataclass(frozen=True)
class Mutant:
    """A changed module."""

    module: Path
    site: Site

    def program(self) -> str:
        """Return its text."""
        return mutated(ast.parse((PACKAGE / self.module).read_text("utf-8")), self.site)

    def diff(self) -> str:
        """Return what is changed, with a line of context."""
        before = ast.unparse(ast.parse((PACKAGE / self.module).read_text("utf-8"))).splitlines()
        lines = difflib.unified_diff(before, self.program().splitlines(), lineterm="", n=1)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++")))

    def __str__(self) -> str:
        return f"{self.module}:{self.site.line} ({self.site.name})"


def modules(only: list[str]) -> list[Path]:
    """Return the modules of both rooms, or those named."""
    found = [path.relative_to(PACKAGE) for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]
    return [one for one in found if not only or any(str(one).startswith(name) for name in only)]


def drawn(count: int, seed: int, only: list[str]) -> list[Mutant]:
    """Draw mutants, each site alike, none twice."""
    every = [
        Mutant(module, site)
        for module in modules(only)
        for site in sites(ast.parse((PACKAGE / module).read_text("utf-8")))
    ]
    return random.Random(seed).sample(every, min(count, len(every)))


class Desk:
    """A copy of the project, in which one mutant at a time is tested."""

    def __init__(self, folder: Path, *, trusting: bool = False) -> None:
        self.project = copy_of_project(ROOT, folder)
        self.trusting = trusting
        self.seconds: dict[Path, float] = {}
        self.mutant: Mutant | None = None
        self.trial: Trial | None = None
        self.peers = False

    def measure(self, module: Path) -> None:
        """Run the unchanged tests of a module once; they have to pass."""
        if self.trusting:
            self.seconds[module] = TRUSTED_SECONDS
        if module in self.seconds:
            return
        before = os.times()
        trial = start(self.project, tests_of(module, self.project), peers=False, seconds=600)
        while (outcome := trial.outcome()) is None:
            time.sleep(0.02)
        if outcome != "survived":
            raise SystemExit(f"The unchanged tests of {module} fail:\n{trial.log.read_text()[-2000:]}")
        after = os.times()
        self.seconds[module] = (after[2] + after[3]) - (before[2] + before[3])

    def begin(self, mutant: Mutant, *, peers: bool = False) -> None:
        """Write the mutant, and start its tests."""
        self.measure(mutant.module)
        path = self.project / "src" / "pellucid" / mutant.module
        path.write_text(mutant.program(), "utf-8")
        limit = max(LEAST_SECONDS, TIMES * self.seconds[mutant.module]) + 60 * peers
        self.mutant, self.peers = mutant, peers
        self.trial = start(self.project, tests_of(mutant.module, self.project), peers=peers, seconds=limit)

    def finished(self) -> tuple[Mutant, str] | None:
        """Return the mutant and its outcome once there is one; survivors get a second try, with peers."""
        if self.mutant is None or self.trial is None or (outcome := self.trial.outcome()) is None:
            return None
        mutant = self.mutant
        if outcome == "survived" and not self.peers and mutant.module.parts[0] == "functions":
            self.begin(mutant, peers=True)
            return None
        original = (PACKAGE / mutant.module).read_text("utf-8")
        (self.project / "src" / "pellucid" / mutant.module).write_text(original, "utf-8")
        self.mutant = None
        return mutant, outcome


def campaign(mutants: list[Mutant], jobs: int, *, trusting: bool = False) -> Iterator[tuple[Mutant, str]]:
    """Test each mutant, ``jobs`` at a time."""
    waiting = list(reversed(mutants))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        desks = [Desk(Path(folder) / str(job), trusting=trusting) for job in range(jobs)]
        while waiting or any(desk.mutant for desk in desks):
            for desk in desks:
                done = desk.finished()
                if done is not None:
                    yield done
                if desk.mutant is None and waiting:
                    desk.begin(waiting.pop())
            time.sleep(0.02)


def main() -> None:
    """Draw, test and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100, help="mutants drawn")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--jobs", type=int, default=1, help="tested at the same time")
    parser.add_argument("--only", nargs="*", default=[], help="modules or folders, as evaluation/reject.py")
    parser.add_argument("--trust", action="store_true", help="do not run the unchanged tests first")
    arguments = parser.parse_args()
    preload()
    outcomes: Counter[str] = Counter()
    for mutant, outcome in campaign(drawn(arguments.count, arguments.seed, arguments.only), arguments.jobs):
        outcomes[outcome] += 1
        print(f"{outcome:9} {mutant}", flush=True)
        if outcome == "survived":
            print(mutant.diff(), flush=True)
    print(summary(outcomes))


def summary(outcomes: Counter[str]) -> str:
    """Return the score: the share of mutants that were killed or ran out of time."""
    total, survived = sum(outcomes.values()), outcomes["survived"]
    share = 100 * (total - survived) / total if total else 100.0
    parts = ", ".join(f"{outcomes[name]} {name}" for name in ("killed", "timeout", "survived"))
    return f"{total} mutants: {parts}; {share:.1f} % noticed"


def preload() -> None:
    """Import what does not change once, for all forked processes: whatever the package and its tests need."""
    sys.path.insert(0, str(ROOT / "src"))
    for name in ("pytest", "hypothesis", "scipy.stats", "pellucid.evaluation", "pellucid.functions"):
        importlib.import_module(name)
    for name in [one for one in sys.modules if one.partition(".")[0] == "pellucid"]:
        del sys.modules[name]
    sys.path[:] = [one for one in sys.path if Path(one).resolve() != ROOT / "src"]


if __name__ == "__main__":
    main()
