"""Proposes points for the parts of a question that can be read, each with what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pellucid.examiner.written.answers import PartAnswer, Point
from pellucid.examiner.written.comparing import compare_layers, compare_training
from pellucid.examiner.written.evidence import Evidence
from pellucid.examiner.written.expectations import judge_curves, judge_test
from pellucid.examiner.written.findings import Finding
from pellucid.examiner.written.questions import QUESTIONS, Part, WrittenQuestion
from pellucid.examiner.written.values import Data, Evaluation, Network
from pellucid.experiments import Experiment, find

NOT_FOUND = "No such network was found in the file."
SAVED = "Was the notebook run, and saved with its outputs?"
NO_OUTPUT = f"No output of it is stored in the file. {SAVED}"
NOT_DRAWN = "No drawing of its history was found in the code."
RULE = "Each difference costs half of the part, at most one point."
OTHER_PART = {"train": "training", "validation": "validation"}


def propose(question: WrittenQuestion, evidence: Evidence) -> tuple[PartAnswer, ...]:
    """Return a question's parts, with the points proposed for those that can be read."""
    network = evidence.networks.get(question.experiment)
    answers = []
    for part, points in question.parts:
        if part is Part.PROSE:
            answers.append(PartAnswer(part, points))
        elif network is None:
            answers.append(PartAnswer(part, points, None, (Point(NOT_FOUND, agrees=None),)))
        else:
            answers.append(HOW[part](part, points, network, find(question.experiment), evidence))
    return tuple(answers)


def points_of(findings: Iterable[Finding], evidence: Evidence) -> tuple[Point, ...]:
    """Return findings with their places in words."""
    return tuple(Point(one.text, evidence.place(one.line), one.agrees) for one in findings)


def less(points: float, differences: int) -> float:
    """Return the points that are left for so many differences.

    Examples
    --------
    >>> less(4, 1), less(1, 1), less(1, 3)
    (3, 0.5, 0)
    """
    return max(0, points - differences * min(1, points / 2))


def _compared(
    part: Part, points: float, network: Network, experiment: Experiment, evidence: Evidence
) -> PartAnswer:
    """Propose points for a network, its training, or both."""
    findings: list[Finding] = []
    if part in (Part.NETWORK, Part.WHOLE):
        findings += compare_layers(network, experiment)
    if part in (Part.TRAINING, Part.WHOLE):
        findings += compare_training(network, experiment)
    counted = sum(one.agrees is False for one in findings)
    if part in (Part.TRAINING, Part.WHOLE):
        findings += _of_curves(network, experiment, evidence)
    return PartAnswer(part, points, less(points, counted), points_of(findings, evidence))


def _of_curves(network: Network, experiment: Experiment, evidence: Evidence) -> Sequence[Finding]:
    """Return what the output of a training shows; it is told, and costs nothing more."""
    fit = network.fits[0] if network.fits else None
    curves = evidence.training_of(fit) if fit else None
    return judge_curves(curves, experiment, fit.line) if fit and curves else ()


def _console(
    part: Part, points: float, network: Network, experiment: Experiment, evidence: Evidence
) -> PartAnswer:
    fit = network.fits[0] if network.fits else None
    curves = evidence.training_of(fit) if fit else None
    if fit is None or curves is None:
        return PartAnswer(part, points, None, (Point(NO_OUTPUT, evidence.place(network.line), None),))
    place = evidence.place(fit.line)
    shown = ", ".join(curves.values) or "no figures"
    found = [Point(f"The output shows {curves.epochs} epochs with {shown}.", place)]
    times = _times(curves.seconds)
    found.append(
        Point(f"It shows the time: {times}." if times else "It shows no time per epoch.", place, bool(times))
    )
    whole = curves.epochs >= experiment.epochs
    if not whole:
        found.append(Point(f"{experiment.epochs} epochs are asked for.", place, False))
    return PartAnswer(part, points, less(points, (not times) + (not whole)), tuple(found))


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    first, last = f"{min(seconds):g}", f"{max(seconds):g}"
    return f"{first if first == last else f'{first} to {last}'} s an epoch"


def _plot(
    part: Part, points: float, network: Network, experiment: Experiment, evidence: Evidence
) -> PartAnswer:
    fits = [fit for one in evidence.twins(network) for fit in one.fits]
    drawn = {name: line for fit in fits for name, line in fit.drawn.items()}
    if not drawn:
        return PartAnswer(part, points, None, (Point(NOT_DRAWN, evidence.place(network.line), None),))
    place = evidence.place(min(drawn.values()))
    both = any({name, f"val_{name}"} <= set(drawn) for name in ("accuracy", "loss"))
    names = ", ".join(sorted(drawn))
    found = [Point(f"Drawn: {names}.", place, both)]
    if not both:
        found.append(Point("Training and validation belong in one drawing.", place, False))
    cell = evidence.cell_of(min(drawn.values()))
    if cell is not None and not cell.figures:
        found.append(
            Point("Its cell has no picture stored: was the notebook saved with its outputs?", place, None)
        )
    return PartAnswer(part, points, points if both else points / 2, tuple(found))


def _test(
    part: Part, points: float, network: Network, experiment: Experiment, evidence: Evidence
) -> PartAnswer:
    tests = [test for one in evidence.twins(network) for test in one.evaluations if test.method == "evaluate"]
    if not tests:
        words = "No evaluate of this network was found."
        return PartAnswer(part, points, None, (Point(words, evidence.place(network.line), None),))
    on_test = _meant(tests, network, experiment, evidence)
    found = [_tested_on(on_test, evidence)]
    figures = evidence.test_of(on_test)
    judged = None if figures is None else judge_test(figures, experiment, on_test.line)
    if judged is None:
        found.append(Point(NO_OUTPUT, evidence.place(on_test.line), None))
        return PartAnswer(part, points, 0 if found[0].agrees is False else None, tuple(found))
    found += points_of([judged], evidence)
    return PartAnswer(part, points, less(points, sum(one.agrees is False for one in found)), tuple(found))


def _meant(
    tests: Sequence[Evaluation], network: Network, experiment: Experiment, evidence: Evidence
) -> Evaluation:
    """Return the test that a question is about: under its heading; else the first after training."""
    begun = network.fits[0].time if network.fits else 0
    after = [one for one in tests if one.time > begun] or tests
    on_test = [one for one in after if _part_of(one) == "test"] or after
    numbers = {one.number for one in QUESTIONS if one.experiment == experiment.name}
    own = (one for one in on_test if numbers.intersection(evidence.questions_at(one.line)))
    return next(own, on_test[0])


def _part_of(evaluation: Evaluation) -> str:
    return evaluation.images.part if isinstance(evaluation.images, Data) else ""


def _tested_on(evaluation: Evaluation, evidence: Evidence) -> Point:
    part, place = _part_of(evaluation), evidence.place(evaluation.line)
    if part == "test":
        return Point("It is tested on the test images.", place)
    if part:
        return Point(
            f"It is tested on the {OTHER_PART.get(part, part)} images, not on the test images.", place, False
        )
    return Point("On which images it is tested cannot be read from the text.", place, None)


HOW: Mapping[Part, Callable[[Part, float, Network, Experiment, Evidence], PartAnswer]] = {
    Part.NETWORK: _compared,
    Part.TRAINING: _compared,
    Part.WHOLE: _compared,
    Part.CONSOLE: _console,
    Part.PLOT: _plot,
    Part.TEST: _test,
}
