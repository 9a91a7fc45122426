"""Exercise 2, Q16 to Q19: CIFAR-10's photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.evaluation import epoch_seconds
from pellucid.experiments import find
from pellucid.figures.history import history_text
from pellucid.lab.adapters import column, known, tested
from pellucid.lab.conclusions import brief, conclusion, curves_of
from pellucid.lab.networks import model_code
from pellucid.lab.questions.convolutional import CNN, DROPOUT
from pellucid.lab.questions.question import (
    Question,
    compared_lines,
    curves_lines,
    reported_by_others,
    training_lines,
)
from pellucid.lab.questions.saying import say_history
from pellucid.lab.scale import Training
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

FACTORS = {
    "images": "training images per epoch",
    "side": "pixels on each side",
    "channels": "colour channels",
    "convolutions": "convolution layers",
    "dropouts": "dropout layers",
    "work": "multiplications per image",
    "weights": "parameters",
    "batch": "images per batch",
    "steps": "updates per epoch",
    "validation": "validation images (their time is not counted)",
}
RATE = 0.0001  # the recipe's learning rate at the first step
CIFAR, HELD_OUT = Training("cifar10-cnn"), Training("cifar10-cnn", validation="stratified")


def definition(q: Section, scale: Scale) -> None:
    """Q16."""
    q.code(model_code(find("cifar10-cnn"), (32, 32, 3)))
    q.code("model.summary(print_fn=print)")
    q.code(
        """
from pellucid.lab import multiplications

for name, products in multiplications(model.layers):
    print(f"{name:<9} {products:>9,} multiplications")
