"""``pellucid resume RUN``."""

from __future__ import annotations

from pellucid.cli.shared.interruption import telling_how_to_go_on
from pellucid.cli.shared.json_output import JsonOption
from pellucid.cli.shared.options import EveryOption, QuietOption, RunOrStudyArgument, ThreadsOption
from pellucid.cli.shared.run_folders import open_run
from pellucid.cli.shared.run_results import show_results, show_seed, show_study
from pellucid.core.terminal import doing, telling


def resume(
    run: RunOrStudyArgument,
    threads: ThreadsOption = None,
    every: EveryOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Continue a run that ended too soon, or the seeds that a folder of several lacks.

    It continues after its last complete epoch, and ends with the same bits as if it had never stopped.

    Example: pellucid resume runs/mnist-cnn

    Example: pellucid resume runs/digits-cnn-5-seeds
    """
    with telling(not quiet), doing("loading pellucid", in_files=False):
        from pellucid.callbacks import Progress
        from pellucid.runs import resume as resume_run
        from pellucid.runs import resume_seeds
        from pellucid.runs.study_folder import is_study

    progress = Progress(0 if quiet else "auto", every=every)
    if is_study(run):
        with telling(not quiet), telling_how_to_go_on(run):
            study = resume_seeds(run, threads=threads, verbose=progress, on_run=show_seed)
            show_study(run, study, as_json=as_json)
        return
    open_run(run)
    with telling(not quiet), telling_how_to_go_on(run):
        finished = resume_run(run, threads=threads, verbose=progress)
        show_results(finished, as_json=as_json)
