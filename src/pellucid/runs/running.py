"""Run an experiment: data, split, network, training, evaluation, run folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid import losses, optimizers
from pellucid.callbacks.callback import Callback
from pellucid.engine.workers import checked_threads
from pellucid.errors import ArgumentError
from pellucid.experiments.experiment import Experiment, Program
from pellucid.models.loading import load_with_extra
from pellucid.models.sequential import Sequential
from pellucid.runs import by_hand as by_hand_run
from pellucid.runs import environment
from pellucid.runs.diagnosing import refuse_what_cannot_learn
from pellucid.runs.evaluating import described_dataset, evaluate_run
from pellucid.runs.folder import RunFolder
from pellucid.runs.network import new_network
from pellucid.runs.preparation import Prepared, prepare
from pellucid.runs.record.configuration import (
    Configuration,
    ExperimentDescription,
    OptimizerDescription,
    TrainingSettings,
)
from pellucid.runs.record.history import History
from pellucid.runs.record.run_info import RunStatus
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
    """Run ``experiment`` and write everything to the new run folder ``out``.

    Parameters
    ----------
    verbose
        As in :meth:`pellucid.Sequential.fit`.
    command
        The command that started the run, recorded in the folder.

    Raises
    ------
    ArgumentError
        When the experiment cannot learn: no epochs, or a loss of probabilities without softmax.
    OutputError
        When ``out`` exists and is not empty, or cannot be written.
    DatasetError
        When the data are not available; the folder is then not created.
    KeyboardInterrupt
        On Ctrl-C; the folder is marked as interrupted, and :func:`resume` continues from the last epoch.
    """
    settings = settings or Settings()
    if experiment.epochs < 1:
        raise ArgumentError(f"A run trains for at least one epoch. Received: epochs={experiment.epochs}")
    if experiment.program is Program.NETWORK:
        refuse_what_cannot_learn(experiment)
    data = prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)
    folder = RunFolder.create(out, name=experiment.name, command=command or f"pellucid run {experiment.name}")
    return _proceed(folder, experiment, settings, data, verbose)


def resume(path: str | Path, *, threads: int | None = None, verbose: Any = "auto") -> RunFolder:
    """Resume an interrupted run from its last epoch; the result is the same as uninterrupted, bit for bit.

    Raises
    ------
    ArgumentError
        When the run is already finished.
    """
    folder = RunFolder.open(path)
    if folder.info.status is RunStatus.FINISHED:
        raise ArgumentError(f"The run in {folder.path} is finished; there is nothing to resume")
    configuration = folder.configuration
    experiment = configuration.experiment.experiment()
    settings = configuration.settings or Settings()
    if threads is not None:
        settings = replace(settings, threads=threads)
    data = prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)
    found, expected = data.dataset.sha256, configuration.dataset.sha256 or ""
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
        if experiment.program is Program.BY_HAND:
            by_hand_run.train_and_evaluate(folder, experiment, settings, data, verbose)
        else:
            model, history = _model(folder, experiment, settings, data)
            folder.write_configuration(_configuration(experiment, settings, data, model, threads))
            history = _train(model, folder, experiment, settings, data, history, verbose, threads)
            evaluate_run(model, folder, experiment, data, history, threads, settings.seeds)
    except KeyboardInterrupt:
        folder.interrupt()
        raise
    folder.finish()
    return folder


def _model(
    folder: RunFolder, experiment: Experiment, settings: Settings, data: Prepared
) -> tuple[Sequential, History]:
    """Return the network and the history so far: new, or from the checkpoint."""
    if folder.has(CHECKPOINT):
        model, extra = load_with_extra(folder.path / CHECKPOINT)
        return model, History.of(extra["history"])
    return new_network(experiment, data, settings.seed), History()


def _configuration(
    experiment: Experiment, settings: Settings, data: Prepared, model: Sequential, threads: int
) -> Configuration:
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    loss, optimizer = losses.get(experiment.loss), optimizers.serialize(optimizers.get(experiment.optimizer))
    return Configuration(
        experiment=ExperimentDescription.of(experiment),
        settings=settings,
        dataset=described_dataset(data),
        network=model.get_config(),
        training=TrainingSettings(
            loss=losses.serialize(loss)["class_name"],
            optimizer=OptimizerDescription(name=optimizer["class_name"], config=optimizer["config"]),
            batch_size=experiment.batch_size,
            epochs=experiment.epochs,
            seed=settings.seed,
            threads=threads,
        ),
        summary="\n".join(lines),
        parameters=model.count_params(),
    )


def _train(
    model: Sequential,
    folder: RunFolder,
    experiment: Experiment,
    settings: Settings,
    data: Prepared,
    history: History,
    verbose: Any,
    threads: int,
) -> History:
    """Train, and return the history from the first epoch on."""
    inputs, targets = data.inputs(data.training.images), data.targets(data.training.labels)
    recorder = Recorder(folder, history)
    callbacks: list[Callback] = [recorder]
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
        initial_epoch=len(history),
        verbose=verbose,
        validation_data=validation,
        callbacks=callbacks,
        threads=threads,
    )
    return recorder.history
