"""The run folder: everything that a training run leaves behind, in files that can be read without pellucid.

It is the seam between making and showing. What trains writes it; what evaluates, predicts, compares and
reports reads it and nothing else. This is **version 1** of the format.

JSON files are UTF-8; a number that is NaN or infinite is ``null`` there (and an empty field in CSV). Keys
marked ``?`` may be absent. Other keys may be added by later releases and are to be ignored.

``run.json``
    ``format`` "pellucid-run"; ``version`` 1; ``name`` of the experiment; ``status`` "running",
    "interrupted" or "finished"; ``created`` and ``finished`` (ISO 8601, UTC; null until then); ``command``
    that made it; ``pellucid`` version; ``files``? {file: sha256} of what the report reads and of the
    model, written when the run is finished: from then on a file that differs is refused.
``configuration.json``
    ``experiment`` the experiment as declared; ``dataset`` {``name``, ``classes`` [names], ``counts``
    {train, validation, test}?, ``split``? {what: how}, ``shape``? [H, W, C], ``sha256``?}; ``network`` the
    architecture; ``training`` {``loss``?, ``optimizer``? {name, config}, ``batch_size``?, ``epochs``?,
    ``seed``?, ``threads``?, ``images_per_cycle``? (then what is called an epoch is a cycle of so many
    images)}; ``summary``? text of the model summary; ``parameters``? their number.
``environment.json``
    ``python``, ``platform``, ``packages`` {name: version}; ``cpu``? {name, count} or its name;
    ``threads``?; ``blas``? {name, version, architecture, threads}; ``compiled_kernels``? what compiles
    them, with its version, or null where NumPy works alone; ``git``? {commit, dirty} or null;
    ``variables``? {name: value} of the environment variables that matter.
``history.json`` and ``history.csv``
    one entry (row) per epoch: ``epoch`` from 1; ``loss``, ``accuracy`` (running means while the epoch
    trains, dropout on); ``val_loss``?, ``val_accuracy``? (validation images, after the epoch, dropout
    off); ``train_loss``?, ``train_accuracy``? (a sample of the training images, measured in the same
    way); ``seconds``?, ``learning_rate``?. The JSON file is the one that pellucid reads.
``predictions.csv``
    one row per test image: ``index``, which image of the dataset it is (of its test part; of its training
    part where it has no test part), ``label``, ``predicted``, ``p0`` … ``p9``, the probability of each
    class, float32 with nine significant digits, which is exact.
``validation.csv``
    the same for the validation images by the final weights, to choose temperature and thresholds on;
    ``index`` is the place in the dataset's training part (its test part where ``split.validation`` is "the
    test images"). Absent where no images were held out (``counts.validation`` is 0).
``results.json``
    ``test`` {``n``, ``loss``, ``accuracy``, ``accuracy_interval`` [low, high] at 95 %, ``correct``};
    ``seconds``? {training, epochs [..]}; ``images_per_second``?; ``test_set_opened``? how often;
    ``warnings``? [texts]; ``findings``? [{code, message, evidence, fix}], what to watch, of which the
    warnings are the texts; ``evaluation``? {top_k, classes [{name, support, predicted, precision, recall,
    f1}], confusion, …}, each estimate as {value, low, high, n, method, level}; ``calibration``? {before,
    after?, temperature or null, reason?}, each of the two {error, by_chance, confidence, accuracy, bins,
    sentence}; ``generalisation``? {end, opened, best_epoch, more_epochs, converged, fit, sentences}.
``uses.json``
    ``basis`` [texts] what was measured on what; ``uses`` [{use, title, digits, target, accuracy, field,
    needed_accuracy, slip, independent, by_writer, verdict, sentence, details}], whether the predictions
    suffice for each; ``curves``? [{digits, coverage, risk}], for
    fields of so many digits, on independent fields: the share accepted, and the share of these wrong.
``pictures.npz``
    arrays, never objects: ``first_images`` uint8 (n, H, W[, C]) with ``first_labels``; ``mistakes``? uint8
    (M, H, W[, C]) with ``mistake_index`` (rows of predictions.csv); ``kernels``? float32 (R, S, C, K) of
    the first convolution, ``maps``? float32 (H', W', K), what it makes of ``first_images[0]``.
``model.safetensors``, ``checkpoint.safetensors``
    the final weights, with the architecture in the metadata and, where one could be fitted on validation
    images, ``temperature`` in its ``extra`` (the probabilities in this folder are without it);
    the last epoch's full training state.
``figures/*.png``, ``report.html``
    made from the files above, at any time again.
"""

from __future__ import annotations

from pellucid.runs.folder import RunFolder
from pellucid.runs.pictures import to_uint8
from pellucid.runs.predictions import Predictions
from pellucid.runs.running import resume, run
from pellucid.runs.seeds import run_seeds
from pellucid.runs.settings import Settings

__all__ = ["Predictions", "RunFolder", "Settings", "resume", "run", "run_seeds", "to_uint8"]
