"""Question 27: a complete network from the student's functions.

There is no right output to compare with: kernels, sizes and paddings are the student's own. So what is
examined is what must hold of any such network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.calling import bindings, invoke, keyword_only, reseed
from pellucid.examiner.cases import Array
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.checks import Checks
from pellucid.examiner.exams.steps import missing_steps
from pellucid.examiner.marks import QuestionResult, nothing
from pellucid.examiner.questions import find_question
from pellucid.examiner.student_errors import describe_exception

CLASSES, SIDE = 3, 28
IMAGES = (*maps.NAMES, "testimages", "digits", "xs", "xtest")
LABELS = ("labels", "label", "y", "target", "targets", "truth", "classes", "testlabels", "ytest", "t")
WEIGHTS = ("weights", "w", "parameters", "params", "theta", "model", "network")
Functions = Mapping[str, Callable[..., Any]]


def pictures(count: int, seed: int) -> tuple[Array, Array]:
    """Return images (N, 28, 28) of bars, upright, level and slanting, with noise, and their classes (N,)."""
    draw = stream(seed, "examiner: pictures", count)
    labels = np.arange(count) % CLASSES
    images = 0.1 * draw.random((count, SIDE, SIDE))
    for image, label in zip(images, labels, strict=True):
        place = 13 + int(draw.integers(-2, 3))
        if label == 0:
            image[4:24, place : place + 3] += 0.9
        elif label == 1:
            image[place : place + 3, 4:24] += 0.9
        else:
            for i in range(4, 24):
                image[i, max(0, i - 15 + place) : i - 12 + place] += 0.9
    order = draw.permutation(count)
    return np.minimum(images, 1)[order], labels[order]


def arrays_in(weights: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Array]]:
    """Yield every array of a nested structure, with the way to it.

    Examples
    --------
    >>> [path for path, _ in arrays_in({"kernels": [np.ones((2, 2)), np.ones(3)]})]
    [('kernels', 0), ('kernels', 1)]
    """
    if isinstance(weights, np.ndarray):
        yield path, weights
    elif isinstance(weights, Mapping):
        for key, value in weights.items():
            yield from arrays_in(value, (*path, key))
    elif isinstance(weights, list | tuple):
        for key, value in enumerate(weights):
            yield from arrays_in(value, (*path, key))


def kernels_in(weights: Any) -> list[tuple[tuple[Any, ...], Array]]:
    """Return the arrays that are sets of kernels: three or more axes, or named so."""
    return [
        (path, array)
        for path, array in arrays_in(weights)
        if array.ndim >= 3 or (array.ndim == 2 and any(n in str(path).lower() for n in ("kernel", "filter")))
    ]


def examine_network(functions: Functions, seed: int) -> QuestionResult:
    """Examine question 27."""
    checks = Checks(find_question(27))
    if "random_weights" not in functions:
        return nothing(
            27, "missing", "random_weights(image_shape, classes), which the network needs, is not there."
        )
    images, _ = pictures(6, seed)
    try:
        reseed(functions["random_weights"], seed)
        weights = functions["random_weights"]((SIDE, SIDE), CLASSES)
        run = bound(functions["network"], {"image": IMAGES, "weights": WEIGHTS})
        outputs = [np.asarray(run(image=image, weights=weights)) for image in images]
    except (Exception, SystemExit) as error:
        checks.lost("runs", sentence(describe_exception(error)), "stops")
        return checks.done("network")
    checks.met("runs")
    first = outputs[0]
    fine = (
        first.size == CLASSES
        and first.dtype.kind == "f"
        and (first >= 0).all()
        and np.isclose(first.sum(), 1)
    )
    checks.check(
        "probabilities",
        bool(fine),
        f"For {CLASSES} classes it returns {_brief(first)}: there should be {CLASSES} numbers from 0 to 1 "
        "with the sum 1. End with softmax.",
        "not probabilities",
    )
    matter = _kernels_that_matter(run, weights, images[0], first)
    checks.check(
        "convolutions",
        matter >= 2,
        f"The answer depends on {matter} set(s) of kernels; two convolution layers have two. (A set of "
        "kernels is an array of three or more axes among the weights.)",
        "one convolution",
    )
    _steps(checks, lambda image: np.asarray(run(image=image, weights=weights)), weights, images)
    _accuracy(checks, functions, run, weights, images)
    return checks.done("network")


def _steps(checks: Checks, run: Callable[[Array], Array], weights: Any, images: Array) -> None:
    try:
        missing = missing_steps(run, kernels_in(weights), images)
    except (Exception, SystemExit) as error:
        checks.lost("steps", sentence(describe_exception(error)), "stops")
        return
    checks.check("steps", not missing, f"{'. '.join(missing)}.", "missing step")


def _accuracy(
    checks: Checks, functions: Functions, run: Callable[..., Any], weights: Any, images: Array
) -> None:
    if "accuracy" not in functions:
        checks.lost("accuracy", "accuracy(images, labels, weights) is not there.", "missing")
        return
    likeliest = np.array([np.argmax(run(image=image, weights=weights)) for image in images])
    labels = np.where(np.arange(len(images)) < 4, likeliest, (likeliest + 1) % CLASSES)  # so 4 of 6 are right
    expected = 4 / len(images)
    try:
        measure = bound(functions["accuracy"], {"images": IMAGES, "labels": LABELS, "weights": WEIGHTS})
        got = float(measure(images=images, labels=labels, weights=weights))
    except (Exception, SystemExit) as error:
        checks.lost("accuracy", sentence(describe_exception(error)), "stops")
        return
    percent = bool(np.isclose(got, 100 * expected))
    hint = " It is a percentage: give the share." if percent else ""
    checks.check(
        "accuracy",
        bool(np.isclose(got, expected)),
        f"It gives {got:.4g}, where {expected:.4g} of the images have their largest probability at the "
        f"right class.{hint}",
        "percentage" if percent else "accuracy",
    )


def _kernels_that_matter(run: Callable[..., Any], weights: Any, image: Array, first: Array) -> int:
    matter = 0
    for _, array in kernels_in(weights):
        kept = array.copy()
        array[...] = kept[::-1] * 0.5 - 0.1
        try:
            matter += not np.allclose(
                np.asarray(run(image=image, weights=weights)), first, rtol=1e-6, atol=1e-9
            )
        finally:
            array[...] = kept
    return matter


def bound(function: Callable[..., Any], roles: Mapping[str, tuple[str, ...]]) -> Callable[..., Any]:
    """Return the function taking its arguments by role."""
    chosen, by_keyword = next(bindings(roles, {}, function)), keyword_only(function)

    def call(**given: Any) -> Any:
        values = [(name, given[role] if role is not None else value) for name, role, value in chosen]
        arguments = [value for name, value in values if name not in by_keyword]
        return invoke(function, arguments, {n: value for n, value in values if n in by_keyword})[0]

    return call


def _brief(values: Array) -> str:
    return f"{np.round(values, 3).tolist()}" if values.size <= 10 else f"an array of shape {values.shape}"


def sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."
