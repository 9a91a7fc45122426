"""The individual questions: overfitting, dropout, first epoch, receptive fields, and Yamins et al. 2014."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.figures.history import history_text
from pellucid.figures.seconds import seconds_text
from pellucid.lab.adapters import column, known
from pellucid.lab.conclusions import beside, conclusion, curves_of
from pellucid.lab.figures import compared_text
from pellucid.lab.questions.cifar10 import CIFAR
from pellucid.lab.questions.convolutional import CNN, DROPOUT
from pellucid.lab.questions.mnist import RELU
from pellucid.lab.questions.question import Question, curves_lines, training_lines
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale
    from pellucid.report.rundata import RunData

FEW = 500  # images to learn from, so few that a network over-fits, and as many to validate on
OVERFITTED = """
import pellucid as keras
from pellucid.datasets import load, stratified_split
from pellucid.figures import plot_history_panel
from pellucid.layers import Dense
from pellucid.utils import to_categorical

mnist = load("mnist")
_, few = stratified_split(mnist.y_train, {both}, seed=0, purpose="few images")
images = mnist.x_train[few].reshape(-1, 784).astype("float32") / mnist.max_value
targets = to_categorical(mnist.y_train[few], 10)
learned, held_out = slice(0, {half}), slice({half}, {both})

model = keras.Sequential([
    keras.Input((784,)),
    Dense(256, activation="relu"),
    Dense(10, activation="softmax"),
], seed=0)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
losses = {{"train_loss": [], "val_loss": []}}
for epoch in range(30):
    model.fit(images[learned], targets[learned], batch_size=32,
              initial_epoch=epoch, epochs=epoch + 1, verbose=0)
    losses["train_loss"].append(model.evaluate(images[learned], targets[learned], verbose=0))
    losses["val_loss"].append(model.evaluate(images[held_out], targets[held_out], verbose=0))
plot_history_panel(losses, "loss")
"""


def overfitting(q: Section, scale: Scale) -> None:
    """I1."""
    q.explain(
        "A network over-fits when it learns what holds for its training images alone. On the loss curves "
        "this begins where training loss goes on falling while validation loss stalls or rises. The gap "
        "between the two, measured in the same way, is what does not carry over to new images. The network "
        "of Q8 again, with few images and many epochs, so that it over-fits:"
    )
    half = min(FEW, scale.limits.get(RELU.name, 2 * FEW) // 2)
    q.code(
        OVERFITTED.format(half=half, both=2 * half),
        text=lambda: history_text(q["losses"], quantities=("loss",)),
        trained=False,
    )
    losses = q["losses"]
    q.record(few=_losses(losses["train_loss"], losses["val_loss"]), images=half)
    words = overfitting_words(losses["train_loss"], losses["val_loss"], "the network of Q8")
    q.conclude(f"Learning from {half} images only, {words}")
    q.explain(
        "What helps: more training images, fewer epochs (stop where validation loss is lowest), a smaller "
        "network, or dropout (I2). The run of Q8 itself learned from more images:"
    )
    q.code(training_lines(scale, relu=RELU))
    run: RunData = q["relu"]
    learned = known(run.configuration.dataset.counts.train)
    train, val = column(run, "train_loss"), column(run, "val_loss")
    q.record(learned=learned, run=_losses(train, val))
    q.say(f"With {count(learned)} images, {overfitting_words(train, val, 'that network')}")
    found = curves_of(run)
    q.record(curves=found.results())
    q.say(conclusion(found))


def _losses(train: Sequence[float], val: Sequence[float]) -> dict[str, object]:
    """Return what :func:`overfitting_words` says of the losses."""
    return {
        "train": list(train), "val": list(val), "gaps": [b - a for a, b in zip(train, val, strict=True)],
        "lowest": int(np.argmin(val)) + 1, "epochs": len(val), "one": 1,
    }  # fmt: skip


def overfitting_words(train: Sequence[float], val: Sequence[float], name: str = "this network") -> str:
    """Return whether and from when on a network over-fits, from training and validation loss.

    Examples
    --------
    >>> overfitting_words([0.5, 0.3, 0.1], [0.5, 0.4, 0.45])
    'this network over-fits after epoch 2: from then on its training loss goes from 0.3000 to 0.1000, but its
    validation loss from 0.4000 to 0.4500. The gap between the two grows from 0.0000 in epoch 1 to 0.3500 in
    epoch 3.'
    """
    lowest, epochs = int(np.argmin(val)) + 1, len(val)
    first, last = val[0] - train[0], val[-1] - train[-1]
    course = "grows" if last > first else "goes"
    gap = f"The gap between the two {course} from {first:.4f} in epoch 1 to {last:.4f} in epoch {epochs}."
    if lowest < epochs and train[-1] < train[lowest - 1]:
        return (
            f"{name} over-fits after epoch {lowest}: from then on its training loss goes from "
            f"{train[lowest - 1]:.4f} to {train[-1]:.4f}, but its validation loss from {val[lowest - 1]:.4f} "
            f"to {val[-1]:.4f}. {gap}"
        )
    how = "still falls" if lowest == epochs else "does not fall any more, but neither does its training loss"
    return (
        f"{name} does not over-fit within {epochs} epochs: its validation loss {how}. It goes from "
        f"{val[0]:.4f} to {val[-1]:.4f}, the training loss from {train[0]:.4f} to {train[-1]:.4f}. {gap}"
    )


def corrected(q: Section, scale: Scale) -> None:
    """I2."""
    q.explain(
        "During training, dropout sets a random share of the values to zero, other values at each step. No "
        "unit can rely on a certain other one, and what was memorised for one image is not there the next "
        "time. The values that are kept are divided by the share kept, so that sums keep their size on "
        "average; after training nothing is dropped. One mask on ten thousand ones:"
    )
    q.code(
        """