"""
    )
    model = q["model"]
    work = dict(q["multiplications"](model.layers))
    weights = {layer.name: layer.parameter_count for layer in model.layers if layer.parameter_count}
    largest, busiest = max(weights, key=weights.__getitem__), max(work, key=work.__getitem__)
    total, products = sum(weights.values()), sum(work.values())
    q.record(
        weights=weights, work=work, parameters=total, products=products,
        shares=[weights[largest] / total, work[busiest] / products],
    )  # fmt: skip
    q.say(
        f"The network has {count(total)} parameters and makes {count(products)} multiplications for one "
        f"image. `{largest}` has {percent(weights[largest] / total, 0)} of the parameters, `{busiest}` "
        f"does {percent(work[busiest] / products, 0)} of the work: weights of a convolution are few and "
        "used at every place of the image."
    )


def history(q: Section, scale: Scale) -> None:
    """Q17."""
    q.code(
        training_lines(scale, cifar=CIFAR)
        + "\n\nfrom pellucid.figures import plot_history\n\nplot_history(cifar.history)",
        text=lambda: history_text(q["cifar"].history),
    )
    say_history(q, q["cifar"], generalises=True)
    if scale.rates.get(CIFAR.name):
        q.explain(
            f"In this quick run the learning rate is {_rate(scale):g}. At the lab's own, {RATE:g}, so few "
            "images and epochs would leave the network at chance; the full run uses it. What others report "
            "of the full training stands below."
        )
    q.explain(
        "The lab passes the *test* images as validation data. Whoever then picks the best epoch, or any "
        "setting, by that curve has fitted to the test set. The same network validated on a fifth of the "
        "training images, held out, leaves the test images untouched until the end:"
    )
    q.code(
        training_lines(scale, as_written=CIFAR, held_out=HELD_OUT)
        + compared_lines(
            "accuracies",
            {
                "validated on the test images": "as_written.val_accuracy",
                "validated on held-out images": "held_out.val_accuracy",
            },
            "Validation accuracy",
            shares=True,
        ),
        text=lambda: _accuracies_in_words(q),
    )
    runs: dict[str, RunData] = {name: q[name] for name in ("as_written", "held_out")}
    test = {name: tested(run) for name, run in runs.items()}
    best = {name: max(column(run, "val_accuracy")) for name, run in runs.items()}
    opened = {name: run.results and run.results.test_set_opened for name, run in runs.items()}
    learned = {name: known(run.configuration.dataset.counts.train) for name, run in runs.items()}
    looked = known(runs["as_written"].configuration.dataset.counts.validation)
    q.record(test=test, best=best, opened=opened, learned=learned, looked=looked)
    chance = curves_of(runs["held_out"])
    if chance.at_chance:
        q.record(chance=chance.results())
        q.watch(
            f"This is chance: guessing gives {percent(chance.chance, 0)}, and {len(chance.val)} epochs of "
            f"{count(learned['held_out'])} images at a learning rate of `{_rate(scale):g}` have taught the "
            "network next to nothing yet. This question needs the full run; what others report stands below."
        )
    q.watch(
        f"As the lab has it, the test images were looked at {opened['as_written']} times; the best of "
        f"those after an epoch, at {count(looked)} of them, says {percent(best['as_written'])}, the last, at "
        f"all {count(test['as_written']['n'])}, {percent(test['as_written']['accuracy'])}, and neither is "
        "an honest estimate for new images. With a held-out split they were looked at once, when all "
        f"choices were made: {percent(test['held_out']['accuracy'])}, after learning from "
        f"{count(learned['held_out'])} images instead of {count(learned['as_written'])}."
    )
    q.record(once=opened["held_out"])
    q.explain(reported_by_others("cifar10-cnn"))


def _rate(scale: Scale) -> float:
    """Return the learning rate that the network for photographs is trained at."""
    return scale.rates.get(CIFAR.name, RATE)


def _accuracies_in_words(q: Section) -> str:
    from pellucid.lab.figures import compared_text

    return compared_text(q["accuracies"], shares=True)


def against_digits(q: Section, scale: Scale) -> None:
    """Q18."""
    q.code(
        training_lines(scale, digits=DROPOUT, photographs=HELD_OUT)
        + curves_lines({"digits": "digits", "photographs": "photographs"}),
        text=lambda: _accuracies_in_words(q),
    )
    _say_how_histories_differ(q)
    for name, title in (("photographs", "Photographs"), ("digits", "Digits")):
        found = curves_of(q[name])
        told = conclusion(found) if name == "photographs" else brief(found)
        q.say(f"*{title}.* {told}")
    q.record(curves=[curves_of(q[name]).results() for name in ("photographs", "digits")])
    q.explain(
        "Why: digits are white strokes on black, centred and of one size; the ten classes of photographs "
        "differ in colour, pose, size and background, and a cat can look more like a dog than like another "
        "cat. The recipes differ too: the network for photographs is trained with RMSprop at a learning rate "
        f"of {_rate(scale):g}, the one for digits with Adadelta at 1.0."
    )


def _say_how_histories_differ(q: Section) -> None:
    """Conclude how the two histories differ, in level, speed and gap."""
    digits, photographs = (curves_of(q[name]) for name in ("digits", "photographs"))
    epochs = [len(one.val) for one in (digits, photographs)]
    at_once = [one.learned_at_once for one in (digits, photographs)]
    images = [known(q[name].configuration.dataset.counts.train) for name in ("digits", "photographs")]
    q.record(
        at_once=at_once, epochs=epochs, first=1, images=images,
        ends=[digits.results(), photographs.results()],
    )  # fmt: skip
    lower = photographs.validation.high < digits.validation.low
    q.conclude(
        f"The photographs are {'harder' if lower else 'not harder here'}: after epoch 1 the network for "
        f"digits reads {percent(digits.val[0])} of the validation images right, the one for photographs "
        f"{percent(photographs.val[0])}; after {epochs[0]} epochs of {count(images[0])} images and "
        f"{epochs[1]} of {count(images[1])} it is {percent(digits.val[-1])} and "
        f"{percent(photographs.val[-1])}. The digits' curve rises "
        f"{'more steeply' if at_once[0] > at_once[1] else 'less steeply'} at first: of all that is learned "
        f"above chance, {percent(at_once[0], 0)} is there after epoch 1, with photographs "
        f"{percent(at_once[1], 0)}."
    )


def times(q: Section, scale: Scale) -> None:
    """Q19."""
    q.code(
        training_lines(scale, digits=CNN, photographs=CIFAR)
        + """

