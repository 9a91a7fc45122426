"""``pellucid resume RUN``."""

from __future__ import annotations

from pellucid.cli.shared.interruption import telling_how_to_go_on
from pellucid.cli.shared.json_output import JsonOption
from pellucid.cli.shared.options import RunArgument, ThreadsOption
from pellucid.cli.shared.run_folders import open_run
from pellucid.cli.shared.run_results import show_results


def resume(run: RunArgument, threads: ThreadsOption = None, as_json: JsonOption = False) -> None:
    """Continue an interrupted run.

    It continues after its last complete epoch, and ends with the same bits as if it had never stopped.

    Example: pellucid resume runs/mnist-cnn
    """
    open_run(run)
    from pellucid.runs import resume as resume_run

    with telling_how_to_go_on(run):
        finished = resume_run(run, threads=threads)
    show_results(finished, as_json=as_json)