import numpy as np
from pellucid.functions import dropout, dropout_mask

mask = dropout_mask((10_000,), 0.25, np.random.Generator(np.random.Philox(0)))
values = dropout(np.ones(10_000), mask, 0.25)
print(f"dropped {1 - mask.mean():.4f}, kept values {values.max():.4f}, mean {values.mean():.4f}")
"""
    )
    values = q["values"]
    dropped, kept, mean = float((values == 0).mean()), float(values.max()), float(values.mean())
    q.record(dropped=dropped, kept=kept, mean=mean)
    q.say(
        f"{100 * dropped:.1f} % are dropped, the others become {kept:.4f}, and the mean is {mean:.4f}: apart "
        "from chance the same as before. The loss curves with and without it:"
    )
    q.code(
        training_lines(scale, without=CNN, with_dropout=DROPOUT)
        + curves_lines({"without dropout": "without", "with dropout": "with_dropout"}, "loss"),
        text=lambda: compared_text(q["losses"]),
    )
    gaps = {}
    for name in ("without", "with_dropout"):
        gaps[name] = column(q[name], "val_loss")[-1] - column(q[name], "train_loss")[-1]
    q.record(gaps=gaps)
    less = gaps["with_dropout"] < gaps["without"]
    q.conclude(
        f"Dropout {'makes' if less else 'does not make'} the gap between the loss curves smaller here: after "
        f"the last epoch validation loss is {beside(gaps['without'])} without dropout and "
        f"{beside(gaps['with_dropout'])} with it."
    )


def first_epoch(q: Section, scale: Scale) -> None:
    """I3."""
    q.explain(
        "The first epoch includes what is done only once: memory is allocated, threads are started, and "
        "caches are still empty. Keras also traces and compiles a graph, and on a GPU kernels are chosen and "
        "the images are copied. A difference between the first two epochs therefore shows start-up cost, not "
        "that training gets faster. A new network, timed epoch by epoch:"
    )
    q.code(
        """
import time
import numpy as np
import pellucid as keras
from pellucid.layers import Conv2D, Dense, Flatten, MaxPooling2D
from pellucid.figures import plot_seconds

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    Conv2D(32, 3, activation="relu"),
    MaxPooling2D(2),
    Flatten(),
    Dense(10),
], seed=0)
model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True))
images = np.random.default_rng(0).random((1280, 28, 28, 1), dtype=np.float32)
targets = np.eye(10, dtype=np.float32)[np.arange(1280) % 10]

times = []
for epoch in range(6):
    began = time.perf_counter()
    model.fit(images, targets, batch_size=128, epochs=1, verbose=0)
    times.append(time.perf_counter() - began)
plot_seconds({"seconds": times})
""",
        text=lambda: seconds_text({"seconds": q["times"]}),
    )
    times = q["times"]
    first, later = times[0], float(np.median(times[1:]))
    slowest = int(np.argmax(times)) + 1
    q.record(first=first, later=later, extra=first - later, ratio=first / later, slowest=slowest)
    more = "longer" if first >= later else "less long"
    verdict = (
        "The first epoch is the longest here."
        if slowest == 1
        else f"Here epoch {slowest} was the longest, not the first: other work of the machine took more time."
    )
    q.conclude(
        f"The first epoch takes {1000 * first:.1f} ms, a later one {1000 * later:.1f} ms (median): "
        f"{1000 * abs(first - later):.1f} ms {more}, {first / later:.2f} times as long. {verdict}"
    )


def receptive(q: Section, scale: Scale) -> None:
    """I4."""
    q.explain(
        "One value of a 3×3 convolution sees 3×3 values of the layer below, each of which sees 3×3 of the "
        "layer below that. After pooling, neighbouring values are two pixels apart, so the next layer's "
        "window reaches twice as far. From layer to layer, the side becomes side + (extent - 1) · distance, "
        "and the distance becomes distance · stride."
    )
    q.code(
        training_lines(scale, cifar=CIFAR)
        + """

from pellucid.experiments import find
from pellucid.lab import plot_receptive_fields, receptive_fields

fields = receptive_fields(find("cifar10-cnn").layers)
for name, side, distance in fields:
    print(f"{name:<15} {side:>2} x {side:<2} distance {distance}")