from pellucid.lab import multiplications
from pellucid.models import load_model

for name, run in {"digits": digits, "photographs": photographs}.items():
    layers = load_model(run.folder.path / "model.safetensors").layers
    products = sum(number for _, number in multiplications(layers))
    print(f"{name}: {products:,} multiplications per image")
"""
    )
    facts = {name: _facts(q[name], q) for name in ("digits", "photographs")}
    one, other = facts["digits"], facts["photographs"]
    ratios = {key: other[key] / one[key] for key in ("seconds", "per_image", "work", "images")}
    q.record(facts=facts, ratios=ratios, sides=[28, 32], channels=[1, 3])
    q.conclude(
        f"An epoch of photographs takes {other['seconds']:.2f} s and one of digits {one['seconds']:.2f} s "
        f"(medians, the first epoch apart): {ratios['seconds']:.2f} times as long per epoch. That is "
        f"{ratios['images']:.2f} times as many images, each of which takes {ratios['per_image']:.2f} times "
        f"as long. One image takes {ratios['work']:.2f} times as many multiplications"
        + (
            ": the rest of its time comes from other factors in the table, such as more updates."
            if ratios["per_image"] > ratios["work"]
            else "; the other factors in the table make no image slower."
        )
    )
    rows = [
        (name, *(_shown(fact[key]) for fact in (one, other)), _ratio(one[key], other[key]))
        for key, name in FACTORS.items()
    ]
    q.record(factors=[other[key] / one[key] for key in FACTORS if one[key]])
    q.table(("factor", "digits", "photographs", "ratio"), rows)
    q.explain(
        "More convolutions, larger images and more channels mean more multiplications per image; more images "
        "make the epoch longer; smaller batches mean more updates, each of which takes time of its own; and "
        "each dropout layer draws random numbers. The digits' network has more parameters, nearly all in one "
        "dense layer, which does little of the work."
    )


def _ratio(one: float, other: float) -> str:
    """Return how many times the first number the second one is; "" where the first is zero."""
    return f"{other / one:.2f}" if one else ""


def _shown(value: float) -> str:
    return count(value) if value >= 10 else f"{value:.4g}"


def _facts(run: RunData, q: Section) -> dict[str, float]:
    layers = q["load_model"](run.folder.path / "model.safetensors").layers
    kinds = [type(layer).__name__ for layer in layers]
    H, _, C = run.pictures["first_images"].shape[1:]
    images = known(run.configuration.dataset.counts.train)
    batch = known(run.configuration.training.batch_size)
    seconds = epoch_seconds(column(run, "seconds")).median
    return {
        "seconds": seconds,
        "images": images,
        "per_image": seconds / images,
        "work": sum(products for _, products in q["multiplications"](layers)),
        "batch": batch,
        "steps": -(-images // batch),
        "weights": known(run.configuration.parameters),
        "validation": known(run.configuration.dataset.counts.validation),
        "side": H,
        "channels": C,
        "convolutions": kinds.count("Conv2D"),
        "dropouts": kinds.count("Dropout"),
    }


QUESTIONS = (
    Question("Q16", "The network for photographs", "Define the model.", definition),
    Question("Q17", "Its history", "Train it and plot the history.", history, (CIFAR, HELD_OUT)),
    Question(
        "Q18",
        "Against the digits",
        "How does the history differ from the digit network's, and why?",
        against_digits,
        (DROPOUT, HELD_OUT),
    ),
    Question("Q19", "Time per epoch", "How does the time per epoch differ, and why?", times, (CNN, CIFAR)),
)
