"""Q10 to Q15: the convolutional network on MNIST, without and with dropout."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.evaluation import TimedRun, compare, compare_seconds, epoch_seconds, sentence, with_sentences
from pellucid.evaluation.wording.values import p_text
from pellucid.figures.history import history_text
from pellucid.lab.adapters import column, known, predictions, tested
from pellucid.lab.conclusions import beside, conclusion, curves_of, points
from pellucid.lab.figures import compared_text
from pellucid.lab.questions.mnist import HISTORY, RELU, result_on_test
from pellucid.lab.questions.question import (
    Question,
    compared_lines,
    curves_lines,
    reported_by_others,
    training_lines,
)
from pellucid.lab.questions.saying import say_comparison, say_history
from pellucid.lab.recipes import show_recipe
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.evaluation import Comparison
    from pellucid.evaluation.seconds import SecondsCompared
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

CNN, DROPOUT = Training("mnist-cnn"), Training("mnist-cnn-dropout")
EXTRA = 2  # epochs beyond the recipe's
LONGER = Training("mnist-cnn-dropout", extra_epochs=EXTRA)
SLOW, QUICKER = Training("mnist-cnn", learning_rate=0.001, short=True), Training("mnist-cnn", short=True)
LEAST_TIMES = 4  # epochs of each network: with fewer, no difference can reach significance


def history(q: Section, scale: Scale) -> None:
    """Q10."""
    show_recipe(q, scale, CNN)
    q.code(
        training_lines(scale, cnn=CNN) + "\n" + HISTORY.format(name="cnn"),
        text=lambda: history_text(q["cnn"].history),
    )
    say_history(q, q["cnn"], generalises=True)
    q.explain(
        "The lab writes `Adadelta()`. In Keras without TensorFlow that meant a learning rate of 1.0; in "
        "`tensorflow.keras` it means 0.001, at which the network hardly learns, and the groups set "
        "`learning_rate=1` themselves. Both, on the same short training:"
    )
    q.code(
        training_lines(scale, as_written=SLOW, as_meant=QUICKER)
        + compared_lines(
            "rates",
            {
                "rate 0.001, as Adadelta() is in tensorflow.keras": "as_written.val_accuracy",
                "rate 1.0, as the groups set it": "as_meant.val_accuracy",
            },
            "Validation accuracy",
            shares=True,
        ),
        text=lambda: compared_text(q["rates"], shares=True),
    )
    slow, meant = (tested(q[name]) for name in ("as_written", "as_meant"))
    images = q["as_meant"].configuration.dataset.counts.train
    q.record(
        slow=slow, meant=meant, rates=[0.001, 1.0], images=images, short_epochs=len(q["as_meant"].history)
    )
    q.watch(
        f"After {len(q['as_meant'].history)} epochs of {count(images)} images the network with Adadelta at "
        f"0.001 reads {percent(slow['accuracy'])} of the test images right, at 1.0 "
        f"{percent(meant['accuracy'])}. Always state the learning rate."
    )


def compared(q: Section, scale: Scale) -> None:
    """Q11."""
    q.code(
        training_lines(scale, relu=RELU, cnn=CNN)
        + curves_lines({"one hidden layer": "relu", "convolutional": "cnn"}),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_comparison(q, q["relu"], q["cnn"])
    sizes = {name: q[name].configuration.parameters for name in ("relu", "cnn")}
    q.record(parameters=sizes)
    q.say(
        f"The convolutional network has {count(sizes['cnn'])} parameters, the other {count(sizes['relu'])}."
    )
    q.explain(
        "Why: a convolution looks for the same small pattern everywhere, so what it learns in one corner "
        "holds in all; a dense layer must learn each place by itself."
    )


def dropout(q: Section, scale: Scale) -> None:
    """Q14."""
    show_recipe(q, scale, DROPOUT)
    q.code(
        training_lines(scale, dropout=DROPOUT) + "\n" + HISTORY.format(name="dropout"),
        text=lambda: history_text(q["dropout"].history),
    )
    q.code(
        training_lines(scale, cnn=CNN, dropout=DROPOUT)
        + compared_lines(
            "accuracies",
            {
                "without dropout, training (console)": "cnn.accuracy",
                "without dropout, validation": "cnn.val_accuracy",
                "with dropout, training (console)": "dropout.accuracy",
                "with dropout, validation": "dropout.val_accuracy",
            },
            "Accuracy with and without dropout, as the console shows it",
            shares=True,
        ),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    _say_how_histories_differ(q)
    lines = {"without dropout": "cnn.seconds", "with dropout": "dropout.seconds"}
    q.code(
        compared_lines("seconds", lines, "Seconds per epoch"),
        text=lambda: compared_text(q["seconds"]),
    )
    _say_seconds(q)
    q.explain(
        "Dropout draws one random number for each value that it may drop and multiplies by the mask: little "
        "work beside the convolutions. Two machines, or one that is also busy with something else, differ by "
        "more. Times can only be compared on one machine, and over several epochs."
    )
    q.explain(reported_by_others("mnist-cnn-dropout"))


def _say_how_histories_differ(q: Section) -> None:
    runs: dict[str, RunData] = {"without": q["cnn"], "with": q["dropout"]}
    console = {name: column(run, "accuracy") for name, run in runs.items()}
    val = {name: column(run, "val_accuracy") for name, run in runs.items()}
    lower = sum(b < a for a, b in zip(console["without"], console["with"], strict=False))
    epochs = min(map(len, console.values()))
    q.record(console=console, val=val, lower=lower, epochs=epochs, one=1)
    when = "in every epoch" if lower == epochs else f"in {lower} of {epochs} epochs"
    q.conclude(
        f"With dropout, the training accuracy that the console shows is lower {when}: "
        f"{percent(console['with'][0])} against {percent(console['without'][0])} in epoch 1, "
        f"{percent(console['with'][-1])} against {percent(console['without'][-1])} in the last. Validation "
        f"accuracy, measured without dropout, ends at {percent(val['with'][-1])} with it and "
        f"{percent(val['without'][-1])} without. The console's curve is lower because during training part "
        "of the units, drawn at random, is switched off at each step; it does not mean that the network is "
        "worse."
    )


def _say_seconds(q: Section) -> None:
    """Say how the times per epoch differ, if there are enough epochs to tell."""
    runs: list[RunData] = [q["cnn"], q["dropout"]]
    without, with_it = (epoch_seconds(column(run, "seconds")) for run in runs)
    later = [len(without.later), len(with_it.later)]
    q.record(times=[without.median, with_it.median], later=later, needed=LEAST_TIMES)
    medians = (
        f"The first epoch apart, an epoch takes {without.median:.2f} s without dropout and "
        f"{with_it.median:.2f} s with it (medians)"
    )
    if min(later) < LEAST_TIMES:
        q.conclude(
            f"{medians}. These are too few epochs to compare times: {later[0]} and {later[1]}, where "
            f"{LEAST_TIMES} of each are needed to tell a difference from noise. "
            "This needs the full run."
        )
        return
    compared = compare_seconds(_timed("mnist-cnn", runs[0]), _timed("mnist-cnn-dropout", runs[1]))
    more = with_it.median / without.median - 1
    q.record(more=more, ratio=compared.ratio and compared.ratio - 1, low=compared.low, high=compared.high)
    told = seconds_words(compared, more)
    q.conclude(f"{medians}: {told}." if compared.ratio else f"{medians}. {sentence(compared)}")


def seconds_words(compared: SecondsCompared, more: float) -> str:
    """Return whether a difference of times is more than the ups and downs from epoch to epoch.

    ``more`` is the share by which the second network takes longer.
    """
    low, high = compared.low or 0, compared.high or np.inf
    size = f"{percent(abs(more), 1)} {'longer' if more >= 0 else 'less'}"
    if low <= 1 <= high:
        return f"{size}, which is no more than the times go up and down from epoch to epoch"
    return f"{size}, which is more than the times go up and down from epoch to epoch"


def better(q: Section, scale: Scale) -> None:
    """Q15."""
    q.code(
        training_lines(scale, cnn=CNN, dropout=DROPOUT)
        + curves_lines({"without dropout": "cnn", "with dropout": "dropout"}),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    say_comparison(q, q["cnn"], q["dropout"], gap_first=not scale.mark)
    _say_loss_gaps(q)
    if scale.mark and q.results["change"]["low"] <= 0 <= q.results["change"]["high"]:
        _needs_the_full_run(q)
    found = curves_of(q["dropout"])
    q.record(curves=found.results())
    q.say(f"*With dropout.* {conclusion(found)}")
    q.explain(
        "Why: at each step part of the units, drawn at random, is switched off. No unit can rely on a few "
        "others, so the network learns features that hold by themselves instead of memorising single images."
    )
    names = ("accuracy", "train_accuracy", "val_accuracy")
    running, after, val = (column(q["dropout"], name)[-1] for name in names)
    q.record(running=running, after=after, val=val)
    q.watch(
        f"The console puts the last epoch's training accuracy at {percent(running)}, with dropout "
        f"on; the same network with dropout off reads {percent(after)} of training images "
        f"right and {percent(val)} of validation images. Only the last two are measured "
        "alike."
    )
    _train_longer(q, scale)


def _say_loss_gaps(q: Section) -> None:
    """Conclude how far the loss curves are apart after the last epoch, without and with dropout."""
    runs: list[RunData] = [q["cnn"], q["dropout"]]
    gaps = [column(run, "val_loss")[-1] - column(run, "train_loss")[-1] for run in runs]
    q.record(loss_gaps=gaps)
    smaller = "closer together" if gaps[1] < gaps[0] else "not closer together"
    q.conclude(
        f"The loss curves end {smaller} with dropout: validation loss is {beside(gaps[0])} without it and "
        f"{beside(gaps[1])} with it."
    )


def _needs_the_full_run(q: Section) -> None:
    """Conclude that a quick run cannot tell what dropout does to the gap, beside what others report."""
    images = known(q["dropout"].configuration.dataset.counts.validation)
    q.record(held_out=images)
    q.conclude(
        f"{count(images)} validation images are too few to show what dropout does to the gap: this needs the "
        "full run. There, others report that training accuracy ends above validation accuracy without "
        "dropout and not above it with dropout: the gap is closed. Their figures stand below the plot."
    )
    for name in ("mnist-cnn", "mnist-cnn-dropout"):
        q.explain(reported_by_others(name))


def _train_longer(q: Section, scale: Scale) -> None:
    """Train the same network with dropout for more epochs, and say what they add."""
    q.explain(f"Does training longer help, now that dropout is there? The same network, {EXTRA} epochs more:")
    q.code(
        training_lines(scale, longer=LONGER)
        + compared_lines(
            "accuracies",
            {"training": "longer.train_accuracy", "validation": "longer.val_accuracy"},
            f"With dropout, {scale.settings(LONGER)['epochs']} epochs",
            shares=True,
        ),
        text=lambda: compared_text(q["accuracies"], shares=True),
    )
    runs: list[RunData] = [q["dropout"], q["longer"]]
    epochs = [len(run.history) for run in runs]
    val = [column(run, "val_accuracy")[-1] for run in runs]
    named = [
        replace(predictions(run), name=f"{number} epochs") for run, number in zip(runs, epochs, strict=True)
    ]
    pair = compare(*named)
    q.record(longer={"epochs": epochs, "val": val, "comparison": with_sentences(pair)}, extra=EXTRA)
    q.conclude(
        f"{longer_words(pair)} After epoch {epochs[0]} validation accuracy is {percent(val[0])}, after epoch "
        f"{epochs[1]} it is {percent(val[1])}; of the {count(pair.difference.n)} test images the network "
        f"reads {percent(pair.accuracy_a.value)} and {percent(pair.accuracy_b.value)} right, a difference of "
        f"{points(pair.difference)}, {p_text(pair.p_value)} by McNemar's exact test."
    )


def longer_words(pair: Comparison) -> str:
    """Return whether training longer helps, in one sentence."""
    if not pair.significant():
        return "Training longer with dropout makes no difference that can be seen."
    if pair.difference.value > 0:
        return "Training longer with dropout helps."
    return "Training longer with dropout does harm."


QUESTIONS = (
    Question(
        "Q10", "The convolutional network", "Train it and plot the history.", history, (CNN, SLOW, QUICKER)
    ),
    Question(
        "Q11",
        "Against one hidden layer",
        "How does it compare with the network of one hidden layer, in training and validation?",
        compared,
        (RELU, CNN),
    ),
    Question(
        "Q12",
        "Test results of the convolutional network",
        "What are its loss and accuracy on the test set?",
        partial(result_on_test, name="cnn", training=CNN),
        (CNN,),
    ),
)
AFTER_SUFFICIENCY = (
    Question(
        "Q14",
        "Dropout",
        "Train with dropout and plot the history. How do history and time per epoch differ?",
        dropout,
        (DROPOUT, CNN),
    ),
    Question(
        "Q15",
        "Does dropout help?",
        "What does dropout do to generalisation, and does training longer help then?",
        better,
        (CNN, DROPOUT, LONGER),
    ),
)


def _timed(name: str, run: RunData) -> TimedRun:
    return TimedRun(name, column(run, "seconds"), asdict(run.environment))
