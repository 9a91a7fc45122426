"""The sister exercise, D8 and D9: the confusion matrix and the test results of the small digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.evaluation.curves import difference
from pellucid.evaluation.intervals import proportion
from pellucid.figures.confusion import confusion_matrix_text
from pellucid.lab.adapters import column, tested
from pellucid.lab.conclusions import curves_of, points
from pellucid.lab.questions.digits import AGAIN, SEEDS, SMALL
from pellucid.lab.questions.mnist import result_on_test
from pellucid.lab.questions.question import Question, training_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation.intervals import Estimate
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale


def confusion(q: Section, scale: Scale) -> None:
    """D8."""
    q.explain(
        "Rows are the true class, columns the predicted one: the diagonal is right. The colour bar is not "
        "linear, so that single errors can be seen beside the diagonal."
    )
    q.code(
        training_lines(scale, small=SMALL)
        + """

import numpy as np
from pellucid.figures import plot_confusion_matrix

plot_confusion_matrix(small.matrix, title="Confusion matrix of the test images")
""",
        text=lambda: confusion_matrix_text(q["small"].matrix),
    )
    q.explain(
        "Normalised: each row is divided by the number of test images of its *true* class. The counts have "
        "to stand in a column for that, or NumPy divides the columns instead:"
    )
    q.code(
        """
counts = small.matrix.sum(axis=1)  # (10,): test images of each true class
print("test images of each class:", counts)
normalised = small.matrix / counts[:, np.newaxis]
print("each row adds up to", normalised.sum(axis=1))
plot_confusion_matrix(small.matrix, normalize="true", title="In percent of each true class")
""",
        text=lambda: confusion_matrix_text(q["small"].matrix, normalize="true"),
    )
    _say_confusion(q)


def _say_confusion(q: Section) -> None:
    """Conclude which class is read worst and for what it is taken, and warn of the wrong axis."""
    matrix = q["small"].matrix
    rows = matrix.sum(axis=1)
    recall = np.diag(matrix) / rows
    worst, best = int(recall.argmin()), int(recall.argmax())
    wrong = matrix - np.diag(np.diag(matrix))
    true, taken = (int(one) for one in np.unravel_index(wrong.argmax(), wrong.shape))
    sums = (matrix / rows).sum(axis=1)  # the mistake: NumPy divides column j by count j
    q.record(
        recall=recall, rows=rows, sums=sums, whole=1.0, pair=[true, taken, wrong[true, taken]],
        extremes=[worst, best],
    )  # fmt: skip
    q.conclude(
        f"Class {worst} is read worst, with {percent(recall[worst], 1)} of its {rows[worst]} test images "
        f"right, and class {best} best, with {percent(recall[best], 1)} of {rows[best]}. The most frequent "
        f"mistake is to take a {true} for a {taken}, {wrong[true, taken]} times."
    )
    q.watch(
        "`matrix / matrix.sum(axis=1)` looks right and is not: NumPy divides column j by the count of "
        f"class j. The rows of that matrix add up to {percent(float(sums.min()), 1)} to "
        f"{percent(float(sums.max()), 1)} instead of 100 %."
    )


def test_results(q: Section, scale: Scale) -> None:
    """D9."""
    result_on_test(q, scale, "small", SMALL)
    q.code(
        training_lines(scale, **SEEDS)
        + f"""

for run in ({", ".join(SEEDS)}):
    print(f"validation {{run.history[-1].val_accuracy:.4f}}, test {{run.results.test.accuracy:.4f}}")
"""
    )
    found = [q[name] for name in SEEDS]
    test, val = tested(found[0]), curves_of(found[0]).validation
    apart = difference(proportion(test["correct"], test["n"]), val)
    of_runs = [tested(run)["accuracy"] - column(run, "val_accuracy")[-1] for run in found]
    q.record(apart=apart.as_dict(), val=val.as_dict(), of_runs=of_runs, runs=len(found), n=test["n"])
    q.say(
        f"Validation accuracy after the last epoch is {percent(val.value)} of {val.n} images, test accuracy "
        f"{percent(test['accuracy'])} of {test['n']}, although the network learned from neither. They differ "
        f"by {points(apart)}. {apart_words(apart, of_runs)}"
    )
    q.explain(
        "The training is judged by the test accuracy, which is looked at once, when all choices have been "
        "made. Whether it has converged is answered in D6."
    )


def apart_words(apart: Estimate, of_runs: Sequence[float]) -> str:
    """Return what explains that test and validation accuracy differ, in this run and in those of other seeds.

    Examples
    --------
    >>> apart_words(difference(proportion(412, 450), proportion(307, 337)), [0.005, -0.01])
    'With so few images that is no more than chance.'
    """
    if apart.low <= 0 <= apart.high:
        return "With so few images that is no more than chance."
    same = sum(one * apart.value > 0 for one in of_runs)
    low, high = (100 * one for one in (min(of_runs), max(of_runs)))
    harder = "validation" if apart.value > 0 else "test"
    if same < len(of_runs):
        return (
            f"That is rare by chance alone, but only {same} of the {len(of_runs)} runs with other seeds show "
            f"it ({low:.1f} to {high:.1f} points)."
        )
    return (
        f"That is rare by chance alone, and all {len(of_runs)} seeds of D7 show it ({low:.1f} to {high:.1f} "
        f"points). It therefore lies in the split and not in the network: the {harder} images that were "
        "drawn happen to be harder. With so few images that can happen; several splits (cross-validation) "
        "would average it out."
    )


QUESTIONS = (
    Question(
        "D8",
        "The confusion matrix",
        "Print the test images of each class and draw the confusion matrix, as counts and normalised.",
        confusion,
        (SMALL,),
    ),
    Question(
        "D9",
        "Test results",
        "What are loss and accuracy on the test set, and how do they agree with validation?",
        test_results,
        (SMALL, *AGAIN),
    ),
)
