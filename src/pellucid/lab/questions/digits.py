"""The sister exercise: scikit-learn's small digits, D1 to D7."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.experiments import find
from pellucid.figures.history import history_text
from pellucid.figures.images import images_text
from pellucid.lab.adapters import column, generalisation, tested
from pellucid.lab.conclusions import curves_of
from pellucid.lab.figures import compared_text
from pellucid.lab.questions.question import Question, compared_lines, training_lines
from pellucid.lab.questions.saying import say_generalisation, say_history
from pellucid.lab.recipes import show_network
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

SMALL = Training("digits-cnn")
SCALED = Training("digits-cnn", scaled=True)
AGAIN = tuple(Training("digits-cnn", seed=seed) for seed in (1, 2, 3, 4))
SEEDS = {f"seed_{training.seed}": training for training in (SMALL, *AGAIN)}


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
    q.conclude(
        f"There are {count(N)} images of {H} by {W} pixels with {C} channel, values {images.min()} to "
        f"{images.max()}; of each class {counts.min()} to {counts.max()} images."
    )


def one_hot(q: Section, scale: Scale) -> None:
    """D3."""
    q.explain(
        "Categorical cross-entropy compares two distributions over the classes, so a label becomes one: "
        "all on its own class. A convolution has to know how many channels an image has, so grey images "
        "get an axis of length one for it."
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
    N, classes = q["to_categorical"](q["digits"].y_train, 10).shape
    images = q["grey"].shape
    q.record(labels=[N, classes], images=list(images), channels=1)
    q.conclude(
        f"The labels `y` have {N:,} values before and shape `({N}, {classes})` after: one row for each of "
        f"the {count(N)} images, one column for each of the {classes} classes, and in each row a single one. "
        f"The images have shape `{images}` without the channel axis and `{(*images, 1)}` with it: "
        f"{images[1]} by {images[2]} pixels, 1 channel."
    )


def splits(q: Section, scale: Scale) -> None:
    """D4."""
    q.code(
        """
from pellucid.datasets import load, stratified_split
from pellucid.utils import to_categorical

digits = load("digits")
images, targets = digits.x_train.astype("float32"), to_categorical(digits.y_train, 10)
rest, test = stratified_split(digits.y_train, 0.25, seed=0, purpose="test part")
train, held_out = stratified_split(digits.y_train[rest], 0.25, seed=0, purpose="validation part")
train, held_out = rest[train], rest[held_out]  # rows of the images
print(images[train].shape, images[held_out].shape, images[test].shape)
"""
    )
    q.explain("The run that the next questions read was trained on these images, and its folder says so:")
    q.code(
        training_lines(scale, small=SMALL)
        + """

counts = small.configuration.dataset.counts
print("train", counts.train, "- validation", counts.validation, "- test", counts.test)
"""
    )
    counts = asdict(q["small"].configuration.dataset.counts)
    total = sum(counts.values())
    q.record(counts=counts, shares=[number / total for number in counts.values()])
    q.conclude(
        f"There are {count(counts['train'])} images to train on, {count(counts['validation'])} to validate "
        "on and "
        f"{count(counts['test'])} to test on: {percent(counts['train'] / total, 0)}, "
        f"{percent(counts['validation'] / total, 0)} and {percent(counts['test'] / total, 0)}, each with "
        "the same share of every class."
    )


def model(q: Section, scale: Scale) -> None:
    """D5."""
    q.explain(
        "Which activations? Relu in the convolution: without a non-linear unit the layers collapse into a "
        "single linear one (Q7). Softmax at the output: it gives probabilities of the ten classes that add "
        "up to one, as categorical cross-entropy expects."
    )
    show_network(q, find("digits-cnn").with_recipe(epochs=scale.epochs.get("digits-cnn")), (8, 8, 1))
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
    q.explain("The lab feeds the values 0 to 16 as they are. The same network on values of 0 to 1:")
    q.code(
        training_lines(scale, unscaled=SMALL, scaled=SCALED)
        + compared_lines(
            "losses",
            {"values 0-16, as the lab has it": "unscaled.loss", "values 0-1": "scaled.loss"},
            "Training loss while it learns",
        ),
        text=lambda: compared_text(q["losses"]),
    )
    chance = math.log(10)
    first = {name: q[name].history[0].loss for name in ("unscaled", "scaled")}
    test = {name: tested(q[name]) for name in ("unscaled", "scaled")}
    q.record(chance=chance, first=first, test=test, epochs=len(q["small"].history))
    sure = ", so it is confident and wrong," if first["unscaled"] > chance else ""
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
        + """

