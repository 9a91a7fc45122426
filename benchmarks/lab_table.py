"""README's table of results, from the run folders of the lab's experiments.

for name in mnist-linear mnist-relu …
do pellucid run $name --out runs/$name; done
python benchmarks/lab_table.py runs
"""

from __future__ import annotations

import sys
from pathlib import Path

from pellucid.experiments import EXPERIMENTS
from pellucid.runs import RunFolder


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "runs")
    print("| experiment | test accuracy (95 %) | test loss | reported by others |")
    print("|---|---|---|---|")
    for experiment in EXPERIMENTS:
        if not (folder / experiment.name / "results.json").exists():
            continue
        results = RunFolder.open(folder / experiment.name).results
        test = results.test
        low, high = test.accuracy_interval
        reported = " / ".join(
            f"{entry.test_accuracy:.4f}" for entry in experiment.reported if entry.test_accuracy is not None
        )
        print(
            f"| `{experiment.name}` | {test.accuracy:.4f} ({low:.4f} to {high:.4f}) | {test.loss:.4f} "
            f"| {reported or '–'} |"
        )


if __name__ == "__main__":
    main()