plot_receptive_fields(cifar.pictures["first_images"][0], [(name, side) for name, side, _ in fields])
""",
        text=lambda: "One value sees: " + ", ".join(f"{n} {s} × {s} pixels" for n, s, _ in q["fields"]) + ".",
        trained=False,
    )
    fields, image = q["fields"], q["cifar"].pictures["first_images"][0]
    H = image.shape[0]
    share = fields[-1][1] ** 2 / (H * image.shape[1])
    q.record(
        sides=[side for _, side, _ in fields], distances=[one for _, _, one in fields], image=H, share=share
    )
    q.conclude(
        f"The first layer's values see {fields[0][1]} by {fields[0][1]} pixels, those of the last layer of "
        f"maps {fields[-1][1]} by {fields[-1][1]}, {100 * share:.0f} % of the image of {H} by {H}. A "
        "deeper layer can therefore respond to larger things; whether it does depends on what it learns."
    )


def yamins(q: Section, scale: Scale) -> None:
    """I6."""
    q.explain(
        "The better a network recognises objects, the better its top layer predicts the neurons of the "
        "monkey's inferior temporal cortex (IT), although it was never fitted to neurons. In the best "
        "network of the study the last layer predicts IT best, and the layer before it predicts V4, the area "
        "that IT is fed by. The authors conclude that the task of recognising objects has shaped both."
    )
    q.explain(
        "*What was measured.* Electrodes in two macaques recorded the responses of 168 sites in IT and 128 "
        "in V4 to 5,760 pictures: objects of eight categories, in many positions, sizes and poses, on "
        "natural backgrounds that say nothing about the object. For each network, a linear classifier on its "
        "top layer gave its accuracy at telling the categories apart. Its prediction of a site is a weighted "
        "sum of its outputs, fitted on some pictures and tested on others."
    )
    q.explain(
        "*Many networks.* Thousands of architectures, each described by 57 parameters and with filter "
        "weights drawn at random, were chosen in three ways:"
    )
    q.facts(
        ("architectures chosen", "how many", "correlation of accuracy with prediction of IT"),
        [
            ("at random", "2,016", "r = 0.55"),
            ("for accuracy", "2,043", "r = 0.78"),
            ("for prediction of IT (the control)", "1,876", "r = 0.80"),
        ],
    )
    q.explain(
        "The control answers whether accuracy is only a detour. It is not: the best networks chosen for "
        "accuracy, without any neural data, predict IT as well as those chosen for predicting IT, but those "
        "chosen for predicting IT are not as accurate. No single parameter of the architecture explains the "
        "correlation."
    )
    q.explain(
        "*The best network.* A mixture of deeper networks, optimised for accuracy on pictures of other "
        "categories (called HMO, four layers), recognises objects as well as the IT sites do. Over this "
        "network, earlier models and controls the correlation is r = 0.87. Variance explained, at the median "
        "site:"
    )
    q.facts(
        ("model", "of IT", "of V4"),
        [
            ("HMO, layer 1", "4 %", "less than layer 3"),
            ("HMO, layer 2", "21 %", ""),
            ("HMO, layer 3, the one before the last", "36 %", "51.7 %, its best layer"),
            ("HMO, layer 4, the last", "48.5 %, its best layer", "less than layer 3"),
            ("V2-like model, the best of the earlier ones", "26 %", "34.1 %"),
            ("category ideal observer (the control)", "15 %", "nearly none"),
        ],
    )
    q.explain(
        "The ideal observer knows the category of every picture and nothing else. It predicts IT badly, so "
        "that accuracy alone does not make a model like IT: it takes accuracy *and* a hierarchical network."
    )
    q.explain(
        "*The top-down argument.* Nobody asked the layer before the last to resemble V4, and V4 hardly tells "
        "categories apart: the ideal observer explains next to nothing there. Only the output was optimised. "
        "What the top has to achieve therefore also determines what the layers below it must compute, and "
        "the same may hold for the brain."
    )
    q.explain(
        "*What it does not show.* It does not show that the brain learns by backpropagation, nor that the "
        "layers *are* the areas. About half of the variance stays unexplained, and to predict responses "
        "linearly is necessary for being alike, but not sufficient."
    )
    q.explain(
        "All numbers are the authors': D. L. K. Yamins, H. Hong, C. F. Cadieu, E. A. Solomon, D. Seibert and "
        "J. J. DiCarlo (2014), “Performance-optimized hierarchical models predict neural responses in higher "
        "visual cortex”, *Proceedings of the National Academy of Sciences* 111(23), 8619–8624, "
        "doi:10.1073/pnas.1403112111."
    )


BEFORE_BACKPROPAGATION = (
    Question(
        "I1",
        "Overfitting on the loss curves",
        "Explain overfitting on the loss curves.",
        overfitting,
        (RELU,),
    ),
    Question("I2", "How dropout corrects it", "How does dropout work against it?", corrected, (CNN, DROPOUT)),
    Question("I3", "The first epoch", "Why does the first epoch take longer?", first_epoch),
    Question("I4", "Receptive fields", "Why does a deeper network see more?", receptive, (CIFAR,)),
)
AFTER_BACKPROPAGATION = (
    Question("I6", "Networks and the visual cortex", "What do Yamins et al. (2014) find?", yamins),
)
