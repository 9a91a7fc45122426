"""A recipe as a student would write it: the data, the network, its compilation and its training."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from pellucid import optimizers
from pellucid.datasets import InputPipeline, describe
from pellucid.experiments import find
from pellucid.figures.table import two_digits
from pellucid.lab.adapters import known
from pellucid.lab.networks import model_code

if TYPE_CHECKING:
    from pellucid.experiments import Experiment
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale, Training
    from pellucid.report.rundata import RunData

FIT = '''
def fit():
    """Train it: `training` below makes this call once, and keeps its results in a run folder."""
    return model.fit(
        images[train], targets[train], validation_data=(images[held_out], targets[held_out]),
        batch_size={batch_size}, epochs={epochs}, verbose=2,
    )
'''


SHOWN = "data shown"  # under this name a section's variables keep the code that prepared the data


def show_recipe(q: Section, scale: Scale, training: Training) -> None:
    """Show the data's preparation, the network with its summary, and the call that trains it.

    What prepares the data is shown again only where the images were last prepared in another way.
    """
    experiment = find(training.name).with_recipe(
        epochs=scale.epochs.get(training.name), learning_rate=scale.rates.get(training.name)
    )
    shape = InputPipeline.of(describe(experiment.dataset), flat=experiment.flat).input_shape
    source = data_code(experiment, shape, scale.limits.get(training.name))
    if q.names.get(SHOWN) == source:
        q.explain("The images are prepared as for the network before.")
    else:
        q.explain(
            "The data: pixels from 0 to 1, one-hot labels, and a fifth of the images held out to validate on."
        )
        q.code(source)
        q.names[SHOWN] = source
    show_network(q, experiment, shape)


def show_network(q: Section, experiment: Experiment, shape: tuple[int, ...]) -> None:
    """Show the network with its summary, and the call that trains it."""
    q.explain(f"The network, trained by {recipe_words(experiment)}:")
    fit = FIT.format(batch_size=experiment.batch_size, epochs=experiment.epochs)
    q.code(f"{model_code(experiment, shape)}\nmodel.summary(print_fn=print)\n\n{fit}")


def data_code(experiment: Experiment, shape: tuple[int, ...], limit: int | None = None) -> str:
    """Return the code that loads, scales, encodes and splits an experiment's training images.

    Examples
    --------
    >>> print(data_code(find("mnist-linear"), (784,)).splitlines()[4])
    images, labels = mnist.x_train, mnist.y_train
    """
    name = experiment.dataset
    share, sides = experiment.split.validation_share, ", ".join(map(str, shape))
    lines = [
        "from pellucid.datasets import load, stratified_split",
        "from pellucid.utils import to_categorical",
        "",
        f'{name} = load("{name}")',
        f"images, labels = {name}.x_train, {name}.y_train",
    ]
    if limit is not None:
        lines += [
            f'_, few = stratified_split(labels, {limit}, seed=0, purpose="limit")  # a quick run',
            "images, labels = images[few], labels[few]",
        ]
    lines += [
        f'images = images.reshape(-1, {sides}).astype("float32") / {name}.max_value',
        f"targets = to_categorical(labels, {len(describe(name).classes)})",
        f'train, held_out = stratified_split(labels, {share}, seed=0, purpose="validation part")',
        "print(images[train].shape, images[held_out].shape, targets.shape)",
    ]
    return "\n".join(lines)


def recipe_words(experiment: Experiment) -> str:
    """Return optimizer, learning rate, loss, batch size and epochs in words.

    Examples
    --------
    >>> recipe_words(find("mnist-cnn"))
    'Adadelta with a learning rate of 1.0 on categorical cross-entropy, in batches of 128 images for 6 epochs'
    """
    optimizer = optimizers.get(experiment.optimizer)
    rate = optimizer.get_config()["learning_rate"]
    return (
        f"{type(optimizer).__name__} with a learning rate of {rate} on categorical cross-entropy, in batches "
        f"of {experiment.batch_size} images for {experiment.epochs} epochs"
    )


def console_text(run: RunData) -> str:
    """Return a run's console: for each epoch its time, per step too, then loss and accuracy.

    Times have two digits that count, however short they are.
    """
    columns = run.history.columns()
    images, batch = known(run.configuration.dataset.counts.train), run.configuration.training.batch_size
    steps = ceil(images / known(batch))
    shown = [key for key in ("loss", "accuracy", "val_loss", "val_accuracy") if key in columns]
    lines = []
    for row, seconds in enumerate(columns["seconds"]):
        values = [f"{key}: {columns[key][row]:.4f}" for key in shown]
        times = f"{two_digits(seconds)} s {two_digits(1000 * seconds / steps)} ms/step"
        lines.append(f"Epoch {row + 1}/{len(columns['seconds'])}")
        lines.append(f"{steps}/{steps} - {times} - {' - '.join(values)}")
    return "\n".join(lines)
