"""Whether intervals cover as often as they say, and tests reject no more often: by simulation.

Each row is a world whose truth is known, an interval (or a test), and in which share of repeats the interval
held the truth (or the test rejected it, or a guarantee was broken), beside the nominal one. Worlds are small
samples, extreme probabilities, ties, and images grouped by writer. A row is marked where the simulation shows
that a promise is not kept, by more than 0.01 and more than the noise of the simulation. Rows of "(control)"
are wrong on purpose. Two promises are known not to be kept everywhere, and marked as known. Wilson's interval
covers 95 % on average over all shares, but less at some next to 0 and 1; guarantees and costs use the exact
interval, which is wider everywhere. The interval of the calibration error covers too little where a network
is truly off, since noise pushes the estimate up; sentences give what chance alone would give instead.

    python benchmarks/interval_coverage.py --repeats 1000
    python benchmarks/interval_coverage.py --only loss --repeats 200
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from covering.case import Case, Generator, Result, holds, simulate
from covering.others import OTHERS

from pellucid.evaluation import (
    Calibration,
    Predictions,
    assess,
    bootstrap,
    compare_over_seeds,
    cross_entropy_loss,
    field_accuracy,
    guarantee,
    mcnemar,
    measure_calibration,
    own_use,
    paired_difference,
    per_class,
    predictions_of,
    proportion,
    study_seeds,
    upper_bound,
)
from pellucid.evaluation.betting import betting_interval
from pellucid.evaluation.cost import cost_at
from pellucid.evaluation.curves import gap
from pellucid.evaluation.reject import exceeded_everywhere
from pellucid.evaluation.writer_guarantee import outcome_for_writers
from pellucid.runs.studies import spread

HEAD = f"{'what':38} {'world':44} {'nominal':>9} {'actual':>7}"


def proportions() -> Iterator[Case]:
    """Return the intervals of a proportion, small n and extreme probabilities among them."""
    for n, p in ((5, 0.5), (20, 0.99), (50, 0.5), (450, 0.99), (450, 0.999), (10_000, 0.99)):

        def wilson(generator: Generator, n: int = n, p: float = p) -> bool:
            return holds(proportion(int(generator.binomial(n, p)), n), p)

        def exact(generator: Generator, n: int = n, p: float = p) -> bool:
            return holds(proportion(int(generator.binomial(n, p)), n, method="clopper-pearson"), p)

        def one_sided(generator: Generator, n: int = n, p: float = p) -> bool:
            return float(upper_bound(generator.binomial(n, 1 - p), n)) >= 1 - p

        world = f"n = {n:,}, p = {p}"
        yield Case("proportion, Wilson", world, "covers", 0.95, wilson)
        yield Case("proportion, Clopper-Pearson", world, "covers", 0.95, exact)
        yield Case("upper bound of an error", world, "covers", 0.95, one_sided)

    def newcombe(generator: Generator) -> bool:
        train, new = generator.binomial(2000, 0.99) / 2000, generator.binomial(400, 0.97) / 400
        return holds(gap(train, 2000, new, 400), 0.02)

    yield Case("gap, Newcombe", "2,000 and 400 images, 99 and 97 %", "covers", 0.95, newcombe)


def digits(
    generator: Generator, n: int, accuracy: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return labels and probabilities of ten digits, of which a share is read right."""
    labels = generator.integers(0, 10, n)
    top = np.where(generator.random(n) < accuracy, labels, (labels + generator.integers(1, 10, n)) % 10)
    return labels, np.where(top[:, None] == np.arange(10), 0.91, 0.01)


def f1() -> Iterator[Case]:
    """Return the interval of F1 of a class; its truth is the accuracy, errors being even."""
    for n, accuracy in ((360, 0.999), (450, 0.99), (2000, 0.98)):

        def trial(generator: Generator, n: int = n, accuracy: float = accuracy) -> bool:
            return holds(per_class(*digits(generator, n, accuracy))[0].f1, accuracy)

        yield Case("F1, Wilson indirect", f"n = {n:,}, accuracy {accuracy}", "covers", 0.95, trial)


