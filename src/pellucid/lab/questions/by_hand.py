"""Q26 to Q28: backpropagation to the kernels, a complete network of these functions, and its 100 cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.figures.cycles import cycles_text
from pellucid.figures.maps import kernels_text
from pellucid.lab.adapters import column, known, tested
from pellucid.lab.questions.question import Question, reported_by_others, training_lines
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

BY_HAND = Training("mnist-by-hand")


def to_the_kernels(q: Section, scale: Scale) -> None:
    """Q26."""
    q.explain(
        "A kernel's weight touches every place of the image that the kernel was laid on, so its gradient "
        "is the sum, over all places, of the pixel under it times the gradient of the value that was made "
        "there: a convolution of the image with the gradient. A proof by measuring: each weight is moved "
        "a little, and the change of the outcome is held against the gradient."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import check_gradients, convolve, convolve_backward

generator = np.random.default_rng(0)
images, kernels = generator.normal(size=(2, 6, 6, 2)), generator.normal(size=(3, 3, 2, 4))
bias = generator.normal(size=4)
report = check_gradients(convolve, convolve_backward, images, kernels, bias)
print(report)

upstream = generator.normal(size=(2, 4, 4, 4))  # dLoss/dMaps
_, d_kernels, _ = convolve_backward(upstream, images, kernels)
moved = kernels.copy()
moved[0, 0, 0, 0] += 1e-6
slope = np.sum(upstream * (convolve(images, moved) - convolve(images, kernels))) / 1e-6
print(f"gradient {d_kernels[0, 0, 0, 0]:.6f}, measured slope {slope:.6f}")
"""
    )
    report = q["report"]
    gradient, slope = float(q["d_kernels"][0, 0, 0, 0]), float(q["slope"])
    q.record(weights=int(q["kernels"].size), gradient=gradient, slope=slope, right=bool(report.ok))
    verdict = "agree with the measured slopes" if report.ok else "do NOT agree with the measured slopes"
    q.say(
        f"The gradients of all {q['kernels'].size} weights {verdict}. For the first weight: gradient "
        f"{gradient:.6f}, slope measured by moving it {slope:.6f}."
    )


def network(q: Section, scale: Scale) -> None:
    """Q27."""
    q.explain(
        "Two convolutions, each followed by rectification, normalisation within each map and max pooling, "
        "then a fully connected layer and softmax; every step forward and back is one function of Q20 to "
        "Q26. The whole file, `pellucid/experiments/mnist_by_hand.py`, is meant to be read; its forward "
        "pass:"
    )
    q.code(
        """
import inspect
from pellucid.experiments import mnist_by_hand

print(inspect.getsource(mnist_by_hand.forward))
"""
    )
    q.code(
        training_lines(scale, by_hand=BY_HAND)
        + '\n\nfrom pellucid.figures import plot_kernels\n\nplot_kernels(by_hand.pictures["kernels"])',
        text=lambda: kernels_text(q["by_hand"].pictures["kernels"]),
    )
    run: RunData = q["by_hand"]
    test = tested(run)
    classes = len(run.classes)
    parameters = known(run.configuration.parameters)
    seen = len(run.history) * known(run.configuration.training.images_per_cycle)
    q.record(test=test, parameters=parameters, chance=1 / classes, seen=seen, level=0.95)
    q.say(
        f"With {count(parameters)} parameters, and after {count(seen)} images seen, "
        f"it reads {percent(test['accuracy'])} of {count(test['n'])} test images right (95 % interval "
        f"{percent(test['low'])} to {percent(test['high'])}); guessing would give "
        f"{percent(1 / classes, 0)}. Above, the kernels that it learned from random weights."
    )


def cycles(q: Section, scale: Scale) -> None:
    """Q28."""
    q.code(
        training_lines(scale, by_hand=BY_HAND)
        + """

from pellucid.figures import plot_cycles

accuracies = by_hand.history.column("val_accuracy")
plot_cycles(accuracies, n=by_hand.configuration.dataset.counts.validation,
            images_per_cycle=by_hand.images_per_cycle)
""",
        text=lambda: cycles_text(
            q["accuracies"],
            n=q["by_hand"].configuration.dataset.counts.validation,
            images_per_cycle=q["by_hand"].images_per_cycle,
        ),
    )
    run: RunData = q["by_hand"]
    accuracies, seconds = column(run, "val_accuracy"), column(run, "seconds")
    best = int(np.argmax(accuracies)) + 1
    passed = next((cycle for cycle, one in enumerate(accuracies, 1) if one >= 0.9), None)
    per_cycle = known(run.configuration.training.images_per_cycle)
    held_out = known(run.configuration.dataset.counts.validation)
    q.record(
        cycles=len(accuracies), accuracies=accuracies, best=best, passed=passed, mark=0.9, one=1,
        per_cycle=per_cycle, held_out=held_out, seconds=sum(seconds),
    )  # fmt: skip
    when = f"It passes 90 % in cycle {passed}." if passed else "It does not pass 90 %."
    q.say(
        f"Over {len(accuracies)} cycles of {count(per_cycle)} images, {sum(seconds):.1f} s in all, the "
        f"accuracy on {count(held_out)} held-out images goes from {percent(accuracies[0], 1)} after cycle "
        f"1 to {percent(accuracies[-1], 1)}. {when} The highest, {percent(accuracies[best - 1], 1)}, is "
        f"that after cycle {best}; the line goes up and down within the band, which is how sure "
        f"{count(held_out)} images can be."
    )
    told = reported_by_others("mnist-by-hand") if run.configuration.experiment.reported else ""
    q.explain(told or "In the reports that this lab was made from, nobody got as far as this question.")


QUESTIONS = (
    Question("Q26", "Backpropagation to the kernels", "Bring the error back to the kernels.", to_the_kernels),
    Question(
        "Q27", "A complete network by hand", "Build a network with two convolutions.", network, (BY_HAND,)
    ),
    Question(
        "Q28", "100 cycles", "Learn MNIST with it; plot the accuracy over 100 cycles.", cycles, (BY_HAND,)
    ),
)
