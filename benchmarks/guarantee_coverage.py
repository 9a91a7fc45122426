"""How often the guarantee of the reject option fails: by simulation, on the predictions of a real run.

The run's test images are taken for the whole world, so the true error of every threshold is known. Again and
again calibration images are drawn from it (with replacement), a threshold is chosen on them, and it is seen
whether the true error of the accepted fields lies above the target. That may happen in 5 of 100 at the most;
also where the probabilities are made far too sure, or nearly equal.

    python benchmarks/guarantee_coverage.py RUN [REPEATS]
"""

from __future__ import annotations

import sys

import numpy as np

from pellucid.evaluation import apply_temperature, guarantee
from pellucid.runs import RunFolder
from pellucid.runs.sufficiency import predictions_of_test

CALIBRATION = 12_000  # images drawn each time, as many as MNIST's validation part has
WORLD = 400_000  # fields that the true error is measured on
CASES = ((1, 0.001), (2, 0.005), (4, 0.01), (7, 0.02))  # digits, target
TEMPERATURES = (1.0, 0.2, 5.0)  # as the network says, far too sure, not sure at all


def main(path: str, repeats: int = 500) -> None:
    predictions = predictions_of_test(RunFolder.open(path))
    print("digits  target  temperature  guaranteed  above target   read")
    for temperature in TEMPERATURES:
        table = apply_temperature(predictions.probabilities, temperature)
        sure, wrong = table.max(axis=1), ~predictions.correct
        for digits, target in CASES:
            line = simulate(sure, wrong, digits, target, repeats)
            print(f"{digits:6}  {target:6}  {temperature:11}  {line}")


def simulate(sure: np.ndarray, wrong: np.ndarray, digits: int, target: float, repeats: int) -> str:
    generator = np.random.default_rng(0)

    def fields(count: int) -> tuple[np.ndarray, np.ndarray]:
        images = generator.integers(len(sure), size=(count, digits))
        return sure[images].prod(axis=1), wrong[images].any(axis=1)

    world_sure, world_wrong = fields(WORLD)
    given = above = 0
    read = []
    for _ in range(repeats):
        found = guarantee(*fields(CALIBRATION // digits), target=target, layout=fields(2500)[0])
        if found.threshold is None:
            continue
        accepted = world_sure >= found.threshold
        given += 1
        above += world_wrong[accepted].mean() > target
        read.append(accepted.mean())
    share = f"{100 * np.mean(read):5.1f} %" if read else "    –"
    return f"{given:10}  {above:4} = {100 * above / repeats:3.1f} %  {share}"


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
