"""Existing run folders are matched to trainings, or refused with what is wrong."""

import dataclasses
import json

import pytest

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.experiments import find
from pellucid.lab.existing_runs import match_runs
from pellucid.lab.scale import Scale, Training
from pellucid.lab.trainings import experiment_with, key_of
from pellucid.runs import Settings, run

SCALE = Scale("small", epochs={"digits-perceptron": 2})
ASKED = [Training("digits-perceptron")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that makes a run of the perceptron; read only."""
    base = tmp_path_factory.mktemp("given")

    def make(name, epochs=2, seed=0, **changes):
        folder = base / name
        if not folder.exists():
            experiment = dataclasses.replace(find("digits-perceptron").with_recipe(epochs=epochs), **changes)
            run(experiment, folder, Settings(seed=seed), verbose=0)
        return folder

    return make


def test_a_run_by_the_recipe_is_recognised_at_either_scale(made):
    key = key_of(*experiment_with("digits-perceptron", epochs=2))
    assert match_runs([made("fits")], ASKED, SCALE) == {key: made("fits")}
    full = dataclasses.replace(SCALE, epochs={"digits-perceptron": 3})
    assert match_runs([made("fits")], ASKED, dataclasses.replace(SCALE, short_epochs=1)) == {
        key: made("fits")
    }
    with pytest.raises(ArgumentError, match="epochs is 2 and should be"):
        match_runs([made("fits")], ASKED, full)


def test_a_folder_of_runs_is_searched_and_what_does_not_fit_left_out(made):
    made("other", batch_size=7)
    found = match_runs([made("fits").parent], ASKED, SCALE)
    assert list(found.values()) == [made("fits")]


def test_a_folder_in_which_no_run_fits_is_refused(made, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(made("other", batch_size=7))
    with pytest.raises(ArgumentError, match="batch_size is 7 and should be 128"):
        match_runs([tmp_path], ASKED, SCALE)


def test_another_recipe_is_refused_with_the_difference(made):
    with pytest.raises(ArgumentError, match=r"by the lab's recipe: .*batch_size is 7 and should be 128"):
        match_runs([made("other", batch_size=7)], ASKED, SCALE)


def test_an_experiment_that_is_not_asked_for_is_refused(made):
    message = r"they need runs of: mnist-cnn\. Received: experiment='digits-perceptron'$"
    with pytest.raises(ArgumentError, match=message):
        match_runs([made("fits")], [Training("mnist-cnn")], SCALE)


def test_an_unfinished_run_is_refused(made):
    folder = made("unfinished", seed=5)
    about = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**about, "status": "interrupted"}))
    with pytest.raises(
        ArgumentError,
        match=r"is interrupted, not finished .*: continue with `pellucid resume .*`\. Received: status='int",
    ):
        match_runs([folder], ASKED, SCALE)


def test_a_folder_without_runs_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"is not a run folder: it has no run\.json"):
        match_runs([tmp_path], ASKED, SCALE)
    with pytest.raises(FileFormatError, match="is not a run folder: it does not exist"):
        match_runs([tmp_path / "nowhere"], ASKED, SCALE)


def test_a_run_that_does_not_say_what_it_trained_is_refused(made):
    folder = made("silent", seed=6)
    configuration = json.loads((folder / "configuration.json").read_text())
    del configuration["settings"]
    (folder / "configuration.json").write_text(json.dumps(configuration))
    about = json.loads((folder / "run.json").read_text())
    about["files"].pop("configuration.json")
    (folder / "run.json").write_text(json.dumps(about))
    with pytest.raises(FileFormatError, match="does not say what it trained: settings is missing"):
        match_runs([folder], ASKED, SCALE)


def test_a_run_is_refused_by_how_it_differs_from_the_nearest_training(made):
    asked = [*ASKED, Training("digits-perceptron", seed=3, scaled=True)]
    with pytest.raises(ArgumentError) as refused:
        match_runs([made("other", batch_size=7)], asked, SCALE)
    assert "batch_size is 7 and should be 128" in str(refused.value)
    assert "scaled" not in str(refused.value)
