"""The sister exercise: scikit-learn's small digits, D1 to D11."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.evaluation import with_sentences
from pellucid.experiments import find
from pellucid.figures.confusion import confusion_matrix_text
from pellucid.figures.history import history_text
from pellucid.figures.images import images_text
from pellucid.lab.adapters import column, generalisation, tested
from pellucid.lab.conclusions import curves_of, verdict
from pellucid.lab.figures import compared_text
from pellucid.lab.networks import model_code
from pellucid.lab.questions.mnist import result_on_test, say_comparison, say_generalisation, say_history
from pellucid.lab.questions.question import Question, training_lines
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

SMALL, LARGE, FLAT = Training("digits-cnn"), Training("digits-cnn-64"), Training("digits-perceptron")
SCALED = Training("digits-cnn", scaled=True)
AGAIN = tuple(Training("digits-cnn", seed=seed) for seed in (1, 2, 3, 4))


def first_images(q: Section, scale: Scale) -> None:
    """D1."""
    q.code(
        """
from pellucid.datasets import load
from pellucid.figures import plot_images

digits = load("digits")
images = digits.x_train[:10] / digits.max_value
plot_images(images, digits.y_train[:10], title="The first ten images and their labels")
""",
        text=lambda: images_text(q["digits"].x_train[:10], q["digits"].y_train[:10]),
        trained=False,
    )


def sizes(q: Section, scale: Scale) -> None:
    """D2."""
    q.code(
        """
import numpy as np
from pellucid.datasets import load

digits = load("digits")
print("images", digits.x_train.shape, "values", digits.x_train.min(), "to", digits.x_train.max())
print("of each class", np.bincount(digits.y_train))
"""
    )
    images, labels = q["digits"].x_train, q["digits"].y_train
    counts = np.bincount(labels)
    q.record(shape=list(images.shape), low=int(images.min()), high=int(images.max()), counts=counts.tolist())
    N, H, W, C = images.shape
    q.say(
        f"{count(N)} images of {H} by {W} pixels with {C} channel, values {images.min()} to "
        f"{images.max()}; of each class {counts.min()} to {counts.max()} images."
    )


def one_hot(q: Section, scale: Scale) -> None:
    """D3."""
    q.explain(
        "Categorical cross-entropy compares two distributions over the classes, so a label becomes one: "
        "all on its own class. And a convolution wants to know how many channels an image has, so grey "
        "images get an axis of length one for it."
    )
    q.code(
        """
from pellucid.datasets import load
from pellucid.utils import to_categorical

digits = load("digits")
print(digits.y_train.shape, "->", to_categorical(digits.y_train, 10).shape)
print(digits.y_train[:3])
print(to_categorical(digits.y_train[:3], 10))
grey = digits.x_train[:, :, :, 0]
print(grey.shape, "->", grey[..., None].shape)
"""
    )


def splits(q: Section, scale: Scale) -> None:
    """D4."""
    q.code(
        training_lines(scale, small=SMALL)
        + "\n\nsmall.configuration.dataset.counts, small.configuration.dataset.split"
    )
    counts = asdict(q["small"].configuration.dataset.counts)
    total = sum(counts.values())
    q.record(counts=counts, shares=[number / total for number in counts.values()])
    q.say(
        f"{count(counts['train'])} images to train on, {count(counts['validation'])} to validate on and "
        f"{count(counts['test'])} to test on: {percent(counts['train'] / total, 0)}, "
        f"{percent(counts['validation'] / total, 0)} and {percent(counts['test'] / total, 0)}, each with "
        "the same share of every class."
    )


def model(q: Section, scale: Scale) -> None:
    """D5."""
    q.code(model_code(find("digits-cnn"), (8, 8, 1)) + "\n\nmodel.summary(print_fn=print)")
    weights = [layer.parameter_count for layer in q["model"].layers if layer.parameter_count]
    q.code(
        training_lines(scale, small=SMALL)
        + "\n\nfrom pellucid.figures import plot_history\n\nplot_history(small.history)",
        text=lambda: history_text(q["small"].history),
    )
    q.record(weights=weights, parameters=sum(weights))
    q.say(
        f"The network has {count(sum(weights))} parameters: {weights[0]} in its kernels and {weights[1]} "
        "in the dense layer."
    )
    say_history(q, q["small"])
    q.explain(
        "The activations: a rectified unit in the convolution, because without one the layers collapse into "
        "a single linear one (Q7), and softmax at the output, because it gives probabilities of the ten "
        "classes that add up to one, as categorical cross-entropy expects."
    )
    q.explain("The lab feeds the values 0 to 16 as they are. The same network on values of 0 to 1:")
    q.code(
        training_lines(scale, unscaled=SMALL, scaled=SCALED)
        + """

