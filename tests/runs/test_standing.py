from dataclasses import replace

import pytest

from pellucid.errors import OutputError
from pellucid.runs import RunFolder
from pellucid.runs.ownership import take
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    TrainingSettings,
)
from pellucid.runs.record.history import History
from pellucid.runs.standing import being_trained, progress, refuse_if_trained

CONFIGURATION = Configuration(
    experiment=ExperimentDescription(name="e"),
    dataset=DatasetDescription(name="d", classes=("cat", "dog")),
    network={},
    training=TrainingSettings(epochs=40),
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a run of 40 epochs, 12 of which are done."""
    monkeypatch.chdir(tmp_path)
    run = RunFolder.create("my run", command="pellucid run e", configuration=CONFIGURATION)
    run.write_history(History.of([{"epoch": epoch, "loss": 0.5} for epoch in range(1, 13)]))
    return run


def test_one_that_is_trained_says_by_whom_and_how_far_and_not_to_resume_it(run):
    owned = take(run.path)
    said = run.standing()
    assert said.startswith("The run in my run is being trained by this process (")
    assert said.endswith(": epoch 13 of 40. Ask again when it is finished.")
    assert "resume" not in said
    with pytest.raises(
        OutputError, match=r"^The run in my run is being trained by .* since .*: epoch 13 of 40\.$"
    ):
        refuse_if_trained(run.path)
    owned.release()
    refuse_if_trained(run.path)


def test_one_that_is_tested_says_so(run):
    run.write_configuration(replace(CONFIGURATION, training=TrainingSettings(epochs=12)))
    assert being_trained(run.path).endswith(": all 12 epochs are done, and it is being tested")


def test_one_whose_process_ended_without_a_word(run):
    assert run.standing() == (
        "The run in my run is stopped, not finished: its process ended without a word (12 of 40 epochs "
        "done). Continue with `pellucid resume 'my run'`."
    )


def test_an_interrupted_one(run):
    run.interrupt()
    assert run.standing() == (
        "The run in my run is interrupted, not finished (12 of 40 epochs done): "
        "continue with `pellucid resume 'my run'`."
    )


@pytest.mark.parametrize("message", ["The loss is NaN", "The loss is NaN."])
def test_a_failed_one_says_why(run, message):
    run.fail(message)
    assert run.standing("It") == (
        "It failed (12 of 40 epochs done): The loss is NaN. Remove the cause, then "
        "continue with `pellucid resume 'my run'`."
    )


def test_a_finished_one(run):
    run.finish()
    assert run.standing() == "The run in my run is finished."


def test_one_of_an_older_release_that_never_began_is_run_again(tmp_path):
    old = RunFolder.create(tmp_path / "old", command="pellucid run e")
    assert old.standing().endswith("ended without a word. Run it again with `pellucid run e`.")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"training": 3}', '{"training": {"epochs": "x"}}'])
def test_damaged_files_count_as_nothing(run, content):
    (run.path / "configuration.json").write_text(content)
    (run.path / "history.json").write_text("{")
    assert progress(run.path) == (0, None, "epoch")
