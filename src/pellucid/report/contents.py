"""Texts of the report: what was trained on which data, how well it did, how to repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.core.wording.durations import duration
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation.intervals import decimals
from pellucid.report.splits import split_in_words
from pellucid.report.words import count, image_shape, listed, moment, setting
from pellucid.runs.record.run_info import RunStatus

if TYPE_CHECKING:
    from pellucid.report.rundata import RunData
    from pellucid.runs.record.results import Results, TestResult


@dataclass(frozen=True)
class Card:
    """One of the headline results."""

    head: str
    value: str
    note: str


def summary(data: RunData) -> str:
    """Return one or two sentences on what was trained on which data."""
    dataset = data.configuration.dataset
    network = "A network"
    if data.configuration.parameters is not None:
        network += f" of {count(data.configuration.parameters)} parameters"
    learned = dataset.counts.train
    images = "the training images" if learned is None else f"{count(learned)} images"
    planned = data.configuration.training.epochs
    done = counted(len(data.history), data.unit)
    if data.info.status is not RunStatus.FINISHED and planned:
        done = f"{len(data.history)} of {counted(planned, data.unit)} so far"
    text = (
        f"{network} was trained on {images} of {dataset.name} to distinguish {len(data.classes)} classes, "
        f"in {done}."
    )
    if data.results is not None:
        text += f" It was then tested on {counted(data.results.test.n, 'test image')}."
    return text


def when(data: RunData) -> str:
    """Return when the run started and finished."""
    finished = f", finished {moment(data.info.finished)}" if data.info.finished else ""
    return f"Started {moment(data.info.created)}{finished}"


def cards(data: RunData) -> list[Card]:
    """Return the headline results: test accuracy with its interval, test loss, time."""
    if data.results is None:
        return []
    return [*_test_cards(data, data.results.test), *_time_cards(data, data.results)]


def _test_cards(data: RunData, test: TestResult) -> list[Card]:
    low, high = test.accuracy_interval
    places = max(0, decimals(high - low) - 2)  # of a percentage: no more than the interval justifies
    interval = f"95 % interval {100 * low:.{places}f} to {percent(high, places)}"
    note = f"{interval} (n = {count(test.n)}); {counted(test.right, 'image')} right"
    return [
        Card("Test accuracy", percent(test.accuracy, places), note),
        Card("Test loss", f"{test.loss:.4f}", f"cross-entropy, mean of {counted(test.n, 'image')}"),
    ]


def _time_cards(data: RunData, results: Results) -> list[Card]:
    if results.seconds is None:
        return []
    rate, threads = results.images_per_second, data.threads
    notes = [counted(len(data.history), data.unit)]
    notes += [f"{count(rate)} images/s"] if rate else []
    notes += [f"on {counted(threads, 'thread')}"] if threads else []
    return [Card("Training time", duration(results.seconds.training), ", ".join(notes))]


def facts(data: RunData) -> list[tuple[str, str]]:
    """Return the details of the training, as pairs of name and value."""
    dataset, training = data.configuration.dataset, data.configuration.training
    counts, optimizer = dataset.counts, training.optimizer
    purposes = {"to train": counts.train, "to validate": counts.validation, "to test": counts.test}
    opened = None if data.results is None else data.results.test_set_opened
    pairs = [
        ("Dataset", dataset.name),
        ("Images", ", ".join(f"{count(n)} {word}" for word, n in purposes.items() if n is not None)),
        ("Each image", "" if dataset.shape is None else image_shape(dataset.shape)),
        ("Classes", f"{len(data.classes)}: {listed(data.classes)}"),
        ("Split", split_in_words(dataset.split)),
        ("Test set evaluated", {1: "once", 2: "twice"}.get(opened, f"{opened} times") if opened else ""),
        ("Loss", data.configuration.objective),
        ("Optimizer", "" if optimizer is None else setting(vars(optimizer))),
        ("Batch size", _known(training.batch_size)),
        (f"{data.unit.capitalize()}s", _epochs(data)),
        ("Seed", _known(training.seed)),
    ]
    return [(name, value) for name, value in pairs if value]


def _epochs(data: RunData) -> str:
    """Return the number of epochs, and where the best one was kept, which."""
    planned, kept = data.configuration.training.epochs, data.results and data.results.kept_epoch
    if kept is None or planned is None:
        return _known(planned)
    done, best = (
        len(data.history),
        f"the network of epoch {kept} was kept, whose validation loss is the lowest",
    )
    return f"{planned}; {best}" if done == planned else f"{done} of at most {planned}; {best}"


def _known(number: int | None) -> str:
    return "" if number is None else setting(number)


def measured_after(data: RunData) -> bool:
    """Return whether anything was measured after the epochs, with the weights fixed."""
    keys = (f"{images}_{quantity}" for images in ("train", "val") for quantity in ("loss", "accuracy"))
    return data.history.measured(*keys)


def comparison(data: RunData) -> str:
    """Return which curves of the history are comparable, and their final values."""
    if not data.history:
        return ""
    last = data.history[-1]
    if last.train_accuracy is not None and last.val_accuracy is not None:
        return (
            "Only the two solid lines are measured in the same way, so only the gap between them shows how "
            "much better the network does on the images that it was trained on. After the last "
            f"{data.unit} it was right on {percent(last.train_accuracy)} of training images and "
            f"{percent(last.val_accuracy)} of validation images."
        )
    pairs = ((last.loss, last.val_loss), (last.accuracy, last.val_accuracy))
    if any(None not in pair for pair in pairs):
        return "The two are measured differently, so validation looking better than training means nothing."
    return ""


def versions(data: RunData) -> list[tuple[str, str]]:
    """Return the software and hardware of the run, as pairs of name and value."""
    environment = data.environment
    git, blas, cpu = environment.git, environment.blas, environment.cpu
    commit = "" if git is None else f"{git.commit}{', with uncommitted changes' if git.dirty else ''}"
    library = [] if blas is None else [blas.name, blas.version, blas.architecture]
    packages = {"pellucid": data.info.pellucid, **environment.packages}
    pairs = [
        ("Source commit", commit),
        ("Python", environment.python),
        ("Platform", environment.platform),
        ("Processor", "" if cpu is None else cpu.name),
        ("Processor cores", "" if cpu is None or cpu.count is None else str(cpu.count)),
        ("Threads", setting(data.threads or "")),
        ("BLAS", " ".join(part for part in library if part)),
        *packages.items(),
    ]
    return [(name, value) for name, value in pairs if value]
