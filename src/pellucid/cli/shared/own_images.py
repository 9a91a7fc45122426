"""What is said before the default network is trained on a folder of one's own images."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pellucid.cli.shared.layout import labelled, printable, width
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted

if TYPE_CHECKING:
    from pellucid.datasets.folder_facts import FolderFacts
    from pellucid.experiments import Experiment
    from pellucid.runs import Settings
    from pellucid.runs.preparation import Prepared

MOST_LISTED = 6  # classes that are named


def is_folder_of_images(name: str) -> bool:
    """Return whether ``pellucid run NAME`` means a folder of images, and not an experiment."""
    from pellucid.experiments import names

    return name not in names() and Path(name).is_dir()


def show_choices(experiment: Experiment, settings: Settings) -> None:
    """Print on standard error what was chosen for the images of a folder, why, and how to change it."""
    from pellucid.datasets.folder_facts import folder_facts
    from pellucid.runs.preparation import prepare

    facts = folder_facts(Path(experiment.dataset))
    data = prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)
    columns = width(sys.stderr)
    rows = [
        ("images", _images(experiment, data, facts)),
        ("network", _network(experiment)),
        ("training", _training(experiment)),
        ("variation", _augmentation()),
        ("parts", _parts(data)),
        ("to change", _how_to_change(experiment)),
    ]
    typer.echo(f"{labelled(rows, columns)}\n", err=True)


def _images(experiment: Experiment, data: Prepared, facts: FolderFacts) -> str:
    names = [printable(name) for name in facts.classes[:MOST_LISTED]]
    more = ", …" if len(facts.classes) > MOST_LISTED else ""
    height, width_, channels = data.pipeline.shape
    colour = "colour" if channels == 3 else "grey, as none has colour"
    low, high = (f"{size[1]}×{size[0]}" for size in (facts.smallest, facts.largest))
    sizes = f"all are {low}" if low == high else f"they are {low} to {high}"
    is_square = _square(facts.smallest) and _square(facts.largest)
    proportions = "" if is_square else "; stretched to squares"
    return (
        f"{counted(facts.images + facts.test_images, 'image')} of {len(facts.classes):,} classes "
        f"({', '.join(names)}{more}), read as {width_}×{height} pixels in {colour} ({sizes}{proportions})"
    )


def _square(size: tuple[int, int]) -> bool:
    return size[0] == size[1]


def _network(experiment: Experiment) -> str:
    from pellucid.layers import Conv2D

    convolutions = [layer.filters for layer in experiment.layers if isinstance(layer, Conv2D)]
    kernels = ", ".join(map(str, convolutions))
    return (
        f"{len(convolutions)} convolutions of {kernels} kernels; finds a pattern wherever it is in the image"
    )


def _training(experiment: Experiment) -> str:
    from pellucid.cli.show import training_of

    return training_of(experiment)


def _augmentation() -> str:
    from pellucid.experiments.own_images import SHIFT

    return (
        f"in training each image is shifted at random by up to {percent(SHIFT, 0)}; none is mirrored or "
        "turned, which would change some classes (b and d, 6 and 9, left and right)"
    )


def _parts(data: Prepared) -> str:
    return (
        f"{counted(len(data.training), 'image')} to learn from, {len(data.validation):,} to choose the best "
        f"epoch, {len(data.test):,} to test; drawn from every class alike"
    )


def _how_to_change(experiment: Experiment) -> str:
    folder = experiment.dataset
    file = Path(f"{experiment.name}.py")
    return f"pellucid new {shlex.quote(str(file))} --data {shlex.quote(folder)}, and edit that file"
