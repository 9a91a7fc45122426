"""Exercise 1, Q1 to Q9: reading MNIST's digits with one hidden layer, linear and then rectified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.evaluation import epoch_seconds
from pellucid.evaluation.curves import difference
from pellucid.evaluation.fields import needed_accuracy
from pellucid.evaluation.intervals import proportion
from pellucid.evaluation.uses import load_uses
from pellucid.figures.history import history_text
from pellucid.figures.table import two_digits as digits
from pellucid.lab.adapters import column, known, tested
from pellucid.lab.conclusions import (
    curves_of,
)
from pellucid.lab.figures import compared_text
from pellucid.lab.questions.question import Question, curves_lines, reported_by_others, training_lines
from pellucid.lab.questions.saying import say_comparison, say_generalisation, say_history
from pellucid.lab.recipes import show_recipe
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

LINEAR, RELU = Training("mnist-linear"), Training("mnist-relu")
LAST = Training("mnist-linear", validation="last")

ROUNDING = 1e-4  # of probabilities that went through two layers in float32
HISTORY = "from pellucid.figures import plot_history\n\nplot_history({name}.history)"


def applications(q: Section, scale: Scale) -> None:
    """Q1."""
    q.explain(
        "Wherever people write numbers by hand and somebody has to type them in: sorting mail by postal code "
        "and house number, account numbers and amounts on cheques and transfer forms, student numbers and "
        "marks on exam papers, historical censuses, doses on prescriptions. What counts in such a use is not "
        "how many *digits* are right but how many *fields*: a field of n digits is right only if all of them "
        "are, which happens with probability accuracyⁿ if mistakes are independent."
    )
    q.code(
        """
from pellucid.evaluation import load_uses, needed_accuracy

needed = {use.title: needed_accuracy(use.target, use.digits) for use in load_uses().values()}
"""
    )
    rows = []
    for use in load_uses().values():
        needed = needed_accuracy(use.target, use.digits)
        q.record(**{use.name: {"digits": use.digits, "target": use.target, "needed": needed}})
        allowed = f"{100 * use.target:g} %"
        rows.append((use.title, str(use.digits), allowed, percent(needed, 4), use.reason))
    q.table(("use", "digits", "wrong fields allowed", "accuracy needed per digit", "why so many"), rows)
    q.explain(
        "The targets are starting points to be argued with (`pellucid/evaluation/uses.toml`). Q6 and Q13 "
        "compare the measured networks with them. A check digit (IBAN, mod-11) finds most errors afterwards; "
        "the accuracy needed per digit is that without it."
    )


def console(q: Section, scale: Scale) -> None:
    """Q2."""
    show_recipe(q, scale, LINEAR)
    q.explain(
        "While the network learns, the console shows for each epoch the time it took, and the loss and "
        "accuracy so far. The console of this training, from its run folder:"
    )
    q.code(
        training_lines(scale, linear=LINEAR)
        + "\n\nfrom pellucid.lab import console_text\n\nprint(console_text(linear))"
    )
    run: RunData = q["linear"]
    seconds = column(run, "seconds")
    each = epoch_seconds(seconds)
    accuracies = column(run, "accuracy")
    learned = known(run.configuration.dataset.counts.train)
    q.record(
        epochs=len(seconds), first=each.first, median=each.median, images=learned,
        per_second=learned / each.median, accuracy=accuracies,
    )  # fmt: skip
    q.conclude(
        f"One epoch of {count(learned)} images takes {digits(each.median)} s (the median after the first, "
        f"which took {digits(each.first)} s), {count(learned / each.median)} images per second. The running "
        f"training accuracy goes from {percent(accuracies[0])} in epoch 1 to {percent(accuracies[-1])} in "
        f"epoch {len(seconds)}."
    )
    q.record(one=1)


def history(q: Section, scale: Scale) -> None:
    """Q3."""
    q.code(
        training_lines(scale, linear=LINEAR) + "\n" + HISTORY.format(name="linear"),
        text=lambda: history_text(q["linear"].history),
    )
    run: RunData = q["linear"]
    say_history(q, run)
    q.explain(
        "The colour tells the images, the line style how they were measured. The dotted line is what Keras "
        "shows while it trains: a running mean over the epoch, during which the weights change. The solid "
        "lines are measured after the epoch, with fixed weights, and only these two can be compared."
    )


def progress(q: Section, scale: Scale) -> None:
    """Q4."""
    q.code(
        training_lines(scale, linear=LINEAR) + curves_lines({"": "linear"}),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_generalisation(q, q["linear"])
    _explain_linear_generalisation(q)
    run: RunData = q["linear"]
    running, after, val = (column(run, key)[0] for key in ("accuracy", "train_accuracy", "val_accuracy"))
    q.record(running=running, after=after, val=val, one=1)
    q.watch(
        f"The console's training accuracy is a running mean: in epoch 1 it says {percent(running)}, while "
        f"the same weights, measured after that epoch, read {percent(after)} of training images right and "
        f"{percent(val)} of validation images. That validation accuracy is above the running mean means "
        "nothing."
    )
    q.explain(
        "The lab asks for `validation_split=0.2` and takes it for a random fifth. Keras takes the *last* "
        "fifth, before any shuffling. Here both are trained:"
    )
    q.code(
        training_lines(scale, last=LAST, stratified=LINEAR)
        + """