def losses() -> Iterator[Case]:
    """Return the intervals of the mean loss, of which a few images make the most."""

    def draw(generator: Generator, n: int) -> npt.NDArray[np.float64]:
        large = generator.random(n) < 0.012
        return np.where(large, generator.gamma(1.5, 2, n), generator.exponential(0.004, n)).clip(1e-6, 16)

    truth = float(draw(np.random.default_rng(99), 2_000_000).mean())
    for n in (20, 100, 450, 2000):

        def trial(generator: Generator, n: int = n) -> bool:
            right = np.exp(-draw(generator, n))
            return holds(cross_entropy_loss(np.zeros(n, int), np.stack([right, 1 - right], axis=1)), truth)

        yield Case("loss, betting", f"n = {n:,}, skewed", "covers", 0.95, trial)

    def resampled(generator: Generator) -> bool:
        values = draw(generator, 100)
        return holds(bootstrap(lambda rows: values[rows].mean(axis=1), 100, resamples=300), truth)

    def constant(generator: Generator) -> bool:
        return holds(betting_interval(np.repeat(generator.random() < 0.3, 1)), 0.3)

    yield Case("(control) loss, percentile bootstrap", "n = 100, skewed", "covers", 0.95, resampled)
    yield Case("mean, betting", "n = 1", "covers", 0.95, constant)


def writers() -> Iterator[Case]:
    """Return the accuracy of fields by one writer, for new writers; a tenth of them is read badly."""
    for count, images in ((13, 30), (30, 10), (150, 30)):

        def trial(generator: Generator, count: int = count, images: int = images) -> bool:
            rate = np.where(generator.random(count) < 0.1, 0.8, 0.995)
            right = generator.random((count, images)) < rate[:, None]
            found = field_accuracy(right.ravel(), 2, np.repeat(np.arange(count), images))
            return found.measured is not None and holds(found.measured, 0.1 * 0.8**2 + 0.9 * 0.995**2)

        yield Case("field accuracy, one writer", f"{count} writers x {images}", "covers", 0.95, trial)

    def shares(generator: Generator, count: int = 150) -> npt.NDArray[np.bool_]:
        rate = np.where(generator.random(count) < 0.1, 0.8, 0.995)
        return np.asarray(generator.random((count, 30)) < rate[:, None])

    def difference(generator: Generator) -> bool:
        right = shares(generator)
        found = field_accuracy(right.ravel(), 2, np.repeat(np.arange(len(right)), 30)).difference
        accuracy = 0.1 * 0.8 + 0.9 * 0.995
        return found is not None and holds(found, 0.1 * 0.8**2 + 0.9 * 0.995**2 - accuracy**2)

    def outcome(generator: Generator) -> bool:
        right = shares(generator, 99)
        hands = np.repeat(np.arange(99), 30)
        found = outcome_for_writers(np.ones(right.size), ~right.ravel(), hands, 0.5, target=0.05)
        return holds(found.error, 0.1 * 0.2 + 0.9 * 0.005)

    def cost(generator: Generator) -> bool:
        right = shares(generator, 99)
        hands = np.repeat(np.arange(99), 30)
        costs = {"error_cost": 1.0, "check_cost": 1.0}
        found = cost_at(0.5, np.ones(right.size), ~right.ravel(), **costs, writers=hands)
        return holds(found.total, 1000 * (0.1 * 0.2 + 0.9 * 0.005))

    yield Case("field minus accuracy^k, bootstrap", "150 writers x 30", "covers", 0.95, difference)
    yield Case("error of a threshold, new writers", "99 writers x 30", "covers", 0.95, outcome)
    yield Case("cost of 1,000 fields, new writers", "99 writers x 30", "covers", 0.95, cost)

    def forgetful(generator: Generator) -> bool:
        rate = np.where(generator.random(13) < 0.1, 0.8, 0.995)
        right = generator.random((13, 250)) < rate[:, None]
        return holds(proportion(int(right.sum()), right.size), 0.1 * 0.8 + 0.9 * 0.995)

    yield Case("(control) Wilson, writers forgotten", "13 writers x 250", "covers", 0.95, forgetful)