from pellucid.lab import plot_compared

losses = {
    "values 0-16, as the lab has it": unscaled.history.column("loss"),
    "values 0-1": scaled.history.column("loss"),
}
plot_compared(losses, "Training loss while it learns")
""",
        text=lambda: compared_text(q["losses"]),
    )
    chance = math.log(10)
    first = {name: q[name].history[0].loss for name in ("unscaled", "scaled")}
    test = {name: tested(q[name]) for name in ("unscaled", "scaled")}
    q.record(chance=chance, first=first, test=test, epochs=len(q["small"].history))
    sure = ", so it is sure and wrong," if first["unscaled"] > chance else ""
    q.watch(
        f"Guessing gives a loss of ln 10 = {chance:.2f}. In its first epoch the network has a mean "
        f"loss of {first['unscaled']:.2f} on raw values{sure} and of {first['scaled']:.2f} on scaled ones. "
        f"After {len(q['small'].history)} epochs the test accuracy is "
        f"{percent(test['unscaled']['accuracy'])} on raw and {percent(test['scaled']['accuracy'])} on "
        "scaled values. Scale the inputs, and then choose the learning rate and the epochs for scaled "
        "inputs."
    )
    q.record(ten=10)


def converged(q: Section, scale: Scale) -> None:
    """D6."""
    q.code(
        training_lines(scale, small=SMALL)
        + "\n\nfrom pellucid.lab import generalisation\n\ngeneralisation(small).converged"
    )
    q.say(_converged_words(q))
    say_generalisation(q, q["small"])


def _converged_words(q: Section) -> str:
    """Return whether the training loss still falls at the end."""
    read, losses = generalisation(q["small"]), column(q["small"], "train_loss")
    trend = None if read.train_loss is None else read.train_loss.trend
    q.record(losses=losses, end=len(losses), trend=None if trend is None else trend.as_dict())
    course = f"Over {len(losses)} epochs the training loss falls from {losses[0]:.4f} to {losses[-1]:.4f}"
    if trend is None:
        return f"{course}; these are too few epochs to see whether it has converged."
    pace = f"{abs(trend.value):.2g} per epoch"
    if read.converged == "no" and trend.value < 0:
        return f"It has not converged: {course[0].lower()}{course[1:]}, and at the end still by {pace}."
    if read.converged == "no":
        return f"It does not converge: at the end the training loss rises by {pace}. {course}."
    if read.converged == "yes":
        return f"It has converged: {course[0].lower()}{course[1:]} and stands still there."
    return f"{course}. At the end it changes by {pace}, no more than it goes up and down by chance."


def from_run_to_run(q: Section, scale: Scale) -> None:
    """D7."""
    runs = {f"seed_{training.seed}": training for training in (SMALL, *AGAIN)}
    q.code(
        training_lines(scale, **runs)
        + f"\n\nruns = [{', '.join(runs)}]\n"
        + "accuracies = [run.results.test.accuracy for run in runs]\naccuracies"
    )
    accuracies = np.array(q["accuracies"])
    found: list[RunData] = q["runs"]
    test = tested(found[0])
    changes = "Yes" if np.ptp(accuracies) else "Not here"
    low, high, spread = float(accuracies.min()), float(accuracies.max()), float(accuracies.std(ddof=1))
    q.record(accuracies=accuracies, spread=spread, runs=len(found), n=test["n"], one=1, low=test["low"])
    q.record(high=test["high"], level=0.95)
    q.say(
        f"{changes}: {len(found)} runs that differ in nothing but the seed read {percent(low)} to "
        f"{percent(high)} of the same {count(test['n'])} test images right, with a standard deviation of "
        f"{100 * spread:.2f} points. The test images add their own chance: the interval of one run alone "
        f"goes from {percent(test['low'])} to {percent(test['high'])} (95 %). A difference smaller than "
        "that, from one run each, shows nothing. The same seed always gives the same results."
    )


def confusion(q: Section, scale: Scale) -> None:
    """D8."""
    q.explain("Rows are the true class, columns the predicted one: the diagonal is right.")
    q.code(
        training_lines(scale, small=SMALL)
        + """