for name, run in {"last fifth": last, "stratified fifth": stratified}.items():
    print(f"{name}: validation {run.history[-1].val_accuracy:.4f}, "
          f"test {run.results.test.accuracy:.4f}")
"""
    )
    accuracies = {}
    for name in ("last", "stratified"):
        found: RunData = q[name]
        test = tested(found)
        validation = curves_of(found).validation
        off = difference(validation, proportion(test["correct"], test["n"]))
        accuracies[name] = {
            "validation": column(found, "val_accuracy")[-1],
            "images": validation.n,
            "test": test["accuracy"],
            "off": off.value,
            "noise": off.low <= 0 <= off.high,
        }
    q.record(splits=accuracies)
    last, drawn = accuracies["last"], accuracies["stratified"]
    q.watch(
        f"Validated on the last {count(last['images'])} images the network seems to read "
        f"{percent(last['validation'])} right; of the test images it reads {percent(last['test'])}, so the "
        f"validation accuracy is {_too(last['off'])}. With a stratified split of {count(drawn['images'])} "
        f"images it is {percent(drawn['validation'])} against {percent(drawn['test'])}, "
        f"{_too(drawn['off'])}. {_noise(last['noise'], drawn['noise'])} {_which_last(scale)}"
    )


def _explain_linear_generalisation(q: Section) -> None:
    """Add why the linear network generalises as it does in this run."""
    found = curves_of(q["linear"])
    learned = known(q["linear"].configuration.dataset.counts.train)
    q.record(learned=learned)
    if not found.generalises_well:
        q.say(
            f"Why: with only {count(learned)} training images even straight borders between the classes (Q7) "
            "can be fitted to details of these images. More training images would narrow the gap."
        )
    else:
        q.explain(
            "Why: a network of linear units can only draw straight borders between the classes (Q7). That "
            "leaves it little room to memorise single images, and also limits how well it reads any."
        )


def _too(off: float) -> str:
    """Return in words how much an accuracy is too high or too low.

    Examples
    --------
    >>> _too(-0.0135), _too(0.005)
    ('1.35 points too low', '0.50 points too high')
    """
    return f"{abs(100 * off):.2f} points too {'high' if off > 0 else 'low'}"


def _noise(last: bool, drawn: bool) -> str:
    """Return which of the two differences may be noise, in one sentence."""
    if last and drawn:
        return "With this many validation images both differences may be noise."
    if last or drawn:
        return f"The {'first' if last else 'second'} difference may be noise, the other is more."
    return "Both differences are more than noise."


def _which_last(scale: Scale) -> str:
    if LAST.name in scale.limits:
        return (
            "In this quick run the few images were drawn at random beforehand, so the last of them are a "
            "random fifth too; in a full run they are the last ones of the published order."
        )
    return (
        "Whether the last images are a fair sample depends on who put them in order; a stratified split does "
        "not depend on that."
    )


def result_on_test(q: Section, scale: Scale, name: str = "linear", training: Training = LINEAR) -> None:
    """Q5, and Q12."""
    q.code(
        training_lines(scale, **{name: training})
        + f"""