def pairs() -> Iterator[Case]:
    """Return the test and the interval of two runs on the same images."""
    for n, gained, lost in ((50, 0.1, 0.1), (360, 0.02, 0.02), (1000, 0.02, 0.005), (10_000, 0.015, 0.015)):
        yield from of_pair(n, gained, lost)


def of_pair(n: int, gained: float, lost: float) -> Iterator[Case]:
    """Return the cases of one world of two runs: shares of images that one of them alone reads right."""

    def counts(generator: Generator) -> tuple[int, int]:
        up, down, _ = generator.multinomial(n, [gained, lost, 1 - gained - lost])
        return int(up), int(down)

    def covers(generator: Generator) -> bool:
        return holds(paired_difference(*counts(generator), n), gained - lost)

    def rejects(generator: Generator) -> bool:
        return mcnemar(*counts(generator)) <= 0.05

    def contradicts(generator: Generator) -> bool:
        found = counts(generator)
        return (mcnemar(*found) <= 0.05) == holds(paired_difference(*found, n), 0.0)

    world = f"n = {n:,}, gained {gained}, lost {lost}"
    yield Case("difference of two runs", world, "covers", 0.95, covers)
    yield Case("interval and test contradict", world, "errs", 0.0, contradicts)
    if gained == lost:
        yield Case("McNemar, mid-p", world, "errs", 0.05, rejects)


def seeds() -> Iterator[Case]:
    """Return what is told of several seeds: mean, share of the seed, and comparisons."""

    def runs(generator: Generator, count: int, name: str = "A") -> list[Predictions]:
        share = generator.normal(0.9, 0.01, count)[:, None]
        right = generator.random((count, 300)) < share
        tables = np.where(right[..., None], [0.9, 0.1], [0.1, 0.9])
        return [predictions_of(name, np.zeros(300, int), one) for one in tables]

    for count in (2, 3, 5):

        def mean(generator: Generator, count: int = count) -> bool:
            return holds(study_seeds(runs(generator, count)).mean, 0.9)

        def rejects(generator: Generator, count: int = count) -> bool:
            found = compare_over_seeds(runs(generator, count), runs(generator, count, "B"))
            return found.p_value is not None and found.p_value <= 0.05

        def share(generator: Generator, count: int = count) -> bool:
            low, high = study_seeds(runs(generator, count)).seed_share_interval
            return low <= 0.01**2 / (0.01**2 + 0.09 / 300) <= high

        yield Case("mean over seeds", f"{count} seeds, 300 images", "covers", 0.95, mean)
        yield Case("share of the seed", f"{count} seeds, 300 images", "covers", 0.95, share)
        yield Case("two experiments over seeds", f"{count} seeds, 300 images", "errs", 0.05, rejects)
    for splits in (3, 10):

        def resplit(generator: Generator, splits: int = splits) -> bool:
            points = generator.random(600) < 0.9
            shares = [float(points[generator.permutation(600)[:150]].mean()) for _ in range(splits)]
            return holds(spread("x", shares, 150, 450).mean, 0.9)

        yield Case("mean over splits, Nadeau-Bengio", f"{splits} splits of 600", "covers", 0.95, resplit)


