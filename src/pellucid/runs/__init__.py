"""The run folder: everything that a training run leaves behind, in files that can be read without pellucid.

It is the seam between making and showing. What trains writes it; what evaluates, predicts, compares and
reports reads it and nothing else. This is **version 2** of the format; folders of version 1 open as well.

JSON files are UTF-8. What each holds is defined by the dataclasses in :mod:`pellucid.runs.record`, field by
field, and by the JSON Schemas made from them, ``pellucid/runs/record/schemas/``. A number that is NaN or
infinite is ``null``. Fields that are not required may be absent; later releases may add keys, which are to be
ignored.

``run.json`` (:class:`~pellucid.runs.record.run_info.RunInfo`)
    which run this is, how far it is, and the sha256 of its files once it is finished: from then on a file
    that differs is refused.
``configuration.json`` (:class:`~pellucid.runs.record.configuration.Configuration`)
    what is trained on what, and how: experiment, data, split, network, training.
``environment.json`` (:class:`~pellucid.runs.record.environment.Environment`)
    what it ran on: versions, processor, libraries, threads, the git commit.
``history.json`` (a list of :class:`~pellucid.runs.record.history.EpochRecord`) and ``history.csv``
    what was measured in and after each epoch. The JSON file is the one that pellucid reads.
``predictions.csv``
    one row per test image: ``index``, which image of the dataset it is (of its test part; of its training
    part where it has no test part), ``label``, ``predicted``, ``p0`` … ``p9``, the probability of each
    class, float32 with nine significant digits, which is exact.
``validation.csv``
    the same for the validation images by the final weights, to choose temperature and thresholds on;
    ``index`` is the place in the dataset's training part (its test part where the validation images are the
    test images). Absent where no images were held out.
``results.json`` (:class:`~pellucid.runs.record.results.Results`)
    what came out on the test images, with intervals; times; what to watch; calibration; generalisation.
``uses.json`` (:class:`~pellucid.runs.record.uses.Uses`)
    whether the predictions suffice for each use.
``pictures.npz``
    arrays, never objects: ``first_images`` uint8 (n, H, W[, C]) with ``first_labels``; ``mistakes`` uint8
    (M, H, W[, C]) with ``mistake_index`` (rows of predictions.csv); ``kernels`` float32 (R, S, C, K) of
    the first convolution, ``maps`` float32 (H', W', K), what it makes of ``first_images[0]``. Only the first
    two are always there.
``model.safetensors``, ``checkpoint.safetensors``
    the final weights, with the architecture in the metadata and, where one could be fitted on validation
    images, ``temperature`` in its ``extra`` (the probabilities in this folder are without it);
    the last epoch's full training state.
``figures/*.png``, ``report.html``
    made from the files above, at any time again.

A folder of several runs of one experiment, each with another seed, has a ``summary.json``
(:class:`~pellucid.runs.record.study.StudyInfo`) beside the run folders.
"""

from __future__ import annotations

from pellucid.runs.folder import RunFolder
from pellucid.runs.pictures import to_uint8
from pellucid.runs.predictions import PredictionTable
from pellucid.runs.running import resume, run
from pellucid.runs.seeds import run_seeds
from pellucid.runs.settings import Settings

__all__ = ["PredictionTable", "RunFolder", "Settings", "resume", "run", "run_seeds", "to_uint8"]
