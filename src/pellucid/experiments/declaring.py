"""Write a Python file that declares the default experiment on a folder of images, to be changed."""

from __future__ import annotations

import os
from pathlib import Path

from pellucid.core.files import write_bytes
from pellucid.errors import ArgumentError, DataError, OutputError
from pellucid.experiments.experiment import Experiment
from pellucid.experiments.own_images import LayerLine, experiment_on, layer_lines, literal, name_for

TEMPLATE = '''"""What is learned from the images in {folder}, and how. Change what you like, then run it:

    pellucid run {file}
"""

from pellucid.experiments import Experiment, Split
from pellucid.layers import (
{imports}
)

experiment = Experiment(
    name={name},  # the run folder is runs/NAME
    summary={summary},
    dataset={dataset},  # a folder with a folder of images for each class
    image_size={size!r},  # every image is resized to this height and width
    layers=[
{layers}
    ],
    optimizer="adam",  # or from pellucid.optimizers: SGD(0.01, momentum=0.9)
    batch_size={batch_size},
    epochs={epochs},  # at most
    patience={patience},  # epochs without a lower validation loss that end training; the best epoch is kept
    split=Split(test_share={test_share}, validation_share={validation_share}),  # of all images; of the rest
)
'''
# Where the layer that mirrors images belongs, and what it does.
MIRRORED = (
    '# RandomFlip("horizontal"),  # in training: mirrored; only if your classes stay the same in a mirror'
)


def declare(file: Path, folder: str) -> Experiment:
    """Write a file that declares the default experiment on ``folder``; return what it declares.

    Raises
    ------
    ArgumentError
        When the file's name does not end in .py.
    DataError
        When ``folder`` is not a folder with a folder of images for each class.
    OutputError
        When there is a file of that name, which is left as it is, or it cannot be written.
    """
    if file.suffix != ".py":
        raise ArgumentError(f"The name of a Python file ends in .py. Received: file={str(file)!r}")
    if not Path(folder).is_dir():
        raise DataError(f"Cannot read the image folder {folder}: there is no such folder.")
    if os.path.lexists(file):
        raise OutputError(f"{file} is there already, and is left as it is: choose another name.")
    experiment = experiment_on(folder)
    write_bytes(file, _text(file, folder, experiment).encode())
    return experiment


def _text(file: Path, folder: str, experiment: Experiment) -> str:
    size = experiment.image_size or (0, 0)
    classes = experiment.layers[-1].get_config()["units"]
    lines = layer_lines(size[0], classes)
    kinds = sorted({"RandomFlip", *(line.kind.__name__ for line in lines)})
    return TEMPLATE.format(
        folder=_plain(folder),
        file=_plain(file),
        imports="\n".join(f"    {kind}," for kind in kinds),
        name=literal(name_for(file.stem)),
        summary=literal(experiment.summary),
        dataset=literal(experiment.dataset),
        size=size,
        layers="\n".join(_layers(lines)),
        batch_size=experiment.batch_size,
        epochs=experiment.epochs,
        patience=experiment.patience,
        test_share=experiment.split.test_share,
        validation_share=experiment.split.validation_share,
    )


def _plain(path: object) -> str:
    """Return a path as it can stand in a docstring."""
    return str(path).replace("\\", "/").replace('"', "'")


def _layers(lines: list[LayerLine]) -> list[str]:
    """Return the lines of the layers, with what they are for as comments."""
    written = []
    for line in lines:
        comment = f"  # {line.purpose}" if line.purpose else ""
        written.append(f"        {line.code()},{comment}")
        if line.kind.__name__ == "RandomTranslation":
            written.append(f"        {MIRRORED}")
    return written