def fields(
    generator: Generator, n: int, *, ties: bool = False, silent: float = 0.0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return the confidence of fields, and which are wrong: 30 % of the least sure tenth, 0.4 % else."""
    sure = generator.random(n)
    wrong = generator.random(n) < np.where(sure < 0.1, 0.3, 0.004 + silent)
    return (np.where(sure < 0.1, sure, 1.0) if ties else sure), wrong


def guarantees() -> Iterator[Case]:
    """Return how often a guarantee is broken, and how often a machine is refuted that is good enough."""
    for n, target, ties in ((400, 0.02, False), (3000, 0.01, False), (3000, 0.01, True), (3000, 0.03, False)):

        def broken(generator: Generator, n: int = n, target: float = target, ties: bool = ties) -> bool:
            found = guarantee(*fields(generator, n, ties=ties), target=target, layout=fields(generator, n)[0])
            if found.threshold is None:
                return False
            low = min(found.threshold, 0.1)
            risk = (0.3 * (0.1 - low) + 0.004 * (0.9 if found.threshold < 0.1 else 1 - found.threshold)) / (
                1 - min(found.threshold, 0.999999)
            )
            return risk > target

        world = f"{n:,} fields, target {target}{', ties' if ties else ''}"
        yield Case("guarantee of a threshold", world, "errs", 0.05, broken)

    def refuted(generator: Generator) -> bool:
        sure, wrong = fields(generator, 3000, silent=0.016)  # 2 % above 0.1: the target is just kept there
        return exceeded_everywhere(sure, wrong, target=0.02, layout=fields(generator, 3000)[0])

    yield Case("called not sufficient, and is", "3,000 fields, error at the target", "errs", 0.05, refuted)
    for count, images in ((60, 40), (200, 30)):

        def by_writer(generator: Generator, count: int = count, images: int = images) -> bool:
            def drawn(name: str) -> Predictions:
                bad = np.repeat(generator.random(count) < 0.15, images)
                labels = generator.integers(0, 2, count * images)
                right = generator.random(len(labels)) < np.where(bad, 0.6, 0.999)
                top = np.where(right, labels, 1 - labels)[:, None]
                return predictions_of(name, labels, np.where(top == [0, 1], 0.9, 0.1))

            hands = np.repeat(np.arange(count), images)
            found = assess(
                own_use(1, 0.06),
                drawn("a"),
                drawn("b"),
                calibration_writers=hands,
                test_writers=hands,
            ).by_writer
            return found is not None and found.guarantee.threshold is not None  # the true error is 6.1 %

        world = f"{count} writers x {images}, error just above target"
        yield Case("guarantee for new writers", world, "errs", 0.05, by_writer)


def calibrations() -> Iterator[Case]:
    """Return how often a calibrated network is called miscalibrated."""

    def drawn(generator: Generator, over: float) -> Calibration:
        sure = generator.uniform(0.6, 1.0, 400)
        labels = (generator.random(400) >= sure - over).astype(int)
        return measure_calibration(labels, np.stack([sure, 1 - sure], axis=1))

    def called(generator: Generator) -> bool:
        found = drawn(generator, 0.0)
        return found.error.value > found.by_chance

    yield Case("calibrated, called miscalibrated", "n = 400", "errs", 0.05, called)
    for over in (0.0, 0.08):

        def covers(generator: Generator, over: float = over) -> bool:
            return holds(drawn(generator, over).error, over)

        world = f"n = 400, {100 * over:.0f} points too sure"
        yield Case("calibration error", world, "covers", 0.95, covers)


GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
    "proportion": proportions,
    "f1": f1,
    "loss": losses,
    "writer": writers,
    "pair": pairs,
    "seed": seeds,
    "guarantee": guarantees,
    "calibration": calibrations,
    **OTHERS,
}
KNOWN = ("proportion, Wilson", "calibration error")


def table(results: list[Result]) -> str:
    """Return the results as text."""
    return "\n".join([HEAD, *map(line, results)])


def line(result: Result) -> str:
    """Return a result as a line of the table."""
    case = result.case
    sign, missed = ">=" if case.kind == "covers" else "<=", "known" if case.what in KNOWN else "NOT KEPT"
    mark = "" if result.kept else f"  {missed}"
    return f"{case.what:38} {case.world:44} {sign}{case.nominal:7.3f} {result.share:7.3f}{mark}"


def main() -> None:
    """Simulate, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=500, help="samples drawn in each world")
    parser.add_argument("--only", choices=GROUPS, help="one group of intervals and tests")
    arguments = parser.parse_args()
    groups = [GROUPS[arguments.only]] if arguments.only else list(GROUPS.values())
    print(HEAD)
    for group in groups:
        for case in group():
            print(line(simulate(case, arguments.repeats)), flush=True)


if __name__ == "__main__":
    main()
