"""Run an experiment: data, split, network, training, evaluation, run folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid import losses, optimizers
from pellucid.callbacks.callback import Callback
from pellucid.callbacks.progress import Progress, as_progress
from pellucid.core.terminal import doing, tell, telling
from pellucid.core.wording.plurals import counted
from pellucid.engine.workers import checked_threads
from pellucid.errors import ArgumentError
from pellucid.experiments.experiment import Experiment, Program
from pellucid.models.loading import load_with_extra
from pellucid.models.saving import load_weights
from pellucid.models.sequential import Sequential
from pellucid.runs import by_hand as by_hand_run
from pellucid.runs import environment
from pellucid.runs.beginning import continued_run, new_run, tidy
from pellucid.runs.diagnosing import refuse_what_cannot_learn
from pellucid.runs.evaluating import described_dataset, evaluate_run
from pellucid.runs.folder import RunFolder
from pellucid.runs.interruption import interruptible
from pellucid.runs.network import new_network
from pellucid.runs.overview_line import overview
from pellucid.runs.preparation import Prepared, prepare
from pellucid.runs.record.configuration import (
    Configuration,
    ExperimentDescription,
    OptimizerDescription,
    TrainingSettings,
)
from pellucid.runs.record.history import History
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.recording import BEST, CHECKPOINT, KeepBest, MeasureTraining, Recorder
from pellucid.runs.settings import Settings
from pellucid.runs.standing import refuse_if_trained
from pellucid.runs.trial import tried_network


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
        As in :meth:`pellucid.Sequential.fit`, or a :class:`~pellucid.callbacks.Progress`.
    command
        The command that started the run, recorded in the folder.

    Raises
    ------
    ArgumentError
        When the experiment cannot learn: no epochs, a loss of probabilities without softmax, or a network
        that does not fit the data. The folder is then not created.
    OutputError
        When ``out`` exists and is not empty, or cannot be written. A run of that name which ended before its
        first epoch is replaced.
    DatasetError
        When the data are not available; the folder is then not created.
    KeyboardInterrupt
        On Ctrl-C, SIGTERM or SIGHUP; the folder is marked as interrupted, and :func:`resume` continues from
        the last epoch. After any other error it is marked as failed.
    """
    settings = settings or Settings()
    if experiment.epochs < 1:
        raise ArgumentError(f"A run trains for at least one epoch. Received: epochs={experiment.epochs}")
    if experiment.program is Program.NETWORK:
        refuse_what_cannot_learn(experiment)
    threads = checked_threads(settings.threads)
    progress = as_progress(verbose)
    with interruptible(), telling(progress.verbose != 0):
        data = _read(experiment, settings)
        network = None
        if experiment.program is Program.NETWORK:
            with doing(f"{experiment.name}: trying the network on one batch", in_files=False):
                network = tried_network(experiment, data, settings.seed, threads)
        with new_run(
            out,
            name=experiment.name,
            command=command or f"pellucid run {experiment.name}",
            configuration=_configuration(experiment, settings, data, network, threads),
            environment=environment.describe(threads),
        ) as folder:
            tell(overview(folder))
            _proceed(folder, experiment, settings, data, network, History(), progress, threads)
    return folder


def resume(path: str | Path, *, threads: int | None = None, verbose: Any = "auto") -> RunFolder:
    """Resume a run that ended too soon from its last epoch; the result is that of an uninterrupted one.

    The two are the same bit for bit.

    Raises
    ------
    ArgumentError
        When the run is already finished.
    OutputError
        When a process is training it.
    """
    folder = RunFolder.open(path)
    refuse_if_trained(folder.path)
    if folder.info.status is RunStatus.FINISHED:
        tidy(folder.path)
        raise ArgumentError(f"The run in {folder.path} is finished; there is nothing to resume")
    configuration = folder.configuration
    experiment = configuration.experiment.experiment()
    settings = configuration.settings or Settings()
    if threads is not None:
        settings = replace(settings, threads=threads)
    threads = checked_threads(settings.threads)
    progress = as_progress(verbose)
    with interruptible(), telling(progress.verbose != 0):
        data = _read(experiment, settings)
        _check_same_data(data, configuration)
        with continued_run(path) as folder:
            if folder.info.status is RunStatus.FINISHED:  # by another process, meanwhile
                return folder
            network, history = None, History()
            if experiment.program is Program.NETWORK:
                network, history = _trained_so_far(folder, experiment, settings, data)
            folder.resume()
            folder.write_environment(environment.describe(threads))
            folder.write_configuration(_with_threads(configuration, settings, threads))
            if history:
                folder.write_history(history)
            tell(overview(folder))
            _proceed(folder, experiment, settings, data, network, history, progress, threads)
    return folder


