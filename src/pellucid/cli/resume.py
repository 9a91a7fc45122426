"""``pellucid resume RUN``."""

from __future__ import annotations

from pellucid.cli.opening import open_run
from pellucid.cli.options import JsonOption, RunArgument, ThreadsOption
from pellucid.cli.results import show_results
from pellucid.cli.run import telling_how_to_go_on


def resume(run: RunArgument, threads: ThreadsOption = None, as_json: JsonOption = False) -> None:
    """Go on with a run that was interrupted.

    It goes on after its last whole epoch, and ends as if it had never stopped, bit for bit.

    Example: pellucid resume runs/mnist-cnn
    """
    open_run(run)
    from pellucid.runs import resume as resume_run

    with telling_how_to_go_on(run):
        finished = resume_run(run, threads=threads)
    show_results(finished, as_json=as_json)
