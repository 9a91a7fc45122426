import json

import pytest

from pellucid.runs import RunFolder
from pellucid.runs.recording import Recorder

RUN = ("run", "digits-perceptron", "--epochs", 4, "--threads", 1)


@pytest.fixture
def interrupted(no_report, pellucid, monkeypatch):
    """Return the result of a run that Ctrl-C has ended after its second epoch."""
    write = Recorder.on_epoch_end

    def write_then_stop(self, epoch, logs=None):
        write(self, epoch, logs)
        if epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(Recorder, "on_epoch_end", write_then_stop)
    result = pellucid(*RUN)
    monkeypatch.setattr(Recorder, "on_epoch_end", write)
    return result


def test_an_interrupted_run_goes_on_to_the_same_end(no_report, pellucid, interrupted):
    assert interrupted.exit_code == 130
    assert interrupted.stderr.endswith(
        "\nInterrupted. Continue with: pellucid resume runs/digits-perceptron\n"
    )
    assert RunFolder.open("runs/digits-perceptron").info.status == "interrupted"
    result = pellucid("resume", "runs/digits-perceptron", "--json")
    assert result.exit_code == 0
    assert "\n  3/4 " in result.stderr
    assert "\n  2/4 " not in result.stderr
    whole = json.loads(pellucid(*RUN, "--out", "whole", "--json").stdout)
    assert json.loads(result.stdout)["test"] == whole["test"]


def test_a_finished_run_is_not_resumed(pellucid, finished):
    result = pellucid("resume", finished)
    assert result.exit_code == 2
    assert result.stderr == f"pellucid: The run in {finished} is finished; there is nothing to resume\n"


def test_what_needs_a_finished_run_says_how_to_finish_it(pellucid, interrupted):
    for command in (["evaluate"], ["predict"]):
        result = pellucid(*command, "runs/digits-perceptron", *(["x.png"] if command == ["predict"] else []))
        assert result.exit_code == 4
        assert "The run in runs/digits-perceptron is interrupted" in result.stderr
        assert "`pellucid resume runs/digits-perceptron`" in result.stderr
