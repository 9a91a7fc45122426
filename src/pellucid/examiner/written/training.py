"""What ``fit`` is given, beside what a recipe asks for: images, batches, epochs, validation."""

from __future__ import annotations

from typing import Any

from pellucid.datasets import describe
from pellucid.examiner.written.findings import Finding, agrees, differs, note
from pellucid.examiner.written.values import Data, Fit, Network
from pellucid.experiments import Experiment

TEST_AS_VALIDATION = (
    "The test images serve as validation images: what is chosen by looking at them makes the test result too "
    "good. Hold out training images instead."
)
LAST_PART = (
    "validation_split takes the last of the images as they lie, before shuffling, and not a random part."
)


def compare_fit(network: Network, experiment: Experiment) -> list[Finding]:
    """Return how a network's first training compares with an experiment's."""
    fit = network.fits[0]
    found = [*_numbers(fit, experiment), *_validation(fit, experiment), *_images(network, fit, experiment)]
    if len(network.fits) > 1:
        words = "fit is called again on the same network: it goes on from the weights of the first training."
        found.append(note(words, network.fits[1].line))
    return found


def _numbers(fit: Fit, experiment: Experiment) -> list[Finding]:
    found = []
    rows = (
        ("batch_size", "batch size", 32, experiment.batch_size),
        ("epochs", "epochs", 1, experiment.epochs),
    )
    for key, words, default, wanted in rows:
        value = fit.arguments.get(key, default)
        if not isinstance(value, int | float):
            text = f"The number for {words} cannot be read from the text: {wanted} asked for."
            found.append(note(text, fit.line))
        elif value == wanted:
            text = (
                f"The batch size is {wanted}." if key == "batch_size" else f"It learns for {wanted} epochs."
            )
            found.append(agrees(text, fit.line))
        else:
            given = "" if key in fit.arguments else " (none is given)"
            text = f"The batch size is {value}{given}, where {wanted} is asked for."
            if key == "epochs":
                text = f"It learns for {value} {_epochs(value)}{given}, where {wanted} are asked for."
            found.append(differs(text, fit.line))
    if fit.arguments.get("shuffle") is False:
        words = "shuffle=False shows the images in the same order in every epoch; they should be shuffled."
        found.append(differs(words, fit.line))
    return found


def _epochs(number: float) -> str:
    return "epoch" if number == 1 else "epochs"


def _validation(fit: Fit, experiment: Experiment) -> list[Finding]:
    data, share = fit.arguments.get("validation_data"), fit.arguments.get("validation_split")
    if data is not None:
        return _validation_data(fit, data, experiment)
    wanted = experiment.split.validation_share
    if experiment.split.validation == "test":
        wanted = 0.0 if share is None else float(share) if isinstance(share, int | float) else 0.0
    if share is None:
        words = "No images are held out for validation (validation_split, validation_data)."
        return [differs(words, fit.line)]
    if not isinstance(share, int | float):
        return [note("The share for validation cannot be read from the text.", fit.line)]
    if share != wanted:
        words = f"{100 * share:g} % of the images are held out, where {100 * wanted:g} % are asked for."
        return [differs(words, fit.line)]
    held_out = agrees(f"{100 * share:g} % of the training images are held out.", fit.line)
    return [held_out, note(LAST_PART, fit.line)]


def _validation_data(fit: Fit, data: Any, experiment: Experiment) -> list[Finding]:
    images = data[0] if isinstance(data, tuple | list) and data else data
    if not isinstance(images, Data):
        words = "Images for validation are given; which they are cannot be read from the text."
        return [note(words, fit.line)]
    if images.part == "test":
        as_asked = experiment.split.validation == "test"
        return [Finding("training", TEST_AS_VALIDATION, fit.line, None if as_asked else False)]
    trained = fit.arguments.get("x")
    if isinstance(trained, Data) and trained == images:
        words = (
            "The training images themselves serve as validation images: that tells nothing about new ones."
        )
        return [differs(words, fit.line)]
    return [agrees("Images that are held out serve for validation.", fit.line)]


def _images(network: Network, fit: Fit, experiment: Experiment) -> list[Finding]:
    """Return what is to be said of the images that the network is trained on."""
    images, found = fit.arguments.get("x"), []
    if not isinstance(images, Data):
        return []
    if images.part == "test":
        found.append(differs("The network is trained on the test images.", fit.line))
    largest = describe(experiment.dataset).max_value
    rescaled = any(layer.kind == "Rescaling" for layer in network.layers)
    if images.divided_by is None and not rescaled and experiment.scaled:
        words = (
            f"The pixels go in as 0 to {largest:g}: divide them by {largest:g}. Unscaled, the loss starts "
            "far above that of guessing, ln 10 = 2.30."
        )
        found.append(differs(words, fit.line))
    elif images.divided_by not in (None, largest) and experiment.scaled:
        words = f"The pixels are divided by {images.divided_by:g}; their largest value is {largest:g}."
        found.append(note(words, fit.line))
    elif images.divided_by is None and not rescaled:
        words = f"The values go in as 0 to {largest:g}, unscaled: the loss starts far above ln 10 = 2.30."
        found.append(note(words, fit.line))
    else:
        found.append(agrees(f"The pixels are divided by {largest:g}.", fit.line))
    convolves = any(layer.kind == "Conv2D" for layer in network.layers)
    if convolves and images.shape is not None and len(images.shape) == 3 and not _adds_the_axis(network):
        words = "The images have no axis for channels: reshape them to (images, rows, columns, 1)."
        found.append(differs(words, fit.line))
    return found


def _adds_the_axis(network: Network) -> bool:
    return any(layer.kind == "Reshape" for layer in network.layers)
