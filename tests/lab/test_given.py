"""Run folders that are given are recognised, or refused with what is wrong."""

import dataclasses
import json

import pytest

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.experiments import find
from pellucid.lab.given import recognised
from pellucid.lab.runs import key_of, wanted
from pellucid.lab.scales import Scale, Training
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
    key = key_of(*wanted("digits-perceptron", epochs=2))
    assert recognised([made("fits")], ASKED, SCALE) == {key: made("fits")}
    full = dataclasses.replace(SCALE, epochs={"digits-perceptron": 3})
    assert recognised([made("fits")], ASKED, dataclasses.replace(SCALE, short_epochs=1)) == {
        key: made("fits")
    }
    with pytest.raises(ArgumentError, match="epochs is 2 and should be"):
        recognised([made("fits")], ASKED, full)


def test_a_folder_of_runs_is_searched_and_what_does_not_fit_left_out(made):
    made("other", batch_size=7)
    found = recognised([made("fits").parent], ASKED, SCALE)
    assert list(found.values()) == [made("fits")]


def test_a_folder_in_which_no_run_fits_is_refused(made, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(made("other", batch_size=7))
    with pytest.raises(ArgumentError, match="batch_size is 7 and should be 128"):
        recognised([tmp_path], ASKED, SCALE)


def test_another_recipe_is_refused_with_the_difference(made):
    with pytest.raises(ArgumentError, match=r"by the lab's recipe: .*batch_size is 7 and should be 128"):
        recognised([made("other", batch_size=7)], ASKED, SCALE)


def test_an_experiment_that_is_not_asked_for_is_refused(made):
    message = r"'digits-perceptron', which the questions asked for do not need\. They need: mnist-cnn"
    with pytest.raises(ArgumentError, match=message):
        recognised([made("fits")], [Training("mnist-cnn")], SCALE)


def test_an_unfinished_run_is_refused(made):
    folder = made("unfinished", seed=5)
    about = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**about, "status": "interrupted"}))
    with pytest.raises(
        ArgumentError, match=r"is interrupted, not finished\. Finish it with `pellucid resume"
    ):
        recognised([folder], ASKED, SCALE)


def test_a_folder_without_runs_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"is not a run folder: it has no run\.json"):
        recognised([tmp_path], ASKED, SCALE)
    with pytest.raises(FileFormatError, match="is not a run folder: it does not exist"):
        recognised([tmp_path / "nowhere"], ASKED, SCALE)


def test_a_run_that_does_not_say_what_it_trained_is_refused(made):
    folder = made("silent", seed=6)
    configuration = json.loads((folder / "configuration.json").read_text())
    del configuration["settings"]
    (folder / "configuration.json").write_text(json.dumps(configuration))
    about = json.loads((folder / "run.json").read_text())
    about["files"].pop("configuration.json")
    (folder / "run.json").write_text(json.dumps(about))
    with pytest.raises(FileFormatError, match="does not say what it trained: 'settings' is missing"):
        recognised([folder], ASKED, SCALE)