from pellucid.figures import plot_confusion_matrix

plot_confusion_matrix(small.matrix, title="Confusion matrix of the test images")
""",
        text=lambda: confusion_matrix_text(q["small"].matrix),
    )
    q.code('print("test images of each class:", small.matrix.sum(axis=1))')
    q.explain("Divided by the number of images of each *true* class, which is by rows:")
    q.code(
        """
plot_confusion_matrix(small.matrix, normalize="true", title="In percent of each true class")
""",
        text=lambda: confusion_matrix_text(q["small"].matrix, normalize="true"),
    )
    matrix = q["small"].matrix
    rows = matrix.sum(axis=1)
    recall = np.diag(matrix) / rows
    worst = int(recall.argmin())
    by_columns = matrix / rows  # the mistake: NumPy divides column j by count j
    sums = by_columns.sum(axis=1)
    q.record(recall=recall, worst=worst, rows=rows, sums=sums)
    q.say(f"Class {worst} is read worst: {percent(recall[worst], 1)} of its {rows[worst]} images are right.")
    q.record(whole=1.0)
    q.watch(
        "`matrix / matrix.sum(axis=1)` looks right and is not: NumPy divides column j by the count of "
        f"class j. The rows of that matrix add up to {percent(float(sums.min()), 1)} to "
        f"{percent(float(sums.max()), 1)} instead of 100 %."
    )


def more_filters(q: Section, scale: Scale) -> None:
    """D10."""
    q.code(
        training_lines(scale, small=SMALL, large=LARGE)
        + """

from pellucid.lab import plot_compared

accuracies = {
    f"{name} filters, {images}": run.history.column(f"{key}_accuracy")
    for name, run in {"5": small, "64": large}.items()
    for key, images in {"train": "training", "val": "validation"}.items()
}
plot_compared(accuracies, "Accuracy, measured after each epoch", shares=True)
""",
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_comparison(q, q["small"], q["large"])
    parameters = [q[name].configuration.parameters for name in ("small", "large")]
    q.record(parameters=parameters)
    q.say(f"The parameters go from {count(parameters[0])} to {count(parameters[1])}.")


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
    for pair in q["pairs"]:
        q.say(verdict(pair))
    q.explain("The p-values are corrected for making three comparisons at once (Holm's method).")


def _fitted(q: Section, scale: Scale) -> None:
    """D9."""
    result_on_test(q, scale, "small", SMALL)
    found = curves_of(q["small"])
    test = tested(q["small"])["accuracy"]
    apart = test - found.val[-1]
    q.record(val=found.val[-1], apart=apart, validation_images=found.validation.n)
    q.say(
        f"Validation accuracy after the last epoch is {percent(found.val[-1])}, {abs(100 * apart):.1f} "
        f"points {'below' if apart > 0 else 'above'} the test accuracy, although neither set was learned "
        f"from: with {found.validation.n} validation images chance alone moves it by several points."
    )
    q.explain(
        "Whether the training was successful is answered by the test accuracy, or by validation accuracy "
        "while choices are still made, never by training accuracy: that only says how well the network reads "
        "images that it has already learned from."
    )


QUESTIONS = (
    Question("D1", "The first images", "Show the first ten images with their labels.", first_images),
    Question("D2", "Sizes and counts", "How many images are there, how large, and of which values?", sizes),
    Question("D3", "One-hot labels and the channel axis", "Bring labels and images into form.", one_hot),
    Question("D4", "The splits", "Part the images for training, validation and test.", splits, (SMALL,)),
    Question(
        "D5", "Model and history", "Define, compile and train; plot the history.", model, (SMALL, SCALED)
    ),
    Question("D6", "Convergence", "Did it converge?", converged, (SMALL,)),
    Question(
        "D7", "From run to run", "Does the accuracy change from run to run?", from_run_to_run, (SMALL, *AGAIN)
    ),
    Question("D8", "The confusion matrix", "Which class is taken for which?", confusion, (SMALL,)),
    Question("D9", "Test results", "What are loss and accuracy on the test set?", _fitted, (SMALL,)),
    Question("D10", "More filters", "Do more filters help?", more_filters, (SMALL, LARGE)),
    Question("D11", "The perceptron", "Is it better than a single layer?", perceptron, (FLAT, SMALL, LARGE)),
)
