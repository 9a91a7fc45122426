"""Examines the submissions of ``tests/examiner/attacks``, and prints what each tries and what stopped it.

Run it as a script, with a folder that may be filled: the class, in which each attack lies beside a right
submission, and outside of it a secret. ``--without namespaces`` leaves a wall out.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from pellucid.examiner import Marks
from pellucid.examiner.examining import examine
from pellucid.examiner.host_process import Host

ATTACKS = Path(__file__).parents[1] / "examiner" / "attacks"
NEIGHBOUR = "import numpy as np\n\n\ndef relu(maps):\n    return np.maximum(maps, 0)\n"
SECONDS = 30.0


@dataclass(frozen=True)
class Attempt:
    """An attack, what it deserves for its honest part, and what came of it."""

    name: str
    tries: str
    deserves: float
    points: float
    stopped_by: str


def prepare(folder: Path) -> list[Path]:
    """Fill a folder with a class: the attacks, and a right submission before and after them."""
    group, outside = folder / "class", folder / "outside"
    group.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    for path in (outside / "neighbour.py", group / "neighbour.py", group / "zz_last.py"):
        path.write_text(NEIGHBOUR)
    for attack in sorted(ATTACKS.glob("*.py.txt")):
        text = attack.read_text("utf-8").replace("OUTSIDE", str(outside))
        (group / attack.name.removesuffix(".txt")).write_text(text, encoding="utf-8")
    return sorted(group.glob("*.py"))


def run(paths: list[Path], without: list[str]) -> list[Attempt]:
    """Examine the class, one file after another, by one host."""
    os.environ["TEACHERS_KEY"] = "key"
    with Host(without) as host:
        return [
            _attempt(path, examine(path, questions=[21], seconds=SECONDS, host=host, others=paths))
            for path in paths
        ]


def _attempt(path: Path, marks: Marks) -> Attempt:
    source = path.read_text("utf-8")
    deserved = re.search(r"# deserves ([\d.]+) of", source)
    answer = marks.of(21)
    lost = [outcome.message for outcome in answer.lost]
    printed = [note for note in answer.notes if note.startswith("It printed") and "None" not in note]
    reasons = [*printed, *lost, answer.message, *answer.notes, *marks.notes, marks.message]
    return Attempt(
        path.stem,
        ast.get_docstring(ast.parse(source)) or "A right submission.",
        float(deserved[1]) if deserved else 2.0,
        marks.points or 0.0,
        next((reason for reason in reasons if reason), ""),
    )


def main() -> None:
    """Run the campaign and print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    attempts = run(prepare(options.folder), options.without)
    if options.json:
        print(json.dumps([asdict(one) for one in attempts]))
        return
    for one in attempts:
        words = " ".join(one.stopped_by.split())[:110]
        print(f"{one.points:g} of {one.deserves:g} | {one.name} | {one.tries} | {words}")


if __name__ == "__main__":
    main()
