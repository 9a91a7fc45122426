"""What the report says in words: what was trained on what, how well it did, how to repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.core.wording.durations import duration
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation.intervals import decimals
from pellucid.report.words import count, image_shape, listed, moment, setting, spaced

if TYPE_CHECKING:
    from pellucid.report.rundata import RunData


@dataclass(frozen=True)
class Card:
    """One of the results that come first."""

    head: str
    value: str
    note: str


def summary(data: RunData) -> str:
    """Return in a sentence or two what was trained on what."""
    configuration = data.configuration
    dataset, counts = configuration["dataset"], configuration["dataset"].get("counts", {})
    network = "A network"
    if "parameters" in configuration:
        network += f" of {count(configuration['parameters'])} parameters"
    images = f"{count(counts['train'])} images" if "train" in counts else "the training images"
    planned = configuration["training"].get("epochs")
    done = counted(len(data.history), data.unit)
    if data.folder.about["status"] != "finished" and planned:
        done = f"{len(data.history)} of {counted(planned, data.unit)} so far"
    text = (
        f"{network} learned from {images} of {dataset['name']} to tell {len(data.classes)} classes apart, "
        f"in {done}."
    )
    if data.results is not None:
        text += f" It was then judged on {counted(data.results['test']['n'], 'test image')}."
    return text


def when(data: RunData) -> str:
    """Return when the run was started and finished."""
    about = data.folder.about
    finished = f", finished {moment(about['finished'])}" if about.get("finished") else ""
    return f"Started {moment(about['created'])}{finished}"


def cards(data: RunData) -> list[Card]:
    """Return the results that come first: test accuracy with its interval, test loss, time."""
    found = []
    results = data.results or {}
    if "test" in results:
        test, n = results["test"], results["test"]["n"]
        low, high = test["accuracy_interval"]
        places = max(0, decimals(high - low) - 2)  # of a percentage: no more than the interval bears
        right = test.get("correct", round(test["accuracy"] * n))
        interval = f"95 % interval {100 * low:.{places}f} to {percent(high, places)}"
        note = f"{interval} (n = {count(n)}); {counted(right, 'image')} right"
        found.append(Card("Test accuracy", percent(test["accuracy"], places), note))
        loss = spaced(data.configuration["training"].get("loss") or "loss")
        found.append(Card("Test loss", f"{test['loss']:.4f}", f"{loss}, mean of {counted(n, 'image')}"))
    seconds = results.get("seconds", {}).get("training")
    if seconds is not None:
        rate, threads = results.get("images_per_second"), data.threads
        notes = [counted(len(data.history), data.unit)]
        notes += [f"{count(rate)} images/s"] if rate else []
        notes += [f"on {counted(threads, 'thread')}"] if threads else []
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


def comparison(data: RunData) -> str:
    """Return which lines of the history may be compared, and what they came to in the end."""
    last = data.history[-1] if data.history else {}
    if {"train_accuracy", "val_accuracy"} <= set(last):
        return (
            "Only the two solid lines are measured alike, so only the distance between them tells how much "
            f"better the network knows the images it has learned from. After the last {data.unit} it was "
            f"right on {percent(last['train_accuracy'])} of training images and "
            f"{percent(last['val_accuracy'])} of validation images."
        )
    if {"loss", "val_loss"} <= set(last) or {"accuracy", "val_accuracy"} <= set(last):
        return "The two are not measured alike: that validation looks better than training is no finding."
    return ""


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
        ("Threads", setting(data.threads or "")),
        ("BLAS", library),
        *packages.items(),
    ]
    return [(name, str(value)) for name, value in pairs if value]
