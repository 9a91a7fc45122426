"""``pellucid show NAME``."""

from __future__ import annotations

import inspect
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import hint, labelled, width
from pellucid.cli.shared.options import ExperimentArgument
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.core.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pellucid.experiments import Experiment, Reported
    from pellucid.models.sequential import Sequential


def show(name: ExperimentArgument, as_json: JsonOption = False) -> None:
    """Show an experiment before it is run.

    Prints its data, network and hyper-parameters, and the results that others reported.

    Example: pellucid show mnist-cnn

    Example: pellucid show my_experiment.py

    Example: pellucid show my-photos/
    """
    from pellucid.experiments import find

    experiment = find(name)
    if as_json:
        print_json(experiment.to_config())
        return
    columns = width()
    shape, images, classes = _images(experiment)
    typer.echo(wrapped(f"{experiment.name}: {experiment.summary}", columns))
    typer.echo()
    typer.echo(labelled(_facts(experiment, images), columns))
    if _of_layers(experiment) and shape is not None:
        network = _network(experiment, shape)
        typer.echo()
        network.summary(print_fn=typer.echo)
        _show_misfit(experiment, network, classes, columns)
    if experiment.reported:
        typer.echo("\nReported by others, to hold ours against:")
        for entry in experiment.reported:
            typer.echo("  " + wrapped(_reported(entry), columns - 2, indent=4))
    hint(f"\nRun it: pellucid run {shlex.quote(name)}")


def _of_layers(experiment: Experiment) -> bool:
    """Return whether the network is made of layers, and not written out by hand."""
    from pellucid.experiments.experiment import Program

    return experiment.program is Program.NETWORK


def _facts(experiment: Experiment, images: str) -> list[tuple[str, str]]:
    form = "pixels scaled to 0-1" if experiment.scaled else "pixel values as they come"
    rows = ", each image one row of numbers" if experiment.flat else ""
    data = ("data", f"{experiment.dataset}: {images}; {form}{rows}")
    if not _of_layers(experiment):
        cycles = f"{experiment.epochs} cycles of 600 images, each step written out in mnist_by_hand.py"
        return [data, ("training", cycles)]

    from pellucid import losses, optimizers

    return [
        data,
        ("test", _test(experiment)),
        ("validation", _validation(experiment)),
        ("loss", losses.get(experiment.loss).objective),
        ("optimizer", call(optimizers.serialize(optimizers.get(experiment.optimizer)))),
        ("training", training_of(experiment)),
    ]


def training_of(experiment: Experiment) -> str:
    """Return how long a network is trained, and with which batches, in words."""
    batches = f"batches of {experiment.batch_size}"
    if experiment.patience is None:
        return f"{counted(experiment.epochs, 'epoch')}, {batches}"
    ends = f"ends when the validation loss has not become lower for {counted(experiment.patience, 'epoch')}"
    at_most = f"at most {counted(experiment.epochs, 'epoch')}"
    return f"{at_most}, {batches}; {ends}; the network of the best epoch is kept"


def _images(experiment: Experiment) -> tuple[tuple[int, int, int] | None, str, Sequence[object]]:
    """Return the shape of an image, None where it cannot be known; what there is, in words; the classes."""
    from pellucid.datasets import describe, names

    if experiment.dataset in names():
        info = describe(experiment.dataset)
        train = f"{info.train_images:,} images"
        words = f"{train} to train, {info.test_images:,} to test" if info.test_images else train
        return info.shape, words, info.classes
    if not Path(experiment.dataset).is_dir():
        return None, "there is no folder of this name here, so its images are not known", ()

    from pellucid.runs.preparation import prepare

    data = prepare(experiment)
    H, W, C = data.training.images.shape[1:]
    count = len(data.dataset.x_train) + len(data.dataset.x_test)
    kind = "grey" if C == 1 else "colour"
    classes = data.dataset.classes
    return (H, W, C), f"{count:,} images of {len(classes)} classes, read as {H}×{W} {kind}", classes


def _test(experiment: Experiment) -> str:
    from pellucid.datasets import describe, names

    share = f"a stratified, shuffled {percent(experiment.split.test_share, 0)} of all images"
    if experiment.dataset not in names():
        return f"the folder's own test images if it has some, else {share}"
    return "the dataset's own test images" if describe(experiment.dataset).test_images else share


def _validation(experiment: Experiment) -> str:
    split = experiment.split
    if split.validation == "test":
        return "the TEST images, as the lab has it: the test results will be too good"
    if split.validation == "none":
        return "none: it learns from all of the training images"
    which = "the last" if split.validation == "last" else "a stratified, shuffled"
    return f"{which} {percent(split.validation_share, 0)} of the other images"


def _reported(entry: Reported) -> str:
    results = [
        *([] if entry.test_accuracy is None else [f"test accuracy {entry.test_accuracy:g}"]),
        *([] if entry.test_loss is None else [f"test loss {entry.test_loss:g}"]),
        *([entry.note] if entry.note else []),
    ]
    return f"{entry.by}: {'; '.join(results)}"


def call(described: Mapping[str, Any]) -> str:
    """Return a described object as the call that makes it, without what is so by default.

    Examples
    --------
    >>> call({"class_name": "Adadelta", "config": {"name": "adadelta", "learning_rate": 1.0, "rho": 0.95}})
    'Adadelta(learning_rate=1.0)'
    """
    defaults = _defaults(described["class_name"])
    settings = [
        f"{name}={call(value) if isinstance(value, dict) else value}"
        for name, value in described["config"].items()
        if name == "learning_rate" or (name in defaults and value != defaults[name])
    ]
    return f"{described['class_name']}({', '.join(settings)})"


def _defaults(class_name: str) -> dict[str, Any]:
    """Return the arguments of an optimizer or schedule and their defaults."""
    from pellucid import optimizers
    from pellucid.optimizers import schedules

    kind = getattr(optimizers, class_name, None) or getattr(schedules, class_name)
    arguments = inspect.signature(kind).parameters
    return {name: one.default for name, one in arguments.items() if name != "name"}


def _show_misfit(
    experiment: Experiment, network: Sequential, classes: Sequence[object], columns: int
) -> None:
    """Print how the network does not fit the classes or the loss, if it does not."""
    from pellucid.runs.trial import misfit

    problem = misfit(network, experiment.dataset, classes, loss=experiment.loss)
    if problem:
        typer.echo("\n" + wrapped(f"It cannot be run. {problem}", columns))


def _network(experiment: Experiment, shape: tuple[int, int, int]) -> Sequential:
    from pellucid.datasets import InputPipeline
    from pellucid.layers import Input
    from pellucid.models.sequential import Sequential

    inputs = InputPipeline(shape, max_value=255, flat=experiment.flat).input_shape
    return Sequential([Input(inputs), *experiment.fresh_layers()], name=experiment.name)
