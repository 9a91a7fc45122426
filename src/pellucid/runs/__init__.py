"""The run folder: everything that a training run writes, in files that can be read without pellucid.

It separates training from everything after it: training writes it; evaluation, prediction, comparison and
reports read only it. This is **version 2** of the format; folders of version 1 can be opened too.

JSON files are UTF-8. The dataclasses in :mod:`pellucid.runs.record` define what each holds, field by field,
and the JSON Schemas in ``pellucid/runs/record/schemas/`` are made from them. A number that is NaN or infinite
is ``null``. Optional fields may be absent. Ignore unknown keys: later releases may add some.

``run.json`` (:class:`~pellucid.runs.record.run_info.RunInfo`)
    identity and status of the run, and, once it is finished, the sha256 of its files: a file that differs is
    then refused. A run that is said to be running has been stopped if no process owns its folder.
``lock.json`` (:class:`~pellucid.runs.ownership.Owner`)
    which process owns the folder; only while there is one, and locked by it.
``configuration.json`` (:class:`~pellucid.runs.record.configuration.Configuration`)
    what is trained, on which data, and how: experiment, data, split, network, training.
``environment.json`` (:class:`~pellucid.runs.record.environment.Environment`)
    where it ran: versions, processor, libraries, threads, the git commit.
``history.json`` (a list of :class:`~pellucid.runs.record.history.EpochRecord`) and ``history.csv``
    what was measured during and after each epoch. Pellucid reads the JSON file.
``predictions.csv``
    one row per test image: ``index``, its position in the dataset's test images (or in its training images if
    it has no test images), ``label``, ``predicted``, and ``p0`` … ``p9``, the probability of each class,
    float32 with nine significant digits, which is exact.
``validation.csv``
    the same for the validation images, with the final weights, for choosing temperature and thresholds;
    ``index`` is the position in the dataset's training images (or in its test images if those are used for
    validation). Absent if no images were held out.
``results.json`` (:class:`~pellucid.runs.record.results.Results`)
    the test results, with intervals; times; findings; calibration; generalisation.
``uses.json`` (:class:`~pellucid.runs.record.uses.Uses`)
    whether the predictions suffice for each application.
``pictures.npz``
    arrays, never objects: ``first_images`` uint8 (n, H, W[, C]) with ``first_labels``; ``mistakes`` uint8 (M,
    H, W[, C]) with ``mistake_index`` (rows of predictions.csv): the most confident ones, up to 1,000 and 16
    MiB; ``kernels`` float32 (R, S, C, K) of the first convolution, and ``maps`` float32 (H', W', K), its
    outputs for ``first_images[0]``. Only the first two are always present.
``model.safetensors``, ``checkpoint.safetensors``
    the final weights, with the architecture in the metadata and, if one could be fitted on validation images,
    ``temperature`` in its ``extra`` (the probabilities in this folder do not include it); the full training
    state after the last epoch.
``best.safetensors``
    the weights of the best epoch so far, if the experiment has a ``patience``; at the end, those kept.
``figures/*.png``, ``report.html``
    made from the files above, and can be made again at any time.

A folder of several runs of one experiment, each with a different seed, has a ``summary.json``
(:class:`~pellucid.runs.record.study.StudyInfo`) beside the run folders.
"""

from __future__ import annotations

from pellucid.runs.folder import RunFolder
from pellucid.runs.pictures import to_uint8
from pellucid.runs.predictions import PredictionTable
from pellucid.runs.running import resume, run
from pellucid.runs.seeds import resume_seeds, run_seeds
from pellucid.runs.settings import Settings

__all__ = [
    "PredictionTable",
    "RunFolder",
    "Settings",
    "resume",
    "resume_seeds",
    "run",
    "run_seeds",
    "to_uint8",
]