from pellucid.lab import generalisation

losses = small.history.column("train_loss")
for epoch in (1, len(losses) // 2, len(losses)):
    print(f"after epoch {epoch}: training loss {losses[epoch - 1]:.4f}")
print("converged:", generalisation(small).converged)
"""
    )
    q.conclude(_converged_words(q))
    _say_success(q)
    say_generalisation(q, q["small"])
    q.explain(
        "Training or validation accuracy? Whether the training has *converged* is a question about the "
        "images it learns from, so the training loss answers it. Whether it was *successful* is a question "
        "about new images, so validation accuracy answers it while choices are still made, and test accuracy "
        "once, at the end (D9). Training accuracy never does: it only says how well the network reads images "
        "that it has already learned from."
    )


def _say_success(q: Section) -> None:
    """Conclude whether the training was successful, by validation accuracy."""
    found = curves_of(q["small"])
    q.record(success=found.results())
    if found.at_chance:
        return
    q.conclude(
        f"It was successful: the network reads {percent(found.val[-1])} of "
        f"{found.validation.n} validation images right (95 % interval {percent(found.validation.low)} to "
        f"{percent(found.validation.high)}), where guessing gives {percent(found.chance, 0)}."
    )


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
        return f"It has converged: {course[0].lower()}{course[1:]} and is level there."
    return (
        f"It has converged as far as can be seen: {course[0].lower()}{course[1:]}, and at the end it changes "
        f"by {pace}, no more than it goes up and down by chance."
    )


def from_run_to_run(q: Section, scale: Scale) -> None:
    """D7."""
    q.code(
        training_lines(scale, **SEEDS)
        + f"\n\nruns = [{', '.join(SEEDS)}]\n"
        + "accuracies = [run.results.test.accuracy for run in runs]\n"
        + 'print(", ".join(f"{accuracy:.4f}" for accuracy in accuracies))'
    )
    accuracies = np.array(q["accuracies"])
    found: list[RunData] = q["runs"]
    test = tested(found[0])
    changes = "Yes" if np.ptp(accuracies) else "Not here"
    low, high, spread = float(accuracies.min()), float(accuracies.max()), float(accuracies.std(ddof=1))
    q.record(accuracies=accuracies, spread=spread, runs=len(found), n=test["n"], one=1, low=test["low"])
    q.record(high=test["high"], level=0.95)
    q.conclude(
        f"{changes}: {len(found)} runs that differ in nothing but the seed read {percent(low)} to "
        f"{percent(high)} of the same {count(test['n'])} test images right, with a standard deviation of "
        f"{100 * spread:.2f} points. The test images add their own chance: the interval of one run alone "
        f"goes from {percent(test['low'])} to {percent(test['high'])} (95 %). A smaller "
        "difference between two single runs shows nothing. The same seed always gives the same results."
    )


QUESTIONS = (
    Question("D1", "The first images", "Show the first ten images with their labels.", first_images),
    Question("D2", "Sizes and counts", "How many images are there, how large, and of which values?", sizes),
    Question(
        "D3",
        "One-hot labels and the channel axis",
        "Encode the labels one-hot, and give the images a channel axis.",
        one_hot,
    ),
    Question(
        "D4", "The splits", "Split the images into training, validation and test sets.", splits, (SMALL,)
    ),
    Question(
        "D5",
        "Model and history",
        "Which activations will you use? Define, compile and train the network; plot its history.",
        model,
        (SMALL, SCALED),
    ),
    Question(
        "D6",
        "Convergence",
        "Did it converge? Was the training successful, and does training or validation accuracy tell?",
        converged,
        (SMALL,),
    ),
    Question(
        "D7", "From run to run", "Does the accuracy change from run to run?", from_run_to_run, (SMALL, *AGAIN)
    ),
)
