"""Running an experiment: data, split, network, training, evaluation, run folder."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pellucid.callbacks.callback import Callback
from pellucid.engine.workers import checked_threads
from pellucid.errors import ArgumentError
from pellucid.experiments.experiment import Experiment
from pellucid.models.loading import load_with_extra
from pellucid.models.sequential import Sequential
from pellucid.runs import by_hand as by_hand_run
from pellucid.runs import environment
from pellucid.runs.diagnosing import refuse_what_cannot_learn
from pellucid.runs.evaluating import dataset_facts, judge
from pellucid.runs.folder import RunFolder
from pellucid.runs.network import new_network
from pellucid.runs.preparation import Prepared, prepare
from pellucid.runs.recording import CHECKPOINT, MeasureTraining, Recorder
from pellucid.runs.settings import Settings


def run(
    experiment: Experiment,
    out: str | Path,
    settings: Settings | None = None,
    *,
    verbose: Any = "auto",
    command: str = "",
) -> RunFolder:
    """Run ``experiment`` and leave everything in the new run folder ``out``.

    Parameters
    ----------
    verbose
        As in :meth:`pellucid.Sequential.fit`.
    command
        How the run was asked for, noted in the folder.

    Raises
    ------
    ArgumentError
        When the experiment cannot learn: no epochs, or a loss of probabilities without softmax.
    OutputError
        When ``out`` exists and is not empty, or cannot be written.
    DatasetError
        When the data cannot be had; the folder is not made then.
    KeyboardInterrupt
        On Ctrl-C, when the folder is marked interrupted; :func:`resume` goes on from the last epoch.
    """
    settings = settings or Settings()
    if experiment.epochs < 1:
        raise ArgumentError(f"A run trains for at least one epoch. Received: epochs={experiment.epochs}")
    if experiment.program == "network":
        refuse_what_cannot_learn(experiment)
    data = prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)
    folder = RunFolder.create(out, name=experiment.name, command=command or f"pellucid run {experiment.name}")
    return _proceed(folder, experiment, settings, data, verbose)


def resume(path: str | Path, *, threads: int | None = None, verbose: Any = "auto") -> RunFolder:
    """Go on with an interrupted run from its last epoch; it ends as if it had never stopped, bit for bit.

    Raises
    ------
    ArgumentError
        When the run is finished already.
    """
    folder = RunFolder.open(path)
    if folder.about["status"] == "finished":
        raise ArgumentError(f"The run in {folder.path} is finished; there is nothing to go on with")
    configuration = folder.configuration
    experiment = Experiment.from_config(configuration["experiment"])
    settings = Settings(**configuration["settings"])
    if threads is not None:
        settings = replace(settings, threads=threads)
    data = prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)
    found, expected = data.dataset.sha256, configuration["dataset"]["sha256"]
    if found != expected:
        raise ArgumentError(
            f"The dataset {data.dataset.name!r} is not the one that the run began with "
            f"(sha256 {found[:12]}…, was {expected[:12]}…); start a new run"
        )
    folder.resume()
    return _proceed(folder, experiment, settings, data, verbose)


def _proceed(
    folder: RunFolder, experiment: Experiment, settings: Settings, data: Prepared, verbose: Any
) -> RunFolder:
    threads = checked_threads(settings.threads)
    folder.write_environment(environment.describe(threads))
    try:
        if experiment.program == "by hand":
            by_hand_run.train_and_evaluate(folder, experiment, settings, data, verbose)
        else:
            model, rows = _model(folder, experiment, settings, data)
            folder.write_configuration(_configuration(experiment, settings, data, model, threads))
            _train(model, folder, experiment, settings, data, rows, verbose, threads)
            judge(model, folder, experiment, data, rows, threads, settings.seeds)
    except KeyboardInterrupt:
        folder.interrupt()
        raise
    folder.finish()
    return folder


def _model(
    folder: RunFolder, experiment: Experiment, settings: Settings, data: Prepared
) -> tuple[Sequential, list[dict[str, Any]]]:
    """Return the network and the history so far: new, or as the checkpoint has them."""
    if folder.has(CHECKPOINT):
        model, extra = load_with_extra(folder.path / CHECKPOINT)
        return model, extra["history"]
    return new_network(experiment, data, settings.seed), []


def _configuration(
    experiment: Experiment, settings: Settings, data: Prepared, model: Sequential, threads: int
) -> dict[str, Any]:
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    declared = experiment.to_config()
    return {
        "experiment": declared,
        "settings": asdict(settings),
        "dataset": dataset_facts(data),
        "network": model.get_config(),
        "training": {
            "loss": declared["loss"]["class_name"],
            "optimizer": {
                "name": declared["optimizer"]["class_name"],
                "config": declared["optimizer"]["config"],
            },
            "batch_size": experiment.batch_size,
            "epochs": experiment.epochs,
            "seed": settings.seed,
            "threads": threads,
        },
        "summary": "\n".join(lines),
        "parameters": model.count_params(),
    }


def _train(
    model: Sequential,
    folder: RunFolder,
    experiment: Experiment,
    settings: Settings,
    data: Prepared,
    rows: list[dict[str, Any]],
    verbose: Any,
    threads: int,
) -> None:
    inputs, targets = data.inputs(data.training.images), data.targets(data.training.labels)
    callbacks: list[Callback] = [Recorder(folder, rows)]
    validation = None
    if len(data.validation):
        validation = data.inputs(data.validation.images), data.targets(data.validation.labels)
        count = len(data.validation)
        callbacks.insert(0, MeasureTraining(inputs, targets, count, seed=settings.seed, threads=threads))
    model.fit(
        inputs,
        targets,
        batch_size=experiment.batch_size,
        epochs=experiment.epochs,
        initial_epoch=len(rows),
        verbose=verbose,
        validation_data=validation,
        callbacks=callbacks,
        threads=threads,
    )