test = {name}.results.test
print(f"test loss {{test.loss:.4f}}, test accuracy {{test.accuracy:.4f}}")
"""
    )
    found = tested(q[name])
    q.record(**found)
    q.conclude(
        f"Test loss {found['loss']:.4f}, test accuracy {percent(found['accuracy'])}: "
        f"{count(found['correct'])} of {count(found['n'])} images right, {count(found['errors'])} wrong. "
        f"With {count(found['n'])} test images, the accuracy on all such images lies between "
        f"{percent(found['low'])} and {percent(found['high'])} (95 %, Wilson's interval)."
    )
    q.record(level=0.95)
    q.explain(reported_by_others(training.name))


def collapse(q: Section, scale: Scale) -> None:
    """Q7."""
    q.explain(
        "A layer of linear units multiplies by a matrix and adds a bias, and so does the next. Two such "
        "steps are one: (x·W₁ + b₁)·W₂ + b₂ = x·(W₁·W₂) + (b₁·W₂ + b₂). However many units the hidden "
        "layer has, the network can only draw straight borders between classes, as a network with no "
        "hidden layer does. The proof is to compute that single layer and to let both read the test "
        "images:"
    )
    q.code(
        training_lines(scale, linear=LINEAR)
        + """

from pellucid.lab import one_layer, network_inputs
from pellucid.models import load_model

model = load_model(linear.folder.path / "model.safetensors")
single = one_layer(model)
test_images = network_inputs(linear)
own, given = single.predict(test_images), model.predict(test_images)
same = (own.argmax(axis=1) == given.argmax(axis=1)).sum()
print(f"parameters: {model.count_params():,} become {single.weights.size + single.bias.size:,}")
print(f"same class: {same} of {len(test_images)} test images")
"""
    )
    model, single, images, own, given = (q[n] for n in ("model", "single", "test_images", "own", "given"))
    same = int(q["same"])
    apart = float(np.abs(own - given).max())
    few = single.weights.size + single.bias.size
    q.record(parameters=model.count_params(), single=few, same=same, images=len(images), apart=apart)
    verdict = (
        "which is rounding. The hidden layer of linear units adds nothing."
        if same == len(images) and apart < ROUNDING
        else "which is more than rounding: the layers of this network are not linear."
    )
    q.conclude(
        "Layers of linear units are together no more than one layer, whatever their number of units. The "
        f"network's {count(model.count_params())} parameters do the work of {count(few)}: the single "
        f"layer gives the same class for {count(same)} of {count(len(images))} test images, and its "
        f"probabilities differ by at most {apart:.1e}, {verdict}"
    )


def rectified(q: Section, scale: Scale) -> None:
    """Q8."""
    show_recipe(q, scale, RELU)
    q.code(
        training_lines(scale, relu=RELU) + "\n" + HISTORY.format(name="relu"),
        text=lambda: history_text(q["relu"].history),
    )
    say_history(q, q["relu"], generalises=True)
    q.explain(
        "A rectified unit passes what is above zero and blocks the rest, so each unit bends the border "
        "between classes once, and the layers no longer collapse into one."
    )
    q.explain(reported_by_others("mnist-relu"))


def compared(q: Section, scale: Scale) -> None:
    """Q9."""
    q.code(
        training_lines(scale, linear=LINEAR, relu=RELU)
        + curves_lines({"linear": "linear", "rectified": "relu"}),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_comparison(q, q["linear"], q["relu"])
    q.explain(
        "Why: each rectified unit bends the border between classes, so this network can follow shapes that "
        "straight borders cannot. The same freedom lets it fit single training images, which shows as a gap "
        "between training and validation accuracy once it trains for long."
    )


QUESTIONS = (
    Question("Q1", "What digit recognition is for", "What is digit recognition used for?", applications),
    Question("Q2", "The console", "What does the console tell while the network learns?", console, (LINEAR,)),
    Question("Q3", "The training history", "Plot the training history.", history, (LINEAR,)),
    Question(
        "Q4",
        "Training and validation",
        "How do training and validation accuracy progress, and what does that say about generalisation?",
        progress,
        (LINEAR, LAST),
    ),
    Question("Q5", "Test results", "What are loss and accuracy on the test set?", result_on_test, (LINEAR,)),
)
AFTER_SUFFICIENCY = (
    Question(
        "Q7", "Why linear units are not enough", "Why do linear units limit the network?", collapse, (LINEAR,)
    ),
    Question(
        "Q8", "A rectified hidden layer", "Train with rectified units; plot the history.", rectified, (RELU,)
    ),
    Question(
        "Q9",
        "Linear against rectified",
        "How do the two networks compare?",
        compared,
        (LINEAR, RELU),
    ),
)
