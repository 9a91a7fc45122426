"""What the report says, section by section, as plain values and finished drawings for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.evaluation.intervals import decimals
from pellucid.report.figures.confusion import confusion_matrix_text, plot_confusion_matrix
from pellucid.report.figures.cycles import cycles_text, plot_cycles
from pellucid.report.figures.history import history_text, plot_history_panel
from pellucid.report.figures.images import class_names
from pellucid.report.figures.maps import kernels_text, maps_text
from pellucid.report.figures.seconds import plot_seconds, seconds_text
from pellucid.report.figures.table import percent
from pellucid.report.figures.tiles import image_colours, kernel_colours, map_colours
from pellucid.report.png import data_uri
from pellucid.report.svg import inline_svg
from pellucid.report.words import count, duration, image_shape, listed, moment, plural, setting, spaced

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

    from pellucid.report.rundata import RunData

SMALL = 64  # pixels of a side of a kernel or a feature map at the most
MOST_KERNELS = 64  # shown of a layer that has more


@dataclass(frozen=True)
class Card:
    """One of the figures that come first."""

    head: str
    value: str
    note: str


@dataclass(frozen=True)
class Plot:
    """A drawing, its caption, and the same in words and numbers."""

    svg: Markup
    caption: str
    text: str


@dataclass(frozen=True)
class Tile:
    """A small picture as a data URI, what is said where it cannot be seen, and the (word, value) below it."""

    uri: str
    alt: str
    lines: tuple[tuple[str, str], ...] = ()


def summary(data: RunData) -> str:
    """Return in a sentence or two what was trained on what."""
    configuration = data.configuration
    dataset, counts = configuration["dataset"], configuration["dataset"].get("counts", {})
    network = "A network"
    if "parameters" in configuration:
        network += f" of {count(configuration['parameters'])} parameters"
    images = f"{count(counts['train'])} images" if "train" in counts else "the training images"
    planned = configuration["training"].get("epochs")
    done = plural(len(data.history), data.unit)
    if data.folder.about["status"] != "finished" and planned:
        done = f"{len(data.history)} of {plural(planned, data.unit)} so far"
    text = (
        f"{network} learned from {images} of {dataset['name']} to tell {len(data.classes)} classes apart, "
        f"in {done}."
    )
    if data.results is not None:
        text += f" It was then judged on {plural(data.results['test']['n'], 'test image')}."
    return text


def when(data: RunData) -> str:
    """Return when the run was started and finished."""
    about = data.folder.about
    finished = f", finished {moment(about['finished'])}" if about.get("finished") else ""
    return f"Started {moment(about['created'])}{finished}"


def cards(data: RunData) -> list[Card]:
    """Return the figures that come first: test accuracy with its interval, test loss, time."""
    found = []
    results = data.results or {}
    if "test" in results:
        test, n = results["test"], results["test"]["n"]
        low, high = test["accuracy_interval"]
        places = max(0, decimals(high - low) - 2)  # of a percentage: no more than the interval bears
        right = test.get("correct", round(test["accuracy"] * n))
        interval = f"95 % interval {100 * low:.{places}f} to {percent(high, places)}"
        note = f"{interval} (n = {count(n)}); {plural(right, 'image')} right"
        found.append(Card("Test accuracy", percent(test["accuracy"], places), note))
        loss = spaced(data.configuration["training"].get("loss") or "loss")
        found.append(Card("Test loss", f"{test['loss']:.4f}", f"{loss}, mean of {plural(n, 'image')}"))
    seconds = results.get("seconds", {}).get("training")
    if seconds is not None:
        rate, threads = results.get("images_per_second"), data.environment.get("threads")
        notes = [plural(len(data.history), data.unit)]
        notes += [f"{count(rate)} images/s"] if rate else []
        notes += [f"on {plural(threads, 'thread')}"] if threads else []
        found.append(Card("Training time", duration(seconds), ", ".join(notes)))
    return found


def facts(data: RunData) -> list[tuple[str, str]]:
    """Return what was trained on what, as pairs of a name and a value."""
    dataset, training = data.configuration["dataset"], data.configuration["training"]
    counts = dataset.get("counts", {})
    purposes = {"train": "to train", "validation": "to validate", "test": "to test"}
    images = ", ".join(f"{count(counts[key])} {word}" for key, word in purposes.items() if key in counts)
    optimizer = training.get("optimizer")
    opened = (data.results or {}).get("test_set_opened")
    pairs = [
        ("Dataset", dataset["name"]),
        ("Images", images),
        ("Each image", image_shape(dataset["shape"]) if "shape" in dataset else ""),
        ("Classes", f"{len(data.classes)}: {listed(data.classes)}"),
        ("Split", "; ".join(f"{key}: {setting(how)}" for key, how in dataset.get("split", {}).items())),
        ("Test set opened", {1: "once", 2: "twice"}.get(opened, f"{opened} times") if opened else ""),
        ("Loss", spaced(training.get("loss") or "")),
        ("Optimizer", setting(optimizer or "")),
        ("Batch size", setting(training.get("batch_size", ""))),
        (f"{data.unit.capitalize()}s", setting(training.get("epochs", ""))),
        ("Seed", setting(training.get("seed", ""))),
    ]
    return [(name, value) for name, value in pairs if value]


def history_plots(data: RunData) -> list[Plot]:
    """Return the loss and the accuracy over the epochs; each keeps its own text."""
    plots = []
    for quantity in ("loss", "accuracy"):
        if any(key.endswith(quantity) for row in data.history for key in row):
            figure = plot_history_panel(data.history, quantity, unit=data.unit)
            plots.append(_plot(figure, quantity, "", history_text(data.history, unit=data.unit)))
    return plots


def last_accuracies(data: RunData) -> str:
    """Return what the two kinds of images, measured alike, came to in the end; empty where they were not."""
    last = data.history[-1] if data.history else {}
    if not {"train_accuracy", "val_accuracy"} <= set(last):
        return ""
    return (
        f"After the last {data.unit} the network was right on {percent(last['train_accuracy'])} of training "
        f"images and {percent(last['val_accuracy'])} of validation images."
    )


def cycles_plot(data: RunData) -> Plot | None:
    """Return the accuracy over cycles, of a run that counts cycles."""
    if not data.cycle_accuracy:
        return None
    n = data.configuration["dataset"].get("counts", {}).get("validation")
    arguments = {"n": n, "images_per_cycle": data.images_per_cycle}
    figure = plot_cycles(data.cycle_accuracy, **arguments)
    judged = f"{count(n)} held-out images" if n else "held-out images"
    caption = f"Accuracy on {judged} after each cycle of {count(data.images_per_cycle or 0)} training images."
    return _plot(figure, "cycles", caption, cycles_text(data.cycle_accuracy, **arguments))


def seconds_plot(data: RunData) -> Plot | None:
    """Return the seconds per epoch, where they were measured."""
    if not any("seconds" in row for row in data.history):
        return None
    figure = plot_seconds(data.history, unit=data.unit)
    caption = f"The first {data.unit} carries what is done only once; the later ones say how fast it trains."
    return _plot(figure, "seconds", caption, seconds_text(data.history, unit=data.unit))


def confusion_plots(data: RunData) -> list[Plot]:
    """Return the confusion matrix of the test images, as counts and as shares of each true class."""
    if data.matrix is None:
        return []
    counts = plot_confusion_matrix(data.matrix, data.classes)
    shares = plot_confusion_matrix(data.matrix, data.classes, normalize="true")
    return [
        _plot(
            counts,
            "confusion",
            "Counts of images.",
            confusion_matrix_text(data.matrix, data.classes),
        ),
        _plot(
            shares,
            "confusion-rows",
            "Percent of each true class: a row adds up to 100.",
            confusion_matrix_text(data.matrix, data.classes, normalize="true"),
        ),
    ]


def mistake_tiles(data: RunData) -> list[Tile]:
    """Return the most confident mistakes with what was predicted and what is true."""
    mistakes = data.mistakes
    if mistakes is None:
        return []
    rows = zip(
        image_colours(mistakes.images),
        class_names(mistakes.labels, data.classes),
        class_names(mistakes.predicted, data.classes),
        mistakes.confidence.tolist(),
        strict=True,
    )
    return [
        Tile(
            data_uri(image),
            f"Test image of class {true}, predicted {predicted}",
            (("predicted", predicted), ("", percent(confidence, 1)), ("true", true)),
        )
        for image, true, predicted, confidence in rows
    ]


def image_tiles(data: RunData) -> list[Tile]:
    """Return the first images of the data with their labels."""
    if "first_images" not in data.pictures:
        return []
    images = image_colours(data.pictures["first_images"])
    names = class_names(data.pictures["first_labels"], data.classes)
    return [
        Tile(data_uri(image), f"Image of class {name}", (("", name),))
        for image, name in zip(images, names, strict=True)
    ]


def kernel_tiles(data: RunData) -> list[Tile]:
    """Return the kernels of the first convolution."""
    if "kernels" not in data.pictures:
        return []
    return [
        Tile(data_uri(picture, largest=SMALL), f"Kernel {number}")
        for number, picture in enumerate(kernel_colours(data.pictures["kernels"])[:MOST_KERNELS], start=1)
    ]


def kernels_legend(data: RunData) -> str:
    """Return what the colours of the kernels mean, and their scale."""
    kernels = data.pictures["kernels"]
    R, S, C, K = kernels.shape
    colours = (
        "shown as colours: grey is a weight of 0 in all three channels"
        if C == 3
        else "orange for negative weights, purple for positive ones, white for 0"
    )
    largest = abs(kernels).max()
    which = f"The {K} kernels" if K <= MOST_KERNELS else f"The first {MOST_KERNELS} of {K} kernels"
    return (
        f"{which} of the first convolution, {R} × {S} × {C} weights each, all on one scale from "
        f"−{largest:.2f} to {largest:.2f}; {colours}."
    )


def kernels_in_words(data: RunData) -> str:
    """Return the kernels in words and numbers."""
    return kernels_text(data.pictures["kernels"])


def maps_in_words(data: RunData) -> str:
    """Return the feature maps in words and numbers."""
    return maps_text(data.pictures["maps"])


def map_tiles(data: RunData) -> list[Tile]:
    """Return what each kernel makes of the first image."""
    if "maps" not in data.pictures:
        return []
    return [
        Tile(data_uri(picture, largest=SMALL), f"Feature map {number}")
        for number, picture in enumerate(map_colours(data.pictures["maps"])[:MOST_KERNELS], start=1)
    ]


def versions(data: RunData) -> list[tuple[str, str]]:
    """Return what the run ran on, as pairs of a name and a value."""
    environment = data.environment
    git = environment.get("git")
    commit = f"{git['commit']}{', with changes not committed' if git.get('dirty') else ''}" if git else ""
    blas = environment.get("blas") or {}
    library = " ".join(str(blas[key]) for key in ("name", "version", "architecture") if blas.get(key))
    cpu = environment.get("cpu") or ""
    packages = {"pellucid": data.folder.about["pellucid"], **environment["packages"]}
    pairs = [
        ("Source commit", commit),
        ("Python", environment["python"]),
        ("Platform", environment["platform"]),
        ("Processor", cpu.get("name", "") if isinstance(cpu, dict) else cpu),
        ("Processor cores", str(cpu.get("count", "")) if isinstance(cpu, dict) else ""),
        ("Threads", setting(environment.get("threads", ""))),
        ("BLAS", library),
        *packages.items(),
    ]
    return [(name, str(value)) for name, value in pairs if value]


def _plot(figure: Figure, name: str, caption: str, text: str) -> Plot:
    label = text.partition("\n\n")[0].replace("\n", " ")
    return Plot(inline_svg(figure, name=name, label=label), caption, text)