def _read(experiment: Experiment, settings: Settings) -> Prepared:
    with doing(f"{experiment.name}: reading {experiment.dataset}", in_files=False):
        return prepare(experiment, split_seed=settings.split_seed, limit=settings.limit)


def _proceed(
    folder: RunFolder,
    experiment: Experiment,
    settings: Settings,
    data: Prepared,
    network: Sequential | None,
    history: History,
    progress: Progress,
    threads: int,
) -> None:
    """Train from the history on, evaluate, and write the results; ``network`` is None if it is by hand."""
    if network is None:
        by_hand_run.train_and_evaluate(folder, experiment, settings, data, progress)
        return
    history, kept = _train(network, folder, experiment, settings, data, history, progress, threads)
    with doing(f"testing on {counted(len(data.test), 'image')}, and examining the network"):
        evaluate_run(network, folder, experiment, data, history, threads, settings.seeds, kept=kept)


def _check_same_data(data: Prepared, configuration: Configuration) -> None:
    found, expected = data.dataset.sha256, configuration.dataset.sha256 or ""
    if found != expected:
        raise ArgumentError(
            f"The dataset {data.dataset.name!r} is not the one that the run began with "
            f"(sha256 {found[:12]}…, was {expected[:12]}…); start a new run"
        )


def _trained_so_far(
    folder: RunFolder, experiment: Experiment, settings: Settings, data: Prepared
) -> tuple[Sequential, History]:
    """Return the network and the history so far: from the checkpoint, or new if there is none yet."""
    if folder.has(CHECKPOINT):
        model, extra = load_with_extra(folder.path / CHECKPOINT)
        return model, History.of(extra["history"])
    return new_network(experiment, data, settings.seed), History()


def _with_threads(configuration: Configuration, settings: Settings, threads: int) -> Configuration:
    training = replace(configuration.training, threads=threads)
    return replace(configuration, settings=settings, training=training)


def _configuration(
    experiment: Experiment, settings: Settings, data: Prepared, model: Sequential | None, threads: int
) -> Configuration:
    if model is None:
        return by_hand_run.configuration_of(experiment, settings, data)
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
    progress: Progress,
    threads: int,
) -> tuple[History, int | None]:
    """Train, and return the history from the first epoch on.

    The second value is the epoch whose network was kept, where that is the best one; None: the last one.
    """
    inputs, targets = data.inputs(data.training.images), data.targets(data.training.labels)
    recorder = Recorder(folder, history)
    callbacks: list[Callback] = [progress, recorder]
    validation, best = None, None
    if experiment.patience is not None:
        best = KeepBest(folder, history, experiment.patience)
        callbacks.insert(0, best)
    if len(data.validation):
        validation = data.inputs(data.validation.images), data.targets(data.validation.labels)
        count = len(data.validation)
        callbacks.insert(0, MeasureTraining(inputs, targets, count, seed=settings.seed, threads=threads))
    model.fit(
        inputs,
        targets,
        batch_size=experiment.batch_size,
        epochs=len(history) if best is not None and best.has_ended_training else experiment.epochs,
        initial_epoch=len(history),
        validation_data=validation,
        callbacks=callbacks,
        threads=threads,
    )
    if best is None:
        return recorder.history, None
    load_weights(model, folder.path / BEST)
    return recorder.history, best.best_epoch + 1
