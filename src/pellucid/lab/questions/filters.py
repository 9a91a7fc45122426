"""The sister exercise, D10 and D11: how many filters, and whether they beat a single layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation import with_sentences
from pellucid.lab.adapters import tested
from pellucid.lab.conclusions import verdict
from pellucid.lab.figures import compared_text
from pellucid.lab.filter_curve import curve_text
from pellucid.lab.questions.digits import SMALL
from pellucid.lab.questions.question import Question, curves_lines, training_lines
from pellucid.lab.questions.saying import say_comparison
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pellucid.evaluation import Comparison
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale

LARGE, FLAT = Training("digits-cnn-64"), Training("digits-perceptron")
FILTERS, SEEDS = (1, 2, 5, 10, 20, 64), range(5)
CURVE = tuple(
    Training("digits-cnn", seed=seed, filters=None if number == 5 else number)
    for number in FILTERS
    for seed in SEEDS
)


LITTLE = 0.01  # a gain in accuracy of less than one point is called hardly any


def more_filters(q: Section, scale: Scale) -> None:
    """D10."""
    _curve(q, scale)
    q.explain("The two networks that the exercise asks for, epoch by epoch:")
    q.code(
        training_lines(scale, small=SMALL, large=LARGE)
        + curves_lines({"5 filters": "small", "64 filters": "large"}),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_comparison(q, q["small"], q["large"])
    parameters = [q[name].configuration.parameters for name in ("small", "large")]
    q.record(parameters=parameters, filters=[5, 64])
    q.say(f"5 filters make {count(parameters[0])} parameters, 64 filters {count(parameters[1])}.")


def _curve(q: Section, scale: Scale) -> None:
    """Plot test accuracy against the number of filters, over several seeds, and conclude from it."""
    given = {key: value for key, value in scale.settings(SMALL).items() if key != "seed"}
    settings = "".join(f", {key}={value!r}" for key, value in given.items())
    q.code(
        f"""
from pellucid.lab import plot_filters, training

curve = {{
    filters: [
        training("digits-cnn", filters=filters, seed=seed{settings}).results.test.accuracy
        for seed in range({scale.repeats})
    ]
    for filters in {FILTERS}
}}
plot_filters(curve, "Test accuracy against the number of filters")
""",
        text=lambda: curve_text(q["curve"]),
    )
    curve: dict[int, list[float]] = q["curve"]
    q.record(
        curve=[[filters, np.mean(accuracies), *accuracies] for filters, accuracies in curve.items()],
        repeats=scale.repeats,
    )
    q.conclude(filters_words(curve))


def filters_words(curve: Mapping[int, Sequence[float]]) -> str:
    """Return whether more filters help, and from how many on they hardly do.

    Examples
    --------
    >>> filters_words({1: [0.2, 0.3], 20: [0.96, 0.98], 64: [0.97, 0.99]})
    'More filters help, up to a point: over 2 seeds, the network reads 25.00 % of the test images right with 1
    filter, 97.00 % with 20, and 98.00 % with 64 (means). From 20 filters on the runs overlap with those of
    64: beyond that, more filters add weights but hardly any accuracy.'
    """
    means = {filters: float(np.mean(accuracies)) for filters, accuracies in curve.items()}
    first, *_, last = curve
    enough = next(
        filters
        for filters, accuracies in curve.items()
        if max(accuracies) >= min(curve[last]) or means[last] - means[filters] < LITTLE
    )
    if enough == first:
        return (
            f"More filters make no difference that can be seen over {len(curve[first])} seeds: with {first} "
            f"the network reads {percent(means[first])} of the test images right (mean), with {last} "
            f"{percent(means[last])}."
        )
    told = [f"{percent(means[filters])} with {filters}" for filters in curve if filters != first]
    listed = ", ".join(told[:-1]) + f", and {told[-1]}"
    until = (
        f"From {enough} filters on the runs {_near(curve, enough, last)} those of {last}: beyond that, more "
        "filters add weights but hardly any accuracy."
        if enough != last
        else f"Even the last step, to {last} filters, adds more than the seeds differ."
    )
    return (
        f"More filters help{', up to a point' if enough != last else ''}: over {len(curve[first])} seeds, "
        f"the network reads {percent(means[first])} of the test images right with "
        f"{counted(first, 'filter')}, {listed} (means). {until}"
    )


def better_words(pair: Comparison, name: str) -> str:
    """Return whether a network beats a single layer, in one plain sentence."""
    if not pair.significant():
        return f"With {name} the network is not seen to be better or worse than a single layer."
    return f"With {name} it is {'better' if pair.difference.value > 0 else 'worse'} than a single layer."


def _near(curve: Mapping[int, Sequence[float]], enough: int, last: int) -> str:
    return "overlap with" if max(curve[enough]) >= min(curve[last]) else "are within one point of"


def perceptron(q: Section, scale: Scale) -> None:
    """D11."""
    q.code(
        training_lines(scale, flat=FLAT, small=SMALL, large=LARGE)
        + """

from pellucid.evaluation import compare_all
from pellucid.lab import predictions

pairs = compare_all([predictions(run) for run in (flat, small, large)])
"""
    )
    found = {name: tested(q[name]) for name in ("flat", "small", "large")}
    sizes = {name: q[name].configuration.parameters for name in found}
    pairs = [{**with_sentences(pair), "changed": pair.changed} for pair in q["pairs"]]
    q.record(test=found, parameters=sizes, pairs=pairs)
    names = {"flat": "single layer", "small": "5 filters", "large": "64 filters"}
    q.record(filters=[5, 64])
    q.table(
        ("network", "parameters", "test accuracy", "95 % interval", "test loss"),
        [
            (
                names[name], count(sizes[name]), percent(test["accuracy"]),
                f"{percent(test['low'])} to {percent(test['high'])}", f"{test['loss']:.4f}",
            )
            for name, test in found.items()
        ],
    )  # fmt: skip
    small, large = (pair for pair in q["pairs"] if pair.a == FLAT.name)
    q.conclude(f"{better_words(small, '5 filters')} {better_words(large, '64 filters')}")
    for pair in q["pairs"]:
        q.conclude(verdict(pair))
    q.explain("The p-values are corrected for making three comparisons at once (Holm's method).")


QUESTIONS = (
    Question(
        "D10",
        "More filters",
        "Do more filters help, and how many are enough?",
        more_filters,
        (SMALL, LARGE, *CURVE),
    ),
    Question("D11", "The perceptron", "Is it better than a single layer?", perceptron, (FLAT, SMALL, LARGE)),
)
